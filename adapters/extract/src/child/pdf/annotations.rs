//! What people filled into forms and wrote beside the text. It is not part of a page's drawing.

use hayro_interpret::hayro_syntax::object::dict::keys::ANNOTS;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_interpret::hayro_syntax::page::Page;

use super::strings::decode;

/// Fields inherit from fields above them; deeper trees than this are no forms.
const MAX_DEPTH: usize = 16;

/// Flag of annotations that nobody sees (ISO 32000-2, table 167).
const HIDDEN: i32 = 1 << 1;
/// Flag of text fields that hold a password (table 231).
const PASSWORD: i64 = 1 << 13;

/// Comments and notes (table 171). Links have nothing to say, and pop-ups repeat their notes.
const NOTES: [&[u8]; 14] = [
    b"Text",
    b"FreeText",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Stamp",
    b"Caret",
    b"Ink",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
];

/// The values of the page's text and choice fields and the words of its notes, in the order in which
/// the page lists them, at most `room` bytes.
pub(super) fn texts(page: &Page<'_>, mut room: usize) -> Vec<String> {
    let Some(annotations) = page.raw().get::<Array<'_>>(ANNOTS) else {
        return Vec::new();
    };
    let texts = annotations.iter::<Dict<'_>>().filter_map(|annotation| {
        let flags: i32 = annotation.get("F").unwrap_or_default();
        if flags & HIDDEN != 0 {
            return None;
        }
        let kind = annotation.get::<Name<'_>>("Subtype")?;
        match &*kind {
            b"Widget" => field_value(&annotation),
            kind if NOTES.contains(&kind) => text(annotation.get("Contents")?),
            _ => None,
        }
    });
    let fits = |text: &String| {
        room = room.saturating_sub(text.len());
        room > 0
    };
    texts.take_while(fits).collect()
}

fn field_value(widget: &Dict<'_>) -> Option<String> {
    let flags = match inherited(widget, "Ff") {
        Some(Object::Number(flags)) => flags.as_i64(),
        _ => 0,
    };
    match inherited(widget, "FT")? {
        Object::Name(kind) if &*kind == b"Tx" && flags & PASSWORD != 0 => None,
        Object::Name(kind) if matches!(&*kind, b"Tx" | b"Ch") => text(inherited(widget, "V")?),
        _ => None,
    }
}

/// The entry of the field, or of the nearest one above it that has it.
fn inherited<'a>(field: &Dict<'a>, key: &str) -> Option<Object<'a>> {
    let mut field = field.clone();
    for _ in 0..MAX_DEPTH {
        if let Some(found) = field.get(key) {
            return Some(found);
        }
        field = field.get("Parent")?;
    }
    None
}

/// A text string, a long one in a stream, or several that are chosen at once.
fn text(value: Object<'_>) -> Option<String> {
    let bytes = |value: Object<'_>| match value {
        Object::String(text) => Some(text.to_vec()),
        Object::Stream(text) => Stream::decoded(&text).ok().map(|text| text.to_vec()),
        _ => None,
    };
    match value {
        Object::Array(choices) => {
            let choices = choices
                .iter::<Object<'_>>()
                .filter_map(|choice| decode(&bytes(choice)?));
            let choices: Vec<_> = choices.collect();
            (!choices.is_empty()).then(|| choices.join(", "))
        }
        value => decode(&bytes(value)?),
    }
}
