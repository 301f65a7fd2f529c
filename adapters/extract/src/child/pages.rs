//! The pages on their way out, with the limits on them.

use std::io::{self, Write};

use super::language;
use crate::limits::MAX_PAGES;
use crate::protocol::{Answer, write_answer};

/// Sends pages as they are read, cuts what is too much, and keeps a sample for the language.
pub(super) struct Pages<'o, W> {
    output: &'o mut W,
    room: usize,
    count: usize,
    truncated: bool,
    sample: String,
}

impl<'o, W: Write> Pages<'o, W> {
    pub(super) fn new(output: &'o mut W, max_text_bytes: usize) -> Self {
        Self {
            output,
            room: max_text_bytes,
            count: 0,
            truncated: false,
            sample: String::new(),
        }
    }

    /// How many bytes of text still fit.
    pub(super) fn room(&self) -> usize {
        self.room
    }

    /// Sends the text of the next page, cut to what fits.
    pub(super) fn push(&mut self, mut text: String) -> io::Result<()> {
        if self.count == MAX_PAGES {
            self.truncated = true;
            return Ok(());
        }
        if text.len() > self.room {
            text.truncate(text.floor_char_boundary(self.room));
            self.truncated = true;
        }
        self.room -= text.len();
        self.count += 1;
        let missing = language::SAMPLE_BYTES.saturating_sub(self.sample.len());
        self.sample
            .push_str(&text[..text.floor_char_boundary(missing)]);
        self.sample.push('\n');
        write_answer(self.output, &Answer::Page(text))
    }

    /// Whether nothing more can be sent; then what is left out must be said with [`Self::cut`].
    pub(super) fn is_full(&self) -> bool {
        self.room == 0 || self.count == MAX_PAGES
    }

    /// Notes that text was left out.
    pub(super) fn cut(&mut self) {
        self.truncated = true;
    }

    pub(super) fn truncated(&self) -> bool {
        self.truncated
    }

    pub(super) fn sample(&self) -> &str {
        &self.sample
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_between_characters() {
        let mut output = Vec::new();
        let mut pages = Pages::new(&mut output, 5);
        pages.push("ab".to_owned()).unwrap();
        assert!(!pages.truncated());
        pages.push("cdü".to_owned()).unwrap();
        assert!(pages.truncated());
        assert_eq!(pages.sample(), "ab\ncd\n");
        assert_eq!(pages.room(), 1);
    }
}
