//! Which topics a document belongs to: by the prior concepts of the topic's name, by what was
//! filed there before, and by the name itself where it means nothing known.

mod custom_topics;
mod starters;

use docuvault_domain::learning::{Concepts, Features, Similarity, rationale_words};
use docuvault_domain::ports::{ClassifyRequest, KnownTopic, Prediction, TopicPrediction};
use docuvault_domain::text::fold;

use super::confidence::MAX_CONFIDENCE;
use super::excerpt::Excerpt;

/// Predictions below this are not worth a person's look. They share what is sure: three at most are above.
const MIN_CONFIDENCE: f32 = 0.3;
/// How many words a rationale has at most.
const MAX_WORDS: usize = 4;

/// The weights of a multinomial logistic regression over topics and "none of them", fitted on
/// `eval/distinct_senders/train`, `eval/household/train` and `tests/fixtures`: without examples, with one,
/// three and five, with topics taken away so that their documents belong nowhere, and with names
/// that say nothing.
const CONCEPT_WEIGHT: f32 = 19.2;
const NGRAM_WEIGHT: f32 = 6.0;
const NO_TOPIC_EVIDENCE: f32 = 3.8;
/// Of a name without known concepts that occurs in the document: not fitted.
const NAME_WEIGHT: f32 = 7.0;

/// Topics whose concepts are so similar are not rivals.
const SAME_KIND_COSINE: f32 = 0.3;

/// The parts of a document, folded, the most significant first.
struct Regions {
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

/// The topics of the request's list that the document belongs to, surest first.
pub(super) fn choose(excerpt: &Excerpt, request: &ClassifyRequest<'_>) -> Vec<TopicPrediction> {
    let features = Features::of(request.pages, request.filename);
    let regions = Regions::of(excerpt, request);
    let words = custom_topics::WordCounts::of(&regions);
    let priors: Vec<Concepts> = request.topics.iter().map(prior).collect();
    let profile =
        |(topic, prior): (&KnownTopic, &Concepts)| request.learned.concepts(topic.id, prior);
    let profiles: Vec<Concepts> = request.topics.iter().zip(&priors).map(profile).collect();
    let evidence = |(topic, prior): (&KnownTopic, &Concepts)| {
        let Similarity {
            concepts,
            ngram_similarity,
        } = request.learned.similarity(topic.id, prior, &features);
        let named = match topic.starter {
            Some(_) => 0.0,
            None => words.confidence(topic),
        };
        CONCEPT_WEIGHT * concepts + NGRAM_WEIGHT * ngram_similarity + NAME_WEIGHT * named
    };
    let evidence: Vec<f32> = request.topics.iter().zip(&priors).map(evidence).collect();

    // A document of a kind that the owner does not file is not of the next best kind.
    let foreign = |kind: &&Concepts| {
        profiles
            .iter()
            .all(|profile| profile.cosine(kind) < SAME_KIND_COSINE)
    };
    let rivals = starters::priors().values().filter(foreign);
    let rivals = rivals.map(|kind| CONCEPT_WEIGHT * features.similarity(kind));
    let scores: Vec<f32> = rivals
        .chain([NO_TOPIC_EVIDENCE])
        .chain(evidence.iter().copied())
        .collect();
    let max_score = scores.iter().copied().fold(NO_TOPIC_EVIDENCE, f32::max);
    let sum: f32 = scores
        .iter()
        .map(|evidence| (evidence - max_score).exp())
        .sum();

    let confidences = evidence
        .iter()
        .map(|evidence| (evidence - max_score).exp() / sum);
    let mut predictions: Vec<_> = confidences
        .enumerate()
        .filter(|(_, confidence)| *confidence >= MIN_CONFIDENCE)
        .collect();
    predictions.sort_by(|a, b| b.1.total_cmp(&a.1));
    let prediction = |(index, confidence): (usize, f32)| {
        let topic = &request.topics[index];
        Prediction {
            value: topic.id,
            confidence: confidence.min(MAX_CONFIDENCE),
            rationale: rationale(&profiles[index], request),
        }
    };
    predictions.into_iter().map(prediction).collect()
}

/// What a topic is for by its name, as far as that is known.
fn prior(topic: &KnownTopic) -> Concepts {
    let starter = topic.starter.as_deref();
    match starter.and_then(|key| starters::priors().get(key)) {
        Some(prior) => prior.clone(),
        None => Concepts::of_topic(&topic.name, &topic.description),
    }
}

/// The words of the document that count most for a topic.
fn rationale(profile: &Concepts, request: &ClassifyRequest<'_>) -> Option<String> {
    let words = rationale_words(profile, request.pages, request.filename, MAX_WORDS);
    (!words.is_empty()).then(|| words.join(", "))
}
