//! What documents are about: some ninety concepts, from `bank_account` to `recipe`, each known by its
//! words, English and German. They say what two documents of one kind have in common that were
//! written by different senders, in different words, in different languages: a few examples of a
//! topic are enough to know which concepts it collects.
//!
//! The words stand beside this file. A block begins with `# ` and the concept's key; its lines are
//! * `names:` what people call a topic that collects this;
//! * `sure:` words and phrases that by themselves nearly always mean it;
//! * `hint:` those that are typical of it, but said elsewhere too.
//!
//! Entries are [patterns](crate::text::pattern), separated by commas. A word may stand under several
//! concepts. Keys must stay as they are: the feature indices of stored vectors are made from them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::text::{Lexicon, fold, pattern};

use super::feature_index;
use super::features::is_stopword;

const FILES: [&str; 3] = [
    include_str!("money_and_work.txt"),
    include_str!("home_and_law.txt"),
    include_str!("health_and_life.txt"),
];

const SURE_WEIGHT: f32 = 2.0;
const HINT_WEIGHT: f32 = 1.0;
/// What repeating a word adds, for as many times.
const REPETITION_WEIGHT: f32 = 0.25;
const MAX_REPETITIONS: u8 = 4;
/// What standing in the file's name adds, and among the first characters of the text.
const FILENAME_WEIGHT: f32 = 1.0;
const TOP_WEIGHT: f32 = 0.5;
const TOP_CHARS: usize = 300;
/// A description says less of a topic than its name does.
const DESCRIPTION_WEIGHT: f32 = 0.5;

/// A word or phrase.
struct Word {
    /// As it is listed, without stars.
    entry: &'static str,
    /// Feature indices of its concepts, each with its weight. The weight of a word is
    /// shared between its concepts, by the square root of their number.
    weights: Vec<(u16, f32)>,
}

struct Concept {
    key: &'static str,
    names: Vec<&'static str>,
    words: Vec<(&'static str, f32)>,
}

impl Concept {
    fn feature(&self) -> u16 {
        feature_index::of_concept(self.key)
    }
}

static CONCEPTS: LazyLock<Vec<Concept>> = LazyLock::new(|| {
    let blocks = FILES.iter().flat_map(|file| file.split("# ").skip(1));
    blocks.map(parse).collect()
});

static WORDS: LazyLock<Lexicon<Word>> = LazyLock::new(|| {
    let mut words: BTreeMap<String, Word> = BTreeMap::new();
    for concept in CONCEPTS.iter() {
        for &(entry, weight) in &concept.words {
            let word = words.entry(pattern(entry)).or_insert_with(|| Word {
                entry: entry.trim_matches('*'),
                weights: Vec::new(),
            });
            word.weights.push((concept.feature(), weight));
        }
    }
    merge_open_patterns(&mut words);
    for word in words.values_mut() {
        let share = to_f32(word.weights.len()).sqrt();
        word.weights
            .iter_mut()
            .for_each(|(_, weight)| *weight /= share);
    }
    Lexicon::new(words)
});

static NAMES: LazyLock<Lexicon<Vec<u16>>> = LazyLock::new(|| {
    let mut names: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    for concept in CONCEPTS.iter() {
        for name in &concept.names {
            names.entry(fold(name)).or_default().push(concept.feature());
        }
    }
    Lexicon::new(names)
});

fn parse(block: &'static str) -> Concept {
    let (key, lists) = block.split_once('\n').unwrap_or((block, ""));
    let list = |label: &str| {
        let (_, list) = lists.split_once(label).unwrap_or_default();
        let end = list.find("\n\n").unwrap_or(list.len());
        let end = ["\nsure: ", "\nhint: "]
            .iter()
            .filter_map(|next| list.find(next))
            .fold(end, usize::min);
        let entries = list[..end].split(',').map(str::trim);
        entries
            .filter(|entry| !entry.is_empty())
            .collect::<Vec<_>>()
    };
    let weighed = |label, weight| list(label).into_iter().map(move |entry| (entry, weight));
    Concept {
        key,
        names: list("names: "),
        words: weighed("sure: ", SURE_WEIGHT)
            .chain(weighed("hint: ", HINT_WEIGHT))
            .collect(),
    }
}

/// `Zeugnis` under one concept must not hide `Zeugnis*` under another.
fn merge_open_patterns(words: &mut BTreeMap<String, Word>) {
    let open: Vec<_> = words
        .iter()
        .filter(|(pattern, _)| !pattern.ends_with(' '))
        .map(|(pattern, word)| (format!("{pattern} "), word.weights.clone()))
        .collect();
    for (closed, weights) in open {
        if let Some(known) = words.get_mut(&closed) {
            for (feature, weight) in weights {
                match known
                    .weights
                    .iter_mut()
                    .find(|(known, _)| *known == feature)
                {
                    Some((_, known)) => *known = known.max(weight),
                    None => known.weights.push((feature, weight)),
                }
            }
        }
    }
}

/// Weights of concepts, by feature index.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Concepts(BTreeMap<u16, f32>);

impl Concepts {
    /// The concepts of a text and its file's name.
    pub(super) fn of(text: &str, filename: &str) -> Self {
        let mut concepts = Self::default();
        for (index, mentions) in mention_weights(text, filename) {
            concepts.add(index, mentions);
        }
        concepts
    }

