//! What of a text is shown to a model, and taken from one.

use docuvault_domain::documents::Title;

/// Characters that people do not see and models do: controls, bidirectional and zero-width ones,
/// fillers, variation selectors, tags.
pub(super) fn is_hidden(c: char) -> bool {
    let control = c.is_control() && !c.is_whitespace();
    control
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// One visible line of at most `max_chars`, never more than 255; `None` when nothing is left.
pub(super) fn line(text: &str, max_chars: usize) -> Option<String> {
    // Whatever is longer is cut anyway; not all of it has to be looked at for that.
    let visible: String = text
        .chars()
        .take(10 * max_chars)
        .filter(|c| !is_hidden(*c))
        .collect();
    Title::from_untrusted(&visible, max_chars).map(|line| line.as_str().to_owned())
}

/// The visible characters of a text. Of blanks in a row one is left: a line break where there was
/// one among them.
pub(super) struct Folded<I> {
    chars: I,
    blank: Option<char>,
    held: Option<char>,
    started: bool,
}

impl<I: Iterator<Item = char>> Folded<I> {
    pub(super) fn of(chars: I) -> Self {
        Self {
            chars,
            blank: None,
            held: None,
            started: false,
        }
    }
}

impl<I: Iterator<Item = char>> Iterator for Folded<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let Some(held) = self.held.take() {
            return Some(held);
        }
        loop {
            let c = self.chars.next()?;
            if is_hidden(c) {
                continue;
            }
            if c.is_whitespace() {
                let breaks = matches!(
                    c,
                    '\n' | '\r' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
                );
                if breaks || self.blank.is_none() {
                    self.blank = Some(if breaks { '\n' } else { ' ' });
                }
                continue;
            }
            let blank = self.blank.take().filter(|_| self.started);
            self.started = true;
            return match blank {
                Some(blank) => {
                    self.held = Some(c);
                    Some(blank)
                }
                None => Some(c),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        Folded::of(text.chars()).collect()
    }

    #[test]
    fn blanks_are_folded_and_hidden_characters_dropped() {
        assert_eq!(folded("  a \t b \r\n\n  c  "), "a b\nc");
        assert_eq!(
            folded("p\u{202e}a\u{200b}y\u{0}\u{1b} \u{e0041}5\u{fe0f}"),
            "pay 5"
        );
        assert_eq!(folded("\u{feff} \u{2028}\t"), "");
    }

    #[test]
    fn lines_are_single_short_and_visible() {
        assert_eq!(line(" a\u{7}\n b\u{202e} ", 60).unwrap(), "a b");
        assert_eq!(line(&"ä".repeat(9_000), 120).unwrap().chars().count(), 120);
        assert_eq!(line("\u{200b}\t", 9), None);
    }
}
