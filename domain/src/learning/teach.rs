use super::Features;
use crate::documents::{Document, Source, TopicState};
use crate::fault::PortError;
use crate::ports::{Lesson, Repos, Teaching};

/// Brings the vectors of topics in line with what a person has decided about `document`: each
/// decision counts once, and a changed one is taken back first. Does nothing before the document has
/// been read; the worker teaches then. The document must be locked in this unit of work.
pub async fn teach(repos: &dyn Repos, document: &Document) -> Result<(), PortError> {
    make_taught(repos, document, wanted).await
}

/// Takes back all that `document` has taught, while its text is still the one that taught it.
pub async fn unteach(repos: &dyn Repos, document: &Document) -> Result<(), PortError> {
    make_taught(repos, document, |_| None).await
}

async fn make_taught(
    repos: &dyn Repos,
    document: &Document,
    wanted: fn(&Lesson) -> Option<Teaching>,
) -> Result<(), PortError> {
    let learning = repos.learning();
    let mut lessons = learning.lessons(document.id).await?;
    lessons.retain(|lesson| lesson.taught != wanted(lesson));
    if lessons.is_empty() {
        return Ok(());
    }
    let text = learning.sample(document.id).await?;
    let features = Features::of(&text, &document.filename);
    if text.is_empty() || features.is_empty() {
        return Ok(());
    }
    // Vectors are locked in one order everywhere.
    lessons.sort_unstable_by_key(|lesson| lesson.topic);
    for lesson in lessons {
        let mut vector = learning.lock(document.owner, lesson.topic).await?;
        match lesson.taught {
            Some(Teaching::For) => vector.unlearn(&features),
            Some(Teaching::Against) => vector.unlearn_against(&features),
            None => {}
        }
        match wanted(&lesson) {
            Some(Teaching::For) => vector.learn(&features),
            Some(Teaching::Against) => vector.learn_against(&features),
            None => {}
        }
        learning.put(lesson.topic, &vector).await?;
        learning
            .set_taught(document.id, lesson.topic, wanted(&lesson))
            .await?;
    }
    Ok(())
}

/// Only people teach: rules that learned from themselves would only grow surer.
fn wanted(lesson: &Lesson) -> Option<Teaching> {
    match (lesson.source, lesson.state) {
        (Source::User, TopicState::Applied) => Some(Teaching::For),
        (Source::User, TopicState::Rejected) => Some(Teaching::Against),
        _ => None,
    }
}
