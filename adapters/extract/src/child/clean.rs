//! Text as it may leave the child: lines end in `\n`, no NUL, no control characters but tab.

/// Makes `text` clean.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' | '\x0c' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push('\t'),
            c if c.is_control() || is_noise(c) => {}
            c => out.push(c),
        }
    }
    out
}

/// Byte order marks inside a text, and code points that are no characters.
fn is_noise(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn line_ends_are_unified_and_control_characters_removed() {
        assert_eq!(clean("a\r\nb\rc\n\nd\x0ce"), "a\nb\nc\n\nd\ne");
        assert_eq!(
            clean("a\0b\x1b[1mc\u{9b}d\te\u{fffe}\u{1ffff}f"),
            "ab[1mcd\tef"
        );
        assert_eq!(clean("äöü 漢字 עברית"), "äöü 漢字 עברית");
    }
}
