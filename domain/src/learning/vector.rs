use std::collections::BTreeMap;

use super::{Features, feature_index};

/// More features than this are not kept: those with the least weight go first.
const MAX_FEATURES: usize = 8_192;
/// The weight of a document that a person took away, where one that belongs has 1.
const COUNTEREXAMPLE_WEIGHT: f32 = 0.5;
/// Bytes of a feature in the stored form.
const FEATURE_BYTES: usize = 8;

/// What has been learned of one topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicVector {
    /// Documents that people filed there.
    pub examples: u32,
    features: BTreeMap<u16, FeatureWeight>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct FeatureWeight {
    /// Examples that have it.
    documents: u16,
    weight: f32,
}

impl TopicVector {
    /// A document belongs here.
    pub fn learn(&mut self, features: &Features) {
        self.examples += 1;
        self.add_scaled(features, 1.0, |documents| documents.saturating_add(1));
    }

    /// Takes back [`Self::learn`].
    pub fn unlearn(&mut self, features: &Features) {
        self.examples = self.examples.saturating_sub(1);
        self.add_scaled(features, -1.0, |documents| documents.saturating_sub(1));
    }

    /// A document does not belong here.
    pub fn learn_against(&mut self, features: &Features) {
        self.add_scaled(features, -COUNTEREXAMPLE_WEIGHT, |documents| documents);
    }

    /// Takes back [`Self::learn_against`].
    pub fn unlearn_against(&mut self, features: &Features) {
        self.add_scaled(features, COUNTEREXAMPLE_WEIGHT, |documents| documents);
    }

    /// Adds what another topic learned, when the two become one.
    pub fn merge(&mut self, other: &Self) {
        self.examples += other.examples;
        for (feature, theirs) in &other.features {
            let ours = self.features.entry(*feature).or_default();
            ours.documents = ours.documents.saturating_add(theirs.documents);
            ours.weight += theirs.weight;
        }
        self.prune();
    }

    fn add_scaled(&mut self, features: &Features, factor: f32, documents: impl Fn(u16) -> u16) {
        for (index, weight) in features.iter() {
            let feature = self.features.entry(index).or_default();
            feature.weight += factor * weight;
            feature.documents = documents(feature.documents);
        }
        self.prune();
    }

    /// Drops features without weight, and the lightest if there are too many.
    fn prune(&mut self) {
        const NEGLIGIBLE: f32 = 1e-5;
        self.features
            .retain(|_, feature| feature.documents > 0 || feature.weight.abs() > NEGLIGIBLE);
        if self.features.len() > MAX_FEATURES {
            let weights = self
                .features
                .iter()
                .map(|(index, feature)| (feature.weight.abs(), *index));
            let mut weights: Vec<(f32, u16)> = weights.collect();
            let excess = weights.len() - MAX_FEATURES;
            weights.select_nth_unstable_by(excess, |a, b| a.0.total_cmp(&b.0));
            for (_, feature) in &weights[..excess] {
                self.features.remove(feature);
            }
        }
    }

