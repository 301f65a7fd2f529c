//! Many words and phrases looked up in one pass.

use aho_corasick::{AhoCorasick, MatchKind};

use super::fold::fold;

/// Words and phrases with what they mean. One pass of an Aho-Corasick automaton finds them all,
/// phrases and compound words included, which a table of single words would not. Of overlapping ones
/// the leftmost, then the longest counts: `insurance number` hides `insurance`.
#[derive(Debug)]
pub struct Lexicon<T> {
    automaton: AhoCorasick,
    values: Vec<T>,
}

/// A word or phrase that was found.
#[derive(Clone, Copy, Debug)]
pub struct Hit<'a, T> {
    /// Which one.
    pub index: usize,
    /// What stands in the text.
    pub pattern: &'a str,
    /// What it means.
    pub value: &'a T,
}

impl<T> Lexicon<T> {
    /// The meanings of [patterns](pattern), each of which is there once.
    ///
    /// # Panics
    /// When there are more patterns than an automaton can have states, some hundred million.
    #[expect(
        clippy::expect_used,
        reason = "the patterns are literals: every test builds all lexicons"
    )]
    pub fn new(meanings: impl IntoIterator<Item = (String, T)>) -> Self {
        let (patterns, values): (Vec<String>, Vec<T>) = meanings.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(patterns)
            .expect("a few thousand short patterns");
        Self { automaton, values }
    }

    /// The meaning of the entry with that index.
    pub fn value(&self, index: usize) -> Option<&T> {
        self.values.get(index)
    }

    /// How many entries there are.
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The entries in a [folded](fold) text, in order.
    pub fn hits<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = Hit<'a, T>> {
        self.automaton.find_iter(folded).filter_map(|found| {
            let index = found.pattern().as_usize();
            Some(Hit {
                index,
                pattern: &folded[found.range()],
                value: self.values.get(index)?,
            })
        })
    }
}

/// What is looked for in folded text: whole words or a phrase, in any spelling. A trailing `*` also
/// takes longer words (the pattern then has no blank at its end), a leading `*` compounds that end so.
pub fn pattern(entry: &str) -> String {
    let folded = fold(entry);
    let from = usize::from(entry.starts_with('*'));
    let to = folded.len() - usize::from(entry.ends_with('*'));
    folded[from..to].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_entry_wins_and_stars_widen() {
        let entries = [
            ("Steuer*", 't'),
            ("Steuernummer", 'n'),
            ("*versicherung", 'i'),
            ("due date", 'd'),
            ("date", 'a'),
        ];
        let lexicon = Lexicon::new(entries.map(|(entry, value)| (pattern(entry), value)));
        let found = |text: &str| -> String {
            let folded = fold(text);
            lexicon.hits(&folded).map(|hit| *hit.value).collect()
        };
        assert_eq!(found("Steuern, Steuernummer, Lohnsteuer"), "tn");
        assert_eq!(found("Kfz-Versicherung Hausratversicherung"), "ii");
        assert_eq!(found("versicherungen updates"), "");
        assert_eq!(found("due date date DUE\nDATE"), "dad");
    }
}
