use std::collections::HashMap;

use super::{Concepts, Features, TopicVector};
use crate::ids::TopicId;

/// Examples without any of the words in question that are thought to be there as well, so that the
/// words of the very first one do not look common.
const UNSEEN: f32 = 20.0;

/// For how many examples the name of a topic stands.
const PRIOR_EXAMPLES: f32 = 3.0;

/// As many as a place has numbers.
const PLACES: usize = 1 << u16::BITS;

/// Everything an owner's filing has taught.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    /// Vectors with their lengths, which every question needs.
    topics: HashMap<TopicId, (TopicVector, f32)>,
    /// In how many examples of all topics each place has a word.
    documents: Vec<u16>,
    /// How rare a place is that so many examples have a word at.
    idfs: Vec<f32>,
}

/// How like a topic a document is, -1 to 1: cosines.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Likeness {
    /// By the concepts that it speaks of, less the fewer words it says of any.
    pub concepts: f32,
    /// By its letters, weighted by how rare they are among all examples (tf-idf), less the fewer
    /// examples there are: names, addresses, turns of phrase.
    pub ngram_similarity: f32,
}

impl Learned {
    /// From the vectors of one owner's topics.
    pub fn new(topics: impl IntoIterator<Item = (TopicId, TopicVector)>) -> Self {
        let topics: HashMap<_, _> = topics.into_iter().collect();
        let mut documents = vec![0_u16; PLACES];
        let mut examples = 0_u16;
        for vector in topics.values() {
            examples = examples.saturating_add(u16::try_from(vector.examples).unwrap_or(u16::MAX));
            for (place, more) in vector.documents() {
                let documents = &mut documents[usize::from(place)];
                *documents = documents.saturating_add(more);
            }
        }
        let most = documents.iter().copied().max().unwrap_or_default();
        let idf = |documents| ((f32::from(examples) + UNSEEN) / (f32::from(documents) + 1.0)).ln();
        let mut learned = Self {
            topics: HashMap::new(),
            idfs: (0..=most).map(idf).collect(),
            documents,
        };
        let with_length = |(topic, vector): (TopicId, TopicVector)| {
            let length = vector.length(|place| learned.idf(place));
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

    /// The concepts that a topic collects, by its examples and by what its name priors.
    pub fn concepts(&self, topic: TopicId, prior: &Concepts) -> Concepts {
        let learned = self.topics.get(&topic).into_iter();
        let learned = learned.flat_map(|(vector, _)| vector.concepts());
        prior
            .iter()
            .map(|(place, weight)| (place, PRIOR_EXAMPLES * weight))
            .chain(learned)
            .collect()
    }

    /// How like a topic a document is.
    pub fn likeness(&self, topic: TopicId, prior: &Concepts, document: &Features) -> Likeness {
        let ngrams = self.topics.get(&topic).map(|(vector, length)| {
            let examples = small(vector.examples.max(1));
            let trust = examples / (examples + 1.0);
            trust * vector.likeness(*length, document, |place| self.idf(place))
        });
        let by_concepts = document.likeness(&self.concepts(topic, prior));
        let believed = if self.examples(topic) == 0 {
            prior.length().min(1.0)
        } else {
            1.0
        };
        Likeness {
            concepts: believed * by_concepts,
            ngram_similarity: ngrams.unwrap_or_default(),
        }
    }

    fn idf(&self, place: u16) -> f32 {
        let documents = self.documents.get(usize::from(place)).copied();
        self.idfs[usize::from(documents.unwrap_or_default())]
    }
}

fn small(count: u32) -> f32 {
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
            learned.likeness(topic, &Concepts::default(), &asked)
        };
        assert!(like(2).ngram_similarity > like(1).ngram_similarity);
        assert!(like(2).concepts > like(1).concepts);
        assert_eq!(like(3), Likeness::default());
        assert_eq!(learned.examples(TopicId(Uuid::from_u128(1))), 1);
    }
}
