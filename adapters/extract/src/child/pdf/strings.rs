//! Text strings outside of a page's drawing.

use lopdf::{Object, StringFormat, decode_text_string};

use crate::child::clean::clean;

/// A text string: UTF-16 or UTF-8 behind a mark, else `PDFDocEncoding`; many programs write UTF-8
/// without a mark. `None` when it says nothing.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let decoded = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            decode_text_string(&Object::String(bytes.to_vec(), StringFormat::Literal)).ok()?
        }
    };
    let text = clean(&decoded);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
