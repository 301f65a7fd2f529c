//! How much speaks for each of the starter topics.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Regions;
use super::vocabulary::{NEUTRAL, STARTERS};
use crate::builtin::confidence::confidence;
use crate::builtin::fold::fold;
use crate::builtin::lexicon::{Lexicon, pattern};

/// Topics by their place in [`STARTERS`], with the weight a word has for them.
type Weights = Vec<(usize, f32)>;

static LEXICON: LazyLock<Lexicon<Weights>> = LazyLock::new(|| {
    let mut meanings: HashMap<String, Weights> =
        patterns(NEUTRAL).map(|pattern| (pattern, vec![])).collect();
    for (topic, (_, vocabulary)) in STARTERS.iter().enumerate() {
        for (weight, listed) in *vocabulary {
            for pattern in patterns(listed) {
                meanings.entry(pattern).or_default().push((topic, *weight));
            }
        }
    }
    // `Arbeitszeugnis` under one topic must not hide `Arbeitszeugnis*` under another.
    let widened: Vec<(String, Weights)> = meanings
        .iter()
        .filter(|(pattern, _)| !pattern.ends_with(' '))
        .map(|(pattern, weights)| (format!("{pattern} "), weights.clone()))
        .collect();
    for (exact, weights) in widened {
        if let Some(known) = meanings.get_mut(&exact) {
            known.extend(weights);
        }
    }
    Lexicon::new(meanings)
});

fn patterns(listed: &str) -> impl Iterator<Item = String> {
    listed.split(',').map(|entry| pattern(entry.trim()))
}

/// A word in the file's name or in a heading weighs more than one in the body.
const NAME_EMPHASIS: f32 = 2.0;
const HEADING_EMPHASIS: f32 = 1.8;
const BODY_EMPHASIS: f32 = 1.0;
/// What saying a word again adds, for as many times.
const REPETITION: f32 = 0.2;
const MAX_REPETITIONS: u8 = 4;

/// Evidence that makes a short document's topic 63 % sure.
const SCALE: f32 = 7.0;
/// Texts longer than this say more words of every topic by chance: the scale grows with them.
const USUAL_BYTES: f32 = 2_500.0;
const GROWTH: f32 = 0.45;

/// What a document is, is said on its top: without that, at most this.
const NOT_ON_TOP: f32 = 0.75;
/// Weight from which a word names a kind of document.
const NAMING: f32 = 4.0;
/// Correspondence that belongs nowhere else.
const LETTER: &str = "letter";

/// How often and where a word was found.
#[derive(Clone, Copy, Default)]
struct Occurrence {
    emphasis: f32,
    repetitions: u8,
}

/// What speaks for a topic.
#[derive(Clone, Copy, Default)]
struct Evidence {
    total: f32,
    on_top: bool,
    words: u8,
    named: bool,
}

/// The confidence of each starter topic by key. All of them compete, whichever the owner kept: a
/// document of a kind that the owner does not file is not of the next best kind.
pub(super) fn confidences(regions: &Regions) -> HashMap<&'static str, f32> {
    let evidence = weigh(regions);
    let scale = SCALE * (1.0 + GROWTH * (length(&regions.body) / USUAL_BYTES).max(1.0).ln());
    let best_of = |skip: usize| {
        let others = evidence.iter().zip(STARTERS).enumerate();
        others
            .filter(|(topic, (_, (key, _)))| *topic != skip && *key != LETTER)
            .map(|(_, (evidence, _))| evidence.total)
            .fold(0.0, f32::max)
    };
    let sure = |topic: usize, key: &str| {
        let Evidence {
            total,
            on_top,
            words,
            named,
        } = evidence[topic];
        if words < 2 && !named {
            return 0.0;
        }
        let rival = best_of(topic);
        if key == LETTER {
            // Every kind of document comes as a letter: what is of another kind is none.
            return confidence(total - rival, 0.0, SCALE);
        }
        let sure = confidence(total, rival, scale);
        if on_top { sure } else { sure.min(NOT_ON_TOP) }
    };
    STARTERS
        .iter()
        .enumerate()
        .map(|(topic, (key, _))| (*key, sure(topic, key)))
        .collect()
}

/// Whether the line has a word that names a kind of document, such as `Mietvertrag`.
pub(in crate::builtin) fn names_a_document(line: &str) -> bool {
    let naming = |weights: &Weights| weights.iter().any(|(_, weight)| *weight > NAMING);
    LEXICON.hits(&fold(line)).any(|hit| naming(hit.value))
}

fn weigh(regions: &Regions) -> [Evidence; STARTERS.len()] {
    let mut found: Vec<Option<Occurrence>> = vec![None; LEXICON.len()];
    for (text, emphasis) in [
        (&regions.name, NAME_EMPHASIS),
        (&regions.headings, HEADING_EMPHASIS),
        (&regions.body, BODY_EMPHASIS),
    ] {
        for hit in LEXICON.hits(text) {
            match &mut found[hit.index] {
                Some(known) => known.repetitions = (known.repetitions + 1).min(MAX_REPETITIONS),
                new => {
                    *new = Some(Occurrence {
                        emphasis,
                        repetitions: 0,
                    });
                }
            }
        }
    }
    let mut evidence = [Evidence::default(); STARTERS.len()];
    for (index, occurrence) in found.iter().enumerate() {
        let (Some(occurrence), Some(weights)) = (occurrence, LEXICON.value(index)) else {
            continue;
        };
        let factor = occurrence.emphasis + REPETITION * f32::from(occurrence.repetitions);
        for (topic, weight) in weights {
            let evidence = &mut evidence[*topic];
            evidence.total += weight * factor;
            evidence.on_top |= occurrence.emphasis > BODY_EMPHASIS && *weight > 1.0;
            evidence.words = evidence.words.saturating_add(u8::from(*weight > 0.0));
            evidence.named |= *weight > NAMING;
        }
    }
    evidence
}

/// The length of a text that is bounded by the excerpt.
fn length(text: &str) -> f32 {
    u16::try_from(text.len()).map_or(f32::from(u16::MAX), f32::from)
}
