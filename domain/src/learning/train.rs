use super::Features;
use crate::documents::{Document, Source, TopicState};
use crate::fault::PortError;
use crate::ports::{Label, Repos, TrainingExample};

/// Brings the vectors of topics in line with what a person has decided about `document`: each
/// decision counts once, and a changed one is taken back first. Does nothing before the document has
/// been read; the worker teaches then. The document must be locked in this unit of work.
pub async fn train(repos: &dyn Repos, document: &Document) -> Result<(), PortError> {
    update_vectors(repos, document, label).await
}

/// Takes back all that `document` has taught, while its text is still the one that taught it.
pub async fn untrain(repos: &dyn Repos, document: &Document) -> Result<(), PortError> {
    update_vectors(repos, document, |_| None).await
}

async fn update_vectors(
    repos: &dyn Repos,
    document: &Document,
    label: fn(&TrainingExample) -> Option<Label>,
) -> Result<(), PortError> {
    let learning = repos.learning();
    let mut examples = learning.examples(document.id).await?;
    examples.retain(|example| example.trained != label(example));
    if examples.is_empty() {
        return Ok(());
    }
    let text = learning.sample(document.id).await?;
    let features = Features::of(&text, &document.filename);
    if text.is_empty() || features.is_empty() {
        return Ok(());
    }
    // Vectors are locked in one order everywhere.
    examples.sort_unstable_by_key(|example| example.topic);
    for example in examples {
        let mut vector = learning.lock(document.owner, example.topic).await?;
        match example.trained {
            Some(Label::Positive) => vector.unlearn(&features),
            Some(Label::Negative) => vector.unlearn_against(&features),
            None => {}
        }
        match label(&example) {
            Some(Label::Positive) => vector.learn(&features),
            Some(Label::Negative) => vector.learn_against(&features),
            None => {}
        }
        learning.put(example.topic, &vector).await?;
        learning
            .set_trained(document.id, example.topic, label(&example))
            .await?;
    }
    Ok(())
}

/// Only people teach: rules that learned from themselves would only grow surer.
fn label(example: &TrainingExample) -> Option<Label> {
    match (example.source, example.state) {
        (Source::User, TopicState::Applied) => Some(Label::Positive),
        (Source::User, TopicState::Rejected) => Some(Label::Negative),
        _ => None,
    }
}
