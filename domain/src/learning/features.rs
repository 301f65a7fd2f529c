use std::collections::HashMap;

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
/// Runs of so many letters are what is counted, a word's start and end among them: compounds,
/// endings and slips of the pen still have most of them in common.
const RUNS: [usize; 2] = [4, 5];

/// Words that are in every text, English and German.
const STOPWORDS: [&str; 87] = [
    "aber", "alle", "als", "also", "and", "any", "are", "auch", "auf", "aus", "bei", "been", "bis",
    "bitte", "but", "can", "das", "dass", "dem", "den", "der", "des", "die", "diese", "dieser",
    "durch", "ein", "eine", "einem", "einen", "einer", "eines", "for", "from", "für", "haben",
    "had", "has", "hat", "have", "ich", "ihr", "ihre", "ihren", "ihrer", "ihnen", "ist", "kann",
    "may", "mit", "nach", "nicht", "noch", "not", "nur", "oder", "our", "per", "please", "sein",
    "sich", "sie", "sind", "that", "the", "their", "there", "they", "this", "und", "uns", "unser",
    "unsere", "vom", "von", "was", "were", "werden", "wie", "will", "wir", "wird", "with", "you",
    "your", "zum", "zur",
];

/// The runs of letters of a document as weights on 65,536 numbered places, heaviest use flattened by the
/// logarithm and the whole scaled to length one. Sorted by place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Features(Vec<(u16, f32)>);

impl Features {
    /// Of a text, page by page, and its file's name.
    pub fn of(pages: &[String], filename: &str) -> Self {
        let mut counts = HashMap::new();
        let name: String = filename.chars().take(NAME_CHARS).collect();
        let stem = name
            .rsplit_once('.')
            .map_or(name.as_str(), |(stem, _)| stem);
        count(stem.chars(), &mut counts);
        let text = || pages.iter().flat_map(|page| page.chars().chain(['\n']));
        count(text().take(TOP_CHARS), &mut counts);
        count(text().take(TEXT_CHARS), &mut counts);
        Self::from_counts(counts)
    }

    fn from_counts(counts: HashMap<u16, f32>) -> Self {
        let mut places: Vec<(u16, f32)> = counts
            .into_iter()
            .map(|(place, count)| (place, (1.0 + count).ln()))
            .collect();
        places.sort_unstable_by_key(|(place, _)| *place);
        let length = places.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
        for (_, weight) in &mut places {
            *weight /= length;
        }
        Self(places)
    }

    /// Nothing was found to go by.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Places and weights, by place.
    pub fn iter(&self) -> impl Iterator<Item = (u16, f32)> + '_ {
        self.0.iter().copied()
    }
}

fn count(chars: impl Iterator<Item = char>, counts: &mut HashMap<u16, f32>) {
    let mut word: Vec<char> = Vec::new();
    let mut finish = |word: &mut Vec<char>| {
        if (MIN_WORD..=MAX_WORD).contains(&word.len()) && !is_stopword(word) {
            word.insert(0, ' ');
            word.push(' ');
            for run in RUNS.iter().flat_map(|length| word.windows(*length)) {
                *counts.entry(place(run)).or_default() += 1.0;
            }
        }
        word.clear();
    };
    let mut before = None;
    for c in chars {
        if is_ideograph(c) {
            // Scripts without spaces: two neighbours make a word.
            finish(&mut word);
            if let Some(before) = before.replace(c) {
                word.extend([before, c, '.']);
                finish(&mut word);
            }
            continue;
        }
        before = None;
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

fn is_stopword(word: &[char]) -> bool {
    let mut stopwords = STOPWORDS.iter();
    stopwords.any(|stopword| stopword.chars().eq(word.iter().copied()))
}

const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}')
}

const fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>), folded to 16 bits.
fn place(run: &[char]) -> u16 {
    const OFFSET: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    let bytes = run.iter().flat_map(|c| u32::from(*c).to_le_bytes());
    let step = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(PRIME);
    let hash = bytes.fold(OFFSET, step);
    u16::try_from((hash >> 16) ^ (hash & 0xffff)).unwrap_or_default()
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