    /// What a topic is for that is called so: as long as the part of its name that means something
    /// known, one at most. `Project Heron` says half of what `Projects` says.
    pub fn of_topic(name: &str, description: &str) -> Self {
        let name = fold(name);
        let words = name.split_whitespace().filter(|word| !is_stopword(word));
        let words = to_f32(words.count().max(1));
        let mut concepts = Self::default();
        let mut known = 0;
        for hit in NAMES.hits(&name) {
            known += hit.pattern.split_whitespace().count();
            for feature in hit.value {
                *concepts.0.entry(*feature).or_default() += 1.0;
            }
        }
        if concepts.is_empty() {
            for hit in WORDS.hits(&name) {
                known += hit.pattern.split_whitespace().count();
                concepts.add(hit.index, 1.0);
            }
        }
        let named = concepts.normalized();
        let described = Self::of(description, "").normalized();
        let sum = named.iter();
        let sum = sum.chain(
            described
                .iter()
                .map(|(feature, weight)| (feature, DESCRIPTION_WEIGHT * weight)),
        );
        let length = match (named.is_empty(), described.is_empty()) {
            (false, true) => (to_f32(known) / words).min(1.0),
            _ => 1.0,
        };
        let concepts = sum.collect::<Self>().normalized();
        concepts
            .iter()
            .map(|(feature, weight)| (feature, length * weight))
            .collect()
    }

    /// Those of the given keys, weighted: of length one. Unknown keys are left out.
    pub fn from_keys(keys: &[(&str, f32)]) -> Self {
        let known = |key: &str| CONCEPTS.iter().any(|concept| concept.key == key);
        let keys = keys.iter().filter(|(key, _)| known(key));
        Self(
            keys.map(|(key, weight)| (feature_index::of_concept(key), *weight))
                .collect(),
        )
        .normalized()
    }

