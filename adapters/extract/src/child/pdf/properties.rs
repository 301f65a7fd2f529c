//! What a PDF says of itself.

use hayro_interpret::hayro_syntax::metadata::Metadata;
use time::{Date, Month};

use super::strings::decode;
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

/// One line of at most [`MAX_PROPERTY_CHARS`] characters.
fn text(bytes: &[u8]) -> Option<String> {
    let decoded = decode(bytes)?;
    let words: Vec<_> = decoded.split_whitespace().collect();
    Some(words.join(" ").chars().take(MAX_PROPERTY_CHARS).collect())
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
