//! How the characters of a text are written in its bytes.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How much of a text is looked at for UTF-16 without a mark.
const SAMPLE: usize = 4096;

/// Some form of Unicode, when the bytes say so: by a mark at the start, by being valid UTF-8, or by
/// the pattern of zero bytes that UTF-16 leaves in Western text. `text` may be cut anywhere.
pub(crate) fn unicode(text: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(text) {
        return Some(encoding);
    }
    if is_utf8(text) && !text.contains(&0) {
        return Some(UTF_8);
    }
    utf16_by_zeros(text)
}

fn is_utf8(text: &[u8]) -> bool {
    match std::str::from_utf8(text) {
        Ok(_) => true,
        // a character that the cut went through
        Err(error) => error.error_len().is_none() && text.len() - error.valid_up_to() < 4,
    }
}

fn utf16_by_zeros(text: &[u8]) -> Option<&'static Encoding> {
    let sample = &text[..text.len().min(SAMPLE) & !1];
    let pairs = sample.len() / 2;
    if pairs < 2 {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in sample.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    let encoding = if odd * 10 >= pairs * 4 && even == 0 {
        UTF_16LE
    } else if even * 10 >= pairs * 4 && odd == 0 {
        UTF_16BE
    } else {
        return None;
    };
    let (text, malformed) = encoding.decode_without_bom_handling(sample);
    (!malformed && !text.chars().any(is_binary_control)).then_some(encoding)
}

/// A control character that no text has.
pub(crate) fn is_binary_control(c: char) -> bool {
    c.is_ascii_control()
        && !matches!(
            c,
            '\t' | '\n' | '\r' | '\x08' | '\x0b' | '\x0c' | '\x1a' | '\x1b' | '\x7f'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn forms_of_unicode_are_told_apart() {
        let text = "Grüße, Łódź\nRechnung 12";
        let little = utf16(text, u16::to_le_bytes);
        let big = utf16(text, u16::to_be_bytes);
        assert_eq!(unicode(text.as_bytes()), Some(UTF_8));
        assert_eq!(unicode(&little), Some(UTF_16LE));
        assert_eq!(unicode(&big), Some(UTF_16BE));
        assert_eq!(
            unicode(&[&[0xff, 0xfe], &little[..]].concat()),
            Some(UTF_16LE)
        );
        assert_eq!(unicode(b"Gr\xfc\xdfe"), None);
        assert_eq!(unicode(&[1, 0, 2, 0, 3, 0, 4, 0]), None);
        assert_eq!(unicode(b"text with \0 in it"), None);
    }

    #[test]
    fn a_cut_through_a_character_does_not_matter() {
        let text = "Größe €".as_bytes();
        assert_eq!(unicode(&text[..text.len() - 1]), Some(UTF_8));
    }
}
