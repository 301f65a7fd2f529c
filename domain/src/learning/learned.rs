use std::collections::HashMap;

use super::{Features, TopicVector};
use crate::ids::TopicId;

/// Examples without any of the words in question that are thought to be there as well, so that the
/// words of the very first one do not look common.
const UNSEEN: f32 = 20.0;

/// Everything an owner's filing has taught.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    topics: HashMap<TopicId, TopicVector>,
    /// In how many examples of all topics a place has a word.
    documents: HashMap<u16, u32>,
    examples: u32,
}

impl Learned {
    /// From the vectors of one owner's topics.
    pub fn new(topics: impl IntoIterator<Item = (TopicId, TopicVector)>) -> Self {
        let mut learned = Self {
            topics: topics.into_iter().collect(),
            ..Self::default()
        };
        for vector in learned.topics.values() {
            learned.examples += vector.examples;
            for (place, documents) in vector.documents() {
                *learned.documents.entry(place).or_default() += u32::from(documents);
            }
        }
        learned
    }

    /// How many examples of the topic there are.
    pub fn examples(&self, topic: TopicId) -> u32 {
        self.topics.get(&topic).map_or(0, |topic| topic.examples)
    }

    /// How like its examples `features` are, -1 to 1: the cosine, words weighted by how rare they are
    /// among all examples (tf-idf). `None` when nothing has been learned of the topic.
    pub fn likeness(&self, topic: TopicId, features: &Features) -> Option<f32> {
        let vector = self.topics.get(&topic)?;
        Some(vector.likeness(features, |place| self.rarity(place)))
    }

    fn rarity(&self, place: u16) -> f32 {
        let documents = self.documents.get(&place).copied().unwrap_or_default();
        ((float(self.examples) + UNSEEN) / (float(documents) + 1.0)).ln()
    }
}

/// Counts are small; beyond 65,535 they differ in nothing that matters.
fn float(count: u32) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
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
        let like = |n| learned.likeness(TopicId(Uuid::from_u128(n)), &asked);
        assert!(like(2) > like(1));
        assert_eq!(like(3), None);
        assert_eq!(learned.examples(TopicId(Uuid::from_u128(1))), 1);
    }
}
