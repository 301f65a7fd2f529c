//! Making one clean line of untrusted text.

use docuvault_domain::documents::Title;
use regex::Regex;

use docuvault_domain::text::is_invisible;

/// The longest title or correspondent, in characters.
const MAX_CHARS: usize = 120;

/// One line of at most 120 characters without control or invisible ones; `None` when nothing is left.
pub(super) fn clean(text: &str) -> Option<String> {
    // Longer texts are cut anyway; not all of a megabyte has to be looked at for that.
    let visible: String = text
        .chars()
        .take(10 * MAX_CHARS)
        .filter(|c| !is_invisible(*c))
        .collect();
    Title::from_untrusted(&visible, MAX_CHARS).map(|title| title.as_str().to_owned())
}

/// A pattern written in the source.
#[expect(
    clippy::expect_used,
    reason = "the patterns are literals: every test compiles them"
)]
pub(super) fn regex(literal: &str) -> Regex {
    Regex::new(literal).expect("a valid pattern")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_clean_and_short() {
        assert_eq!(clean(" a\u{7}\n b\u{202e} "), Some("a b".to_owned()));
        assert_eq!(clean("\u{200b}\t"), None);
        let long = clean(&"ä".repeat(5_000)).unwrap();
        assert_eq!(long.chars().count(), MAX_CHARS);
    }
}
