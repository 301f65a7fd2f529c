//! Topics that the owner made: recognised by the words of their names and descriptions.

use std::collections::HashMap;

use docuvault_domain::ports::KnownTopic;

use super::Regions;
use crate::builtin::confidence::confidence;
use docuvault_domain::text::fold;

/// Evidence that makes a topic 63 % sure.
const SCALE: f32 = 6.0;
/// All words of the name on top of the document.
const NAME_ON_TOP: f32 = 8.0;
/// All words of the name somewhere.
const NAME_IN_BODY: f32 = 1.0;
/// Each time the name is said again, for as many times.
const REPETITION_WEIGHT: f32 = 1.0;
const MAX_REPETITIONS: u8 = 4;
/// Each word of the description that is there, for as many words.
const DESCRIPTION_WEIGHT: f32 = 1.5;
const MAX_DESCRIPTION_WORDS: u8 = 3;

/// Words that are in every text.
const STOPWORDS: &[&str] = &[
    "about",
    "all",
    "alle",
    "alles",
    "and",
    "andere",
    "are",
    "auch",
    "auf",
    "aus",
    "bei",
    "das",
    "dem",
    "den",
    "der",
    "des",
    "die",
    "documents",
    "dokumente",
    "ein",
    "eine",
    "everything",
    "for",
    "from",
    "fuer",
    "hier",
    "ich",
    "ist",
    "kommt",
    "mein",
    "meine",
    "unser",
    "meinem",
    "meiner",
    "mit",
    "nicht",
    "not",
    "oder",
    "other",
    "our",
    "sind",
    "sonstige",
    "sonstiges",
    "that",
    "the",
    "this",
    "und",
    "uns",
    "unsere",
    "vom",
    "von",
    "was",
    "wie",
    "with",
    "you",
    "your",
    "zum",
    "zur",
];

#[derive(Clone, Copy, Default)]
struct Count {
    on_top: bool,
    times: u8,
}

/// The words of a document.
pub(super) struct WordCounts<'a>(HashMap<&'a str, Count>);

impl<'a> WordCounts<'a> {
    pub(super) fn of(regions: &'a Regions) -> Self {
        let mut counts: HashMap<&str, Count> = HashMap::new();
        for (text, on_top) in [
            (&regions.name, true),
            (&regions.headings, true),
            (&regions.body, false),
        ] {
            for word in text.split_whitespace() {
                let count = counts.entry(stem(word)).or_default();
                count.on_top |= on_top;
                count.times = count.times.saturating_add(1);
            }
        }
        Self(counts)
    }

    /// How sure it is that the document belongs to the topic: 0 unless all words of the topic's name
    /// are there.
    pub(super) fn confidence(&self, topic: &KnownTopic) -> f32 {
        let name = fold(&topic.name);
        let named: Option<Vec<Count>> = significant_words(&name)
            .map(|w| self.0.get(w).copied())
            .collect();
        let Some(named) = named.filter(|words| !words.is_empty()) else {
            return 0.0;
        };
        let base = if named.iter().all(|count| count.on_top) {
            NAME_ON_TOP
        } else {
            NAME_IN_BODY
        };
        let times = named.iter().map(|count| count.times).min().unwrap_or(1);
        let repetitions = f32::from((times - 1).min(MAX_REPETITIONS));

        let description = fold(&topic.description);
        let mut described: Vec<&str> = significant_words(&description)
            .filter(|word| {
                self.0.contains_key(word) && significant_words(&name).all(|named| named != *word)
            })
            .collect();
        described.sort_unstable();
        described.dedup();
        let described = u8::try_from(described.len())
            .map_or(MAX_DESCRIPTION_WORDS, |n| n.min(MAX_DESCRIPTION_WORDS));

        let evidence =
            base + REPETITION_WEIGHT * repetitions + DESCRIPTION_WEIGHT * f32::from(described);
        confidence(evidence, 0.0, SCALE)
    }
}

/// The words that mean something, without their endings.
fn significant_words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split_whitespace()
        .filter(|word| word.len() > 2 && !STOPWORDS.contains(word))
        .map(stem)
}

/// The word without the endings of plurals and cases, as far as four letters remain.
fn stem(word: &str) -> &str {
    ["en", "es", "er", "e", "n", "s"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() >= 4))
        .unwrap_or(word)
}
