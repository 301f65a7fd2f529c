//! Text files.

use std::io::{Read, Write};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use super::clean::clean;
use super::pages::Pages;
use super::{ReadError, read_all};
use crate::charset;
use crate::protocol::Summary;

/// So much of a text is looked at to guess its old encoding.
const DETECTION_BYTES: usize = 64 * 1024;

/// Sends the text as one page.
pub(super) fn read(
    size: u64,
    input: &mut impl Read,
    pages: &mut Pages<'_, impl Write>,
) -> Result<Summary, ReadError> {
    // no encoding takes more than two bytes for what is one in UTF-8; the rest would be cut anyway
    let most = pages.room() as u64 * 2 + 4;
    if size > most {
        pages.cut();
    }
    let bytes = read_all(size.min(most), input)?;
    pages.push(decode(&bytes))?;
    Ok(Summary::default())
}

/// The characters in the bytes of a text.
fn decode(bytes: &[u8]) -> String {
    let encoding = charset::unicode(bytes).unwrap_or_else(|| legacy_encoding(bytes));
    // takes a byte order mark away, puts U+FFFD in the place of what is malformed
    let (text, _, _) = encoding.decode(bytes);
    clean(&text)
}

/// One of the encodings from before Unicode.
fn legacy_encoding(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(DETECTION_BYTES)];
    if is_damaged_utf8(sample) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, sample.len() == bytes.len());
    detector.guess(None, Utf8Detection::Allow)
}

/// UTF-8 with a few bytes broken: other encodings do not form its long characters by chance.
fn is_damaged_utf8(sample: &[u8]) -> bool {
    let (mut whole, mut error) = (0, 0);
    for chunk in sample.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        error += usize::from(!chunk.invalid().is_empty());
    }
    whole > 10 * error
}

#[cfg(test)]
mod tests {
    use encoding_rs::{SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};

    use super::decode;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn unicode_is_decoded_with_and_without_byte_order_mark() {
        let text = "Prüfung\r\nŁódź €";
        let read = "Prüfung\nŁódź €";
        let little = utf16(text, u16::to_le_bytes);
        let big = utf16(text, u16::to_be_bytes);
        assert_eq!(decode(text.as_bytes()), read);
        assert_eq!(decode(format!("\u{feff}{text}").as_bytes()), read);
        assert_eq!(decode(&little), read);
        assert_eq!(decode(&big), read);
        assert_eq!(decode(&[&[0xff, 0xfe], &little[..]].concat()), read);
        assert_eq!(decode(&[&[0xfe, 0xff], &big[..]].concat()), read);
    }

    #[test]
    fn legacy_encodings_are_guessed() {
        for (encoding, text) in [
            (
                WINDOWS_1252,
                "Größe und Übermaß der Straße, schön für alle Käufer.",
            ),
            (
                WINDOWS_1251,
                "Уважаемые господа, направляем вам счёт за октябрь.",
            ),
            (
                SHIFT_JIS,
                "請求書をお送りします。よろしくお願いいたします。",
            ),
        ] {
            let (bytes, _, lossy) = encoding.encode(text);
            assert!(!lossy);
            assert_eq!(decode(&bytes), text, "{}", encoding.name());
        }
    }

    #[test]
    fn damaged_utf8_keeps_its_intact_characters() {
        let mut bytes = "Größe ".repeat(20).into_bytes();
        bytes.extend(b"\xff\xfe end");
        let text = decode(&bytes);
        assert!(
            text.starts_with("Größe Größe") && text.ends_with(" end"),
            "{text}"
        );
    }

    #[test]
    fn nul_characters_are_removed() {
        assert_eq!(decode(b"a\0b"), "ab");
        assert_eq!(decode(b""), "");
    }
}