    /// How alike two are, 0 to 1.
    pub fn cosine(&self, other: &Self) -> f32 {
        let common = self.0.iter();
        let common = common.filter_map(|(feature, weight)| Some(other.0.get(feature)? * weight));
        let lengths = self.length() * other.length();
        if lengths > 0.0 {
            common.sum::<f32>() / lengths
        } else {
            0.0
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words of a document that speak of these concepts, as they are listed, most significant first.
    pub fn words_found_in(&self, text: &str, filename: &str, limit: usize) -> Vec<&'static str> {
        let mut words: Vec<(f32, &'static str)> = Vec::new();
        for (index, mentions) in mention_weights(text, filename) {
            let Some(word) = WORDS.value(index) else {
                continue;
            };
            let shared = |(feature, weight): &(u16, f32)| Some(self.0.get(feature)? * weight);
            let shared: f32 = word.weights.iter().filter_map(shared).sum();
            words.push((shared * mentions, word.entry));
        }
        words.retain(|(weight, _)| *weight > 0.0);
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        words
            .into_iter()
            .map(|(_, word)| word)
            .take(limit)
            .collect()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u16, f32)> + '_ {
        self.0.iter().map(|(feature, weight)| (*feature, *weight))
    }

    pub(super) fn length(&self) -> f32 {
        self.0
            .values()
            .map(|weight| weight * weight)
            .sum::<f32>()
            .sqrt()
    }

    pub(super) fn normalized(mut self) -> Self {
        let length = self.length();
        if length > 0.0 {
            self.0.values_mut().for_each(|weight| *weight /= length);
        }
        self
    }

    fn add(&mut self, index: usize, mentions: f32) {
        for (feature, weight) in WORDS
            .value(index)
            .into_iter()
            .flat_map(|word| &word.weights)
        {
            *self.0.entry(*feature).or_default() += weight * mentions;
        }
    }
}

impl FromIterator<(u16, f32)> for Concepts {
    /// Adds up what has the same index.
    fn from_iter<I: IntoIterator<Item = (u16, f32)>>(weights: I) -> Self {
        let mut concepts = Self::default();
        for (feature, weight) in weights {
            *concepts.0.entry(feature).or_default() += weight;
        }
        concepts
    }
}

/// The words that occur, by their index, and the weight of their mentions.
fn mention_weights(text: &str, filename: &str) -> BTreeMap<usize, f32> {
    #[derive(Default)]
    struct Count {
        times: u8,
        in_name: bool,
        on_top: bool,
    }
    let mut counts: BTreeMap<usize, Count> = BTreeMap::new();
    let top = text.char_indices().nth(TOP_CHARS);
    let (top, rest) = text.split_at(top.map_or(text.len(), |(at, _)| at));
    for (text, in_name, on_top) in [
        (filename, true, false),
        (top, false, true),
        (rest, false, false),
    ] {
        for hit in WORDS.hits(&fold(text)) {
            let count = counts.entry(hit.index).or_default();
            count.times = count.times.saturating_add(1);
            count.in_name |= in_name;
            count.on_top |= on_top;
        }
    }
    let weigh = |count: &Count| {
        let repetitions = (count.times - 1).min(MAX_REPETITIONS);
        let in_name = if count.in_name { FILENAME_WEIGHT } else { 0.0 };
        let on_top = if count.on_top { TOP_WEIGHT } else { 0.0 };
        1.0 + REPETITION_WEIGHT * f32::from(repetitions) + in_name + on_top
    };
    let counts = counts.iter();
    counts
        .map(|(index, count)| (*index, weigh(count)))
        .collect()
}

fn to_f32(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn strongest_concept(text: &str) -> Option<&'static str> {
        let spoken = Concepts::of(text, "");
        let strongest = spoken.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let mut concepts = CONCEPTS.iter();
        let concept = concepts.find(|concept| concept.feature() == strongest.0)?;
        Some(concept.key)
    }

    #[test]
    fn concepts_have_places_of_their_own_and_words() {
        let feature_indices: BTreeSet<u16> = CONCEPTS.iter().map(Concept::feature).collect();
        assert_eq!(feature_indices.len(), CONCEPTS.len());
        for concept in CONCEPTS.iter() {
            assert!(concept.names.len() > 1, "{}", concept.key);
            assert!(concept.words.len() > 60, "{}", concept.key);
            let mut seen = BTreeSet::new();
            for (entry, _) in &concept.words {
                let letters = entry.chars().filter(|c| c.is_alphanumeric()).count();
                assert!(letters > 2, "{}: {entry}", concept.key);
                assert!(
                    seen.insert(pattern(entry)),
                    "{}: {entry} twice",
                    concept.key
                );
            }
        }
    }

    #[test]
    fn words_speak_of_concepts_in_both_languages() {
        for (text, concept) in [
            (
                "Zählerstand 4711, Verbrauch 2.914 kWh, Arbeitspreis",
                "electricity_gas",
            ),
            ("Your meter reading and standing charge", "electricity_gas"),
            (
                "Zugewinn, Entgeltabrechnung, Steuerklasse, Bruttolohn",
                "payslip",
            ),
            (
                "Der Hund wurde geimpft und entwurmt, Tierarztpraxis",
                "pets",
            ),
        ] {
            assert_eq!(strongest_concept(text), Some(concept), "{text}");
        }
        assert_eq!(strongest_concept("Sehr geehrte Damen und Herren"), None);
    }

    #[test]
    fn names_of_topics_mean_concepts() {
        let energy = Concepts::of_topic("Strom & Gas", "");
        let words = energy.words_found_in("Zählerstand und Rezept", "", 3);
        assert_eq!(words, ["Zählerstand"]);
        assert!((energy.length() - 1.0).abs() < 1e-5);
        assert!(Concepts::of_topic("Energy", "").cosine(&energy) > 0.7);
        assert!((Concepts::of_topic("Project Xyzzy", "").length() - 0.5).abs() < 1e-5);
        assert!(Concepts::of_topic("Xyzzy", "").is_empty());
        assert!(!Concepts::of_topic("Xyzzy", "meter readings").is_empty());
        assert!(Concepts::from_keys(&[("no such concept", 1.0)]).is_empty());
    }
}
