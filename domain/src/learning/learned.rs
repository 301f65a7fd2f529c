use std::collections::HashMap;

use super::{Concepts, Features, TopicVector};
use crate::ids::TopicId;

/// Examples without any of the words in question that are thought to be there as well, so that the
/// words of the very first one do not look common.
const SMOOTHING_EXAMPLES: f32 = 20.0;

/// For how many examples the name of a topic stands.
const PRIOR_EXAMPLES: f32 = 3.0;

/// As many as there are feature indices.
const FEATURES: usize = 1 << u16::BITS;

/// Everything an owner's filing has taught.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    /// Vectors with their lengths, which every question needs.
    topics: HashMap<TopicId, (TopicVector, f32)>,
    /// In how many examples of all topics each feature occurs.
    documents: Vec<u16>,
    /// The inverse document frequency of a feature that occurs in so many examples.
    idfs: Vec<f32>,
}

/// How similar a document is to a topic, -1 to 1: cosines.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Similarity {
    /// By its concepts, less the fewer words it has for any.
    pub concepts: f32,
    /// By its n-grams, weighted by how rare they are among all examples (tf-idf), less the fewer
    /// examples there are: names, addresses, turns of phrase.
    pub ngram_similarity: f32,
}

impl Learned {
    /// From the vectors of one owner's topics.
    pub fn new(topics: impl IntoIterator<Item = (TopicId, TopicVector)>) -> Self {
        let topics: HashMap<_, _> = topics.into_iter().collect();
        let mut documents = vec![0_u16; FEATURES];
        let mut examples = 0_u16;
        for vector in topics.values() {
            examples = examples.saturating_add(u16::try_from(vector.examples).unwrap_or(u16::MAX));
            for (index, count) in vector.documents() {
                let documents = &mut documents[usize::from(index)];
                *documents = documents.saturating_add(count);
            }
        }
        let most = documents.iter().copied().max().unwrap_or_default();
        let idf = |documents| {
            ((f32::from(examples) + SMOOTHING_EXAMPLES) / (f32::from(documents) + 1.0)).ln()
        };
        let mut learned = Self {
            topics: HashMap::new(),
            idfs: (0..=most).map(idf).collect(),
            documents,
        };
        let with_length = |(topic, vector): (TopicId, TopicVector)| {
            let length = vector.length(|index| learned.idf(index));
            (topic, (vector, length))
        };
        let topics = topics.into_iter().map(with_length).collect();
        learned.topics = topics;
        learned
    }

    /// How many examples of the topic there are.
    pub fn examples(&self, topic: TopicId) -> u32 {
        self.topics
            .get(&topic)
            .map_or(0, |(vector, _)| vector.examples)
    }

    /// The concepts that a topic collects, by its examples and by the prior of its name.
    pub fn concepts(&self, topic: TopicId, prior: &Concepts) -> Concepts {
        let learned = self.topics.get(&topic).into_iter();
        let learned = learned.flat_map(|(vector, _)| vector.concepts());
        prior
            .iter()
            .map(|(index, weight)| (index, PRIOR_EXAMPLES * weight))
            .chain(learned)
            .collect()
    }

    /// How similar a document is to a topic.
    pub fn similarity(&self, topic: TopicId, prior: &Concepts, document: &Features) -> Similarity {
        let ngrams = self.topics.get(&topic).map(|(vector, length)| {
            let examples = to_f32(vector.examples.max(1));
            let trust = examples / (examples + 1.0);
            trust * vector.similarity(*length, document, |index| self.idf(index))
        });
        let by_concepts = document.similarity(&self.concepts(topic, prior));
        let trust_in_name = if self.examples(topic) == 0 {
            prior.length().min(1.0)
        } else {
            1.0
        };
        Similarity {
            concepts: trust_in_name * by_concepts,
            ngram_similarity: ngrams.unwrap_or_default(),
        }
    }

    fn idf(&self, index: u16) -> f32 {
        let documents = self.documents.get(usize::from(index)).copied();
        self.idfs[usize::from(documents.unwrap_or_default())]
    }
}

fn to_f32(count: u32) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn rare_words_tell_topics_apart() {
        let features = |text: &str| Features::of(&[text.to_owned()], "");
        let topic = |n: u128, text: &str| {
            let mut vector = TopicVector::default();
            vector.learn(&features(text));
            (TopicId(Uuid::from_u128(n)), vector)
        };
        let learned = Learned::new([
            topic(1, "dear member choir concert"),
            topic(2, "dear member solar inverter"),
        ]);
        let asked = features("dear member inverter fault");
        let like = |n| {
            let topic = TopicId(Uuid::from_u128(n));
            learned.similarity(topic, &Concepts::default(), &asked)
        };
        assert!(like(2).ngram_similarity > like(1).ngram_similarity);
        assert!(like(2).concepts > like(1).concepts);
        assert_eq!(like(3), Similarity::default());
        assert_eq!(learned.examples(TopicId(Uuid::from_u128(1))), 1);
    }
}
