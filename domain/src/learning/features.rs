use std::collections::HashMap;

use super::concepts::Concepts;
use super::feature_index;

/// Characters of a text that are looked at: what a document is about is said early.
const TEXT_CHARS: usize = 8_000;
/// Characters at its start that count twice: letterhead and subject.
const TOP_CHARS: usize = 500;
/// Characters of a file name that are looked at.
const NAME_CHARS: usize = 200;
/// Shorter words say little.
const MIN_WORD: usize = 3;
/// Longer ones are no words.
const MAX_WORD: usize = 40;
/// Character n-grams of these lengths are what is counted, a word's start and end among them: compounds,
/// endings and slips of the pen still have most of them in common.
const NGRAM_LENGTHS: [usize; 2] = [4, 5];

/// Words that are in every text, English and German.
const STOPWORDS: [&str; 91] = [
    "aber", "alle", "als", "also", "and", "any", "are", "auch", "auf", "aus", "bei", "been", "bis",
    "bitte", "but", "can", "das", "dass", "dem", "den", "der", "des", "die", "diese", "dieser",
    "durch", "ein", "eine", "einem", "einen", "einer", "eines", "for", "from", "für", "fuer",
    "haben", "had", "has", "hat", "have", "ich", "ihr", "ihre", "ihren", "ihrer", "ihnen", "ist",
    "kann", "may", "mein", "meine", "my", "mit", "nach", "nicht", "noch", "not", "nur", "oder",
    "our", "per", "please", "sein", "sich", "sie", "sind", "that", "the", "their", "there", "they",
    "this", "und", "uns", "unser", "unsere", "vom", "von", "was", "were", "werden", "wie", "will",
    "wir", "wird", "with", "you", "your", "zum", "zur",
];

/// What a document says of concepts is believed to the half when it is so much.
const HALF_CONCEPT_MASS: f32 = 3.5;

/// A document as weights of features: its n-grams, heaviest use flattened by the
/// logarithm, and the concepts it speaks of. Either part has length one. Sorted by index.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features {
    weights: Vec<(u16, f32)>,
    concept_mass: f32,
}

impl Features {
    /// Of a text, page by page, and its file's name.
    pub fn of(pages: &[String], filename: &str) -> Self {
        let name = stem(filename);
        let text = first_chars(pages);
        let mut counts = HashMap::new();
        count(name.chars(), &mut counts);
        count(text.chars().take(TOP_CHARS), &mut counts);
        count(text.chars(), &mut counts);
        let mut weights: Vec<(u16, f32)> = counts
            .into_iter()
            .map(|(index, count)| (index, (1.0 + count).ln()))
            .collect();
        weights.sort_unstable_by_key(|(index, _)| *index);
        let length = weights.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
        for (_, weight) in &mut weights {
            *weight /= length;
        }
        let concepts = Concepts::of(&text, &name);
        let concept_mass = concepts.length();
        weights.extend(concepts.normalized().iter());
        Self {
            weights,
            concept_mass,
        }
    }

    /// Whether there is nothing to go by.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// Indices and weights, by index.
    pub fn iter(&self) -> impl Iterator<Item = (u16, f32)> + '_ {
        self.weights.iter().copied()
    }

    pub(super) fn ngrams(&self) -> &[(u16, f32)] {
        &self.weights[..self.first_concept()]
    }

    /// How much it speaks of these concepts, -1 to 1: the cosine, less the fewer words it says of
    /// any, which may be there by chance.
    pub fn similarity(&self, concepts: &Concepts) -> f32 {
        let own: Concepts = self.weights[self.first_concept()..]
            .iter()
            .copied()
            .collect();
        let (concept_mass, half) = (
            self.concept_mass * self.concept_mass,
            HALF_CONCEPT_MASS * HALF_CONCEPT_MASS,
        );
        own.cosine(concepts) * concept_mass / (concept_mass + half)
    }

    fn first_concept(&self) -> usize {
        self.weights
            .partition_point(|(index, _)| *index < feature_index::FIRST_CONCEPT)
    }
}

/// The words of a document that speak of `concepts`, as they are listed there, most significant first.
pub fn rationale_words(
    concepts: &Concepts,
    pages: &[String],
    filename: &str,
    limit: usize,
) -> Vec<&'static str> {
    concepts.words_found_in(&first_chars(pages), &stem(filename), limit)
}

/// The part of a text that is looked at.
fn first_chars(pages: &[String]) -> String {
    let text = pages.iter().flat_map(|page| page.chars().chain(['\n']));
    text.take(TEXT_CHARS).collect()
}

/// The part of a file's name that is looked at.
fn stem(filename: &str) -> String {
    let name: String = filename.chars().take(NAME_CHARS).collect();
    match name.rsplit_once('.') {
        Some((stem, _)) => stem.to_owned(),
        None => name,
    }
}

fn count(chars: impl Iterator<Item = char>, counts: &mut HashMap<u16, f32>) {
    let mut word: Vec<char> = Vec::new();
    let mut finish = |word: &mut Vec<char>| {
        let is_counted = (MIN_WORD..=MAX_WORD).contains(&word.len())
            && !is_stopword(&word.iter().collect::<String>());
        if is_counted {
            word.insert(0, ' ');
            word.push(' ');
            for ngram in NGRAM_LENGTHS
                .iter()
                .flat_map(|length| word.windows(*length))
            {
                *counts.entry(feature_index::of_ngram(ngram)).or_default() += 1.0;
            }
        }
        word.clear();
    };
    let mut previous = None;
    for c in chars {
        if is_ideograph(c) {
            // Scripts without spaces: two neighbours make a word.
            finish(&mut word);
            if let Some(previous) = previous.replace(c) {
                word.extend([previous, c, '.']);
                finish(&mut word);
            }
            continue;
        }
        previous = None;
        if c.is_alphabetic() {
            if word.len() <= MAX_WORD {
                word.extend(c.to_lowercase());
            }
        } else if !is_combining(c) {
            finish(&mut word);
        }
    }
    finish(&mut word);
}

/// Whether the word, in lower case, is in every text.
pub(super) fn is_stopword(word: &str) -> bool {
    STOPWORDS.contains(&word)
}

const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}')
}

const fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Features {
        Features::of(&[text.to_owned()], "")
    }

    #[test]
    fn words_count_and_numbers_and_small_words_do_not() {
        assert_eq!(of("Pfarrgemeinde"), of("pfarrgemeinde 12, und 34"));
        assert_ne!(of("Pfarrgemeinde"), of("Pfarrhaus"));
        assert!(of("12.04.2026 und der 7").is_empty());
        assert_eq!(of("Gru\u{308}sse"), of("Grusse"));
        assert!(!of("請求書").is_empty());
        assert_ne!(of("請求書"), of("領収書"));
    }

    #[test]
    fn the_length_is_one() {
        let length: f32 = of("one two three four four")
            .iter()
            .map(|(_, w)| w * w)
            .sum();
        assert!((length - 1.0).abs() < 1e-5);
    }

    #[test]
    fn the_name_helps_and_its_ending_does_not() {
        let named = Features::of(&[], "Stromrechnung.pdf");
        assert_eq!(named, Features::of(&[], "Stromrechnung.txt"));
        assert!(!named.is_empty());
    }
}
