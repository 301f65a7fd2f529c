//! Which topics a document belongs to.

mod learned;
mod own;
mod samples;
mod starters;
mod vocabulary;

use docuvault_domain::ports::{ClassifyRequest, Guess, KnownTopic, TopicGuess};

use self::learned::confidences;
use super::confidence::{CEILING, FLOOR};
use super::excerpt::Excerpt;
use super::fold::fold;

pub(super) use self::starters::names_a_document;

/// More topics than this are noise.
const MAX_TOPICS: usize = 3;

/// The parts of a document, folded, the most telling first.
pub(super) struct Regions {
    /// The file's name and the title in its properties.
    name: String,
    /// Lines on top that stand for themselves.
    headings: String,
    /// Everything else.
    body: String,
}

impl Regions {
    fn of(excerpt: &Excerpt, request: &ClassifyRequest<'_>) -> Self {
        /// Names are short; what is longer is an attack.
        const NAME_CHARS: usize = 500;
        let title = request.properties.title.as_deref().unwrap_or_default();
        let name: String = request
            .filename
            .chars()
            .take(NAME_CHARS)
            .chain(['\n'])
            .chain(title.chars().take(NAME_CHARS))
            .collect();
        let (headings, body) = excerpt.headings_and_body();
        Self {
            name: fold(&name),
            headings: fold(&headings),
            body: fold(&body),
        }
    }
}

/// The topics of the request's list that the document belongs to, surest first. Starter topics are
/// known by their vocabulary, whatever they are called now; others by the words of their names; all
/// by what is like their examples.
pub(super) fn choose(excerpt: &Excerpt, request: &ClassifyRequest<'_>) -> Vec<TopicGuess> {
    let regions = Regions::of(excerpt, request);
    let starters = starters::confidences(&regions);
    let own = own::Words::of(&regions);
    let by_rule = |topic: &KnownTopic| match &topic.starter {
        Some(key) => starters.get(key.as_str()).copied().unwrap_or_default(),
        None => own.confidence(topic),
    };
    let rules: Vec<f32> = request.topics.iter().map(by_rule).collect();
    let mut guesses: Vec<TopicGuess> = request
        .topics
        .iter()
        .zip(confidences(request, &rules))
        .map(|(topic, confidence)| Guess {
            value: topic.id,
            confidence: confidence.min(CEILING),
            because: None,
        })
        .filter(|guess| guess.confidence >= FLOOR)
        .collect();
    guesses.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    guesses.truncate(MAX_TOPICS);
    guesses
}
