use std::collections::BTreeMap;

use super::{Features, places};

/// More places than this are not kept: those with the least weight go first.
const MAX_PLACES: usize = 8_192;
/// What a document that a person took away counts against one that belongs.
const AGAINST: f32 = 0.5;
/// Bytes of a place in the stored form.
const PLACE_BYTES: usize = 8;

/// What has been learned of one topic.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TopicVector {
    /// Documents that people filed there.
    pub examples: u32,
    places: BTreeMap<u16, FeatureWeight>,
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
        self.shift(features, 1.0, |documents| documents.saturating_add(1));
    }

    /// Takes back [`Self::learn`].
    pub fn unlearn(&mut self, features: &Features) {
        self.examples = self.examples.saturating_sub(1);
        self.shift(features, -1.0, |documents| documents.saturating_sub(1));
    }

    /// A document does not belong here.
    pub fn learn_against(&mut self, features: &Features) {
        self.shift(features, -AGAINST, |documents| documents);
    }

    /// Takes back [`Self::learn_against`].
    pub fn unlearn_against(&mut self, features: &Features) {
        self.shift(features, AGAINST, |documents| documents);
    }

    /// Adds what another topic learned, when the two become one.
    pub fn merge(&mut self, other: &Self) {
        self.examples += other.examples;
        for (place, theirs) in &other.places {
            let ours = self.places.entry(*place).or_default();
            ours.documents = ours.documents.saturating_add(theirs.documents);
            ours.weight += theirs.weight;
        }
        self.bound();
    }

    fn shift(&mut self, features: &Features, factor: f32, documents: impl Fn(u16) -> u16) {
        for (number, weight) in features.iter() {
            let place = self.places.entry(number).or_default();
            place.weight += factor * weight;
            place.documents = documents(place.documents);
        }
        self.bound();
    }

    /// Drops what has become nothing, and the least if there is too much.
    fn bound(&mut self) {
        const NOTHING: f32 = 1e-5;
        self.places
            .retain(|_, place| place.documents > 0 || place.weight.abs() > NOTHING);
        if self.places.len() > MAX_PLACES {
            let weights = self.places.iter().map(|(n, p)| (p.weight.abs(), *n));
            let mut weights: Vec<(f32, u16)> = weights.collect();
            let excess = weights.len() - MAX_PLACES;
            weights.select_nth_unstable_by(excess, |a, b| a.0.total_cmp(&b.0));
            for (_, place) in &weights[..excess] {
                self.places.remove(place);
            }
        }
    }

    /// How many of the examples have a word at each place.
    pub(super) fn documents(&self) -> impl Iterator<Item = (u16, u16)> + '_ {
        self.places
            .iter()
            .map(|(number, place)| (*number, place.documents))
    }

    /// Its length over n-grams, weighted by `idf`.
    pub(super) fn length(&self, idf: impl Fn(u16) -> f32) -> f32 {
        let ngrams = self.places.range(..places::CONCEPTS);
        let weights = ngrams.map(|(number, place)| place.weight * idf(*number));
        weights.map(|weight| weight * weight).sum::<f32>().sqrt()
    }

    /// The cosine of the angle to the n-grams of a document, -1 to 1, weighted by `idf`,
    /// by which this vector has `length`.
    pub(super) fn likeness(
        &self,
        length: f32,
        features: &Features,
        idf: impl Fn(u16) -> f32,
    ) -> f32 {
        let mut product = 0.0;
        let mut theirs = 0.0;
        for (number, weight) in features.ngrams() {
            let idf = idf(*number);
            let weight = weight * idf;
            theirs += weight * weight;
            if let Some(place) = self.places.get(number) {
                product += weight * place.weight * idf;
            }
        }
        let lengths = theirs.sqrt() * length;
        if lengths > 0.0 {
            product / lengths
        } else {
            0.0
        }
    }

    /// The concepts that its documents speak of.
    pub(super) fn concepts(&self) -> impl Iterator<Item = (u16, f32)> + '_ {
        let concepts = self.places.range(places::CONCEPTS..);
        concepts.map(|(number, place)| (*number, place.weight))
    }

    /// For the database: each place as number, documents and weight, little end first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.places.len() * PLACE_BYTES);
        for (number, place) in &self.places {
            bytes.extend(number.to_le_bytes());
            bytes.extend(place.documents.to_le_bytes());
            bytes.extend(place.weight.to_le_bytes());
        }
        bytes
    }

    /// From the database. `None` when that is no vector.
    pub fn from_bytes(examples: u32, bytes: &[u8]) -> Option<Self> {
        let (places, []) = bytes.as_chunks::<PLACE_BYTES>() else {
            return None;
        };
        let place = |bytes: &[u8; PLACE_BYTES]| {
            let [n0, n1, d0, d1, weight @ ..] = *bytes;
            let place = FeatureWeight {
                documents: u16::from_le_bytes([d0, d1]),
                weight: f32::from_le_bytes(weight),
            };
            place
                .weight
                .is_finite()
                .then_some((u16::from_le_bytes([n0, n1]), place))
        };
        Some(Self {
            examples,
            places: places.iter().map(place).collect::<Option<_>>()?,
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
        let like = |vector: &TopicVector| vector.likeness(vector.length(|_| 1.0), &asked, |_| 1.0);
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
        assert!(bytes.len() <= (MAX_PLACES + 1) * PLACE_BYTES);
        assert!(TopicVector::from_bytes(60, &bytes) == Some(vector));
        assert_eq!(TopicVector::from_bytes(1, &bytes[1..]), None);
    }
}
