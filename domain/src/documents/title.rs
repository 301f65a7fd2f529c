use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What a document is called: 1 to 255 characters on one line, without control characters or
/// surrounding blanks.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Title(String);

/// The title was empty, too long or had control characters.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("A title has 1 to {} characters on one line.", Title::MAX_CHARS)]
pub struct InvalidTitle;

impl Title {
    /// The longest title, in characters.
    pub const MAX_CHARS: usize = 255;

    /// Checks a title that a person typed.
    pub fn parse(text: &str) -> Result<Self, InvalidTitle> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= Self::MAX_CHARS;
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidTitle)
        }
    }

    /// Makes the best of any text: blanks joined, control characters dropped, cut to `max_chars`.
    /// `None` when nothing is left.
    pub fn from_untrusted(text: &str, max_chars: usize) -> Option<Self> {
        let mut title = String::new();
        for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
            if word.is_empty() {
                continue;
            }
            if !title.is_empty() {
                title.push(' ');
            }
            title.push_str(word);
        }
        let cut: String = title.chars().take(max_chars.min(Self::MAX_CHARS)).collect();
        let cut = cut.trim_end();
        (!cut.is_empty()).then(|| Self(cut.to_owned()))
    }

    /// The title of a file that nobody has read yet: its name without folders and extension, `_`
    /// read as a blank.
    pub fn from_filename(filename: &str) -> Self {
        let base = filename.rsplit(['/', '\\']).next().unwrap_or(filename);
        let stem = match base.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() && extension.len() <= 5 => stem,
            _ => base,
        };
        Self::from_untrusted(&stem.replace('_', " "), Self::MAX_CHARS)
            .unwrap_or_else(|| Self("Untitled".to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Title {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_titles_are_checked() {
        assert_eq!(Title::parse("  Rent 2026 ").unwrap().as_str(), "Rent 2026");
        assert_eq!(Title::parse("a\nb"), Err(InvalidTitle));
        assert_eq!(Title::parse("   "), Err(InvalidTitle));
        assert!(Title::parse(&"ä".repeat(255)).is_ok());
        assert_eq!(Title::parse(&"ä".repeat(256)), Err(InvalidTitle));
    }

    #[test]
    fn file_names_become_titles() {
        assert_eq!(
            Title::from_filename("scans/Rent_2026.pdf").as_str(),
            "Rent 2026"
        );
        assert_eq!(
            Title::from_filename("C:\\x\\v1.0 notes").as_str(),
            "v1.0 notes"
        );
        assert_eq!(Title::from_filename(".pdf").as_str(), ".pdf");
        assert_eq!(Title::from_filename("\u{0}\u{1}").as_str(), "Untitled");
    }
}
