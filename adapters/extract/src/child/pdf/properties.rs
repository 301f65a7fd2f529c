//! What a PDF says of itself.

use hayro_interpret::hayro_syntax::metadata::Metadata;
use lopdf::{Object, StringFormat, decode_text_string};
use time::{Date, Month};

use crate::child::clean::clean;
use crate::limits::MAX_PROPERTY_CHARS;
use crate::protocol::Summary;

/// Title, author and date of creation.
pub(super) fn of(metadata: &Metadata) -> Summary {
    let created = metadata.creation_date.and_then(|date| {
        let month = Month::try_from(date.month).ok()?;
        let date = Date::from_calendar_date(i32::from(date.year), month, date.day).ok()?;
        Some((date.year(), u8::from(date.month()), date.day()))
    });
    Summary {
        title: metadata.title.as_deref().and_then(text),
        author: metadata.author.as_deref().and_then(text),
        created,
        ..Summary::default()
    }
}

/// A text string: UTF-16 or UTF-8 behind a mark, else `PDFDocEncoding`; many programs write UTF-8
/// without a mark.
fn text(bytes: &[u8]) -> Option<String> {
    let decoded = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            decode_text_string(&Object::String(bytes.to_vec(), StringFormat::Literal)).ok()?
        }
    };
    let words: Vec<_> = clean(&decoded)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let text: String = words.join(" ").chars().take(MAX_PROPERTY_CHARS).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_in_their_encodings() {
        let utf16: Vec<u8> = [0xfe, 0xff]
            .into_iter()
            .chain("Grüße".encode_utf16().flat_map(u16::to_be_bytes))
            .collect();
        assert_eq!(text(&utf16).as_deref(), Some("Grüße"));
        assert_eq!(
            text(b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe").as_deref(),
            Some("Grüße")
        );
        assert_eq!(text(b"Gr\xc3\xbc\xc3\x9fe").as_deref(), Some("Grüße"));
        assert_eq!(text(b"Gr\xfc\xdfe \x84 x\0").as_deref(), Some("Grüße — x"));
        assert_eq!(text(b" \r\n"), None);
        assert_eq!(
            text("x".repeat(600).as_bytes()).unwrap().len(),
            MAX_PROPERTY_CHARS
        );
    }
}