    /// How many of the examples have each feature.
    pub(super) fn documents(&self) -> impl Iterator<Item = (u16, u16)> + '_ {
        self.features
            .iter()
            .map(|(index, feature)| (*index, feature.documents))
    }

    /// Its length over n-grams, weighted by `idf`.
    pub(super) fn length(&self, idf: impl Fn(u16) -> f32) -> f32 {
        let ngrams = self.features.range(..feature_index::FIRST_CONCEPT);
        let weights = ngrams.map(|(index, feature)| feature.weight * idf(*index));
        weights.map(|weight| weight * weight).sum::<f32>().sqrt()
    }

    /// The cosine of the angle to the n-grams of a document, -1 to 1, weighted by `idf`,
    /// by which this vector has `length`.
    pub(super) fn similarity(
        &self,
        length: f32,
        features: &Features,
        idf: impl Fn(u16) -> f32,
    ) -> f32 {
        let mut product = 0.0;
        let mut document_length = 0.0;
        for (index, weight) in features.ngrams() {
            let idf = idf(*index);
            let weight = weight * idf;
            document_length += weight * weight;
            if let Some(feature) = self.features.get(index) {
                product += weight * feature.weight * idf;
            }
        }
        let lengths = document_length.sqrt() * length;
        if lengths > 0.0 {
            product / lengths
        } else {
            0.0
        }
    }

    /// The concepts that its documents speak of.
    pub(super) fn concepts(&self) -> impl Iterator<Item = (u16, f32)> + '_ {
        let concepts = self.features.range(feature_index::FIRST_CONCEPT..);
        concepts.map(|(index, feature)| (*index, feature.weight))
    }

    /// For the database: each feature as index, documents and weight, little end first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.features.len() * FEATURE_BYTES);
        for (index, feature) in &self.features {
            bytes.extend(index.to_le_bytes());
            bytes.extend(feature.documents.to_le_bytes());
            bytes.extend(feature.weight.to_le_bytes());
        }
        bytes
    }

    /// From the database. `None` when that is no vector.
    pub fn from_bytes(examples: u32, bytes: &[u8]) -> Option<Self> {
        let (features, []) = bytes.as_chunks::<FEATURE_BYTES>() else {
            return None;
        };
        let feature = |bytes: &[u8; FEATURE_BYTES]| {
            let [n0, n1, d0, d1, weight @ ..] = *bytes;
            let feature = FeatureWeight {
                documents: u16::from_le_bytes([d0, d1]),
                weight: f32::from_le_bytes(weight),
            };
            feature
                .weight
                .is_finite()
                .then_some((u16::from_le_bytes([n0, n1]), feature))
        };
        Some(Self {
            examples,
            features: features.iter().map(feature).collect::<Option<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(text: &str) -> Features {
        Features::of(&[text.to_owned()], "")
    }

    #[test]
    fn what_is_taken_back_leaves_nothing() {
        let (letter, bill) = (features("dear friend"), features("amount due"));
        let mut vector = TopicVector::default();
        vector.learn(&letter);
        let once = vector.clone();
        vector.learn(&bill);
        vector.unlearn(&bill);
        assert_eq!(vector, once);
        vector.learn_against(&bill);
        vector.unlearn_against(&bill);
        vector.unlearn(&letter);
        assert_eq!(vector, TopicVector::default());
    }

    #[test]
    fn likeness_grows_with_examples_and_shrinks_with_counterexamples() {
        let mut vector = TopicVector::default();
        let asked = features("choir rehearsal on monday");
        let like =
            |vector: &TopicVector| vector.similarity(vector.length(|_| 1.0), &asked, |_| 1.0);
        assert!(like(&vector).abs() < 1e-6);
        vector.learn(&features("choir concert"));
        let once = like(&vector);
        assert!(once > 0.1);
        vector.learn(&features("rehearsal monday"));
        let twice = like(&vector);
        assert!(twice > once);
        vector.learn_against(&asked);
        assert!(like(&vector) < twice);
    }

    #[test]
    fn vectors_survive_the_database_and_stay_bounded() {
        let mut vector = TopicVector::default();
        for n in 0..60 {
            let word = |m: u32| {
                let letter = |d: u32| char::from_u32(97 + d % 26).unwrap_or('a');
                let code = n * 300 + m;
                let word = [letter(code), letter(code / 26), letter(code / 676), 'x'];
                word.iter().collect::<String>()
            };
            let words: Vec<String> = (0..300).map(word).collect();
            vector.learn(&features(&words.join(" ")));
        }
        let bytes = vector.to_bytes();
        assert!(bytes.len() <= (MAX_FEATURES + 1) * FEATURE_BYTES);
        assert!(TopicVector::from_bytes(60, &bytes) == Some(vector));
        assert_eq!(TopicVector::from_bytes(1, &bytes[1..]), None);
    }
}
