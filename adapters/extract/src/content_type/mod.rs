//! What a file is, told by its first bytes.
//!
//! What stands at offset 0 decides, so that a file which is two things at once is taken for what a
//! browser or a reader would take it for, and in doubt for the harmless one.

mod container;
mod mail;
mod markup;
mod text;

use docuvault_domain::documents::MimeType;
use docuvault_domain::ports::ContentTypes;

/// Tells the types that the vault takes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Detector;

impl ContentTypes for Detector {
    fn detect(&self, head: &[u8], filename: &str) -> Option<MimeType> {
        let extension = extension(filename);
        signature(head, &extension).or_else(|| {
            let text = text::sample(head);
            if let Some(text) = &text
                && let Some(mime) = text::kind(text, &extension)
            {
                return Some(mime);
            }
            if has_late_pdf_header(head) {
                return Some(MimeType::Pdf);
            }
            text.map(|_| text::by_extension(&extension))
        })
    }
}

/// The extension in lower case, without its dot.
fn extension(filename: &str) -> String {
    match filename.rsplit_once('.') {
        Some((_, extension)) => extension.to_ascii_lowercase(),
        None => String::new(),
    }
}

/// By a signature at the very start.
fn signature(head: &[u8], extension: &str) -> Option<MimeType> {
    if head.starts_with(b"%PDF-") {
        return Some(MimeType::Pdf);
    }
    if head.starts_with(br"{\rtf") {
        return Some(MimeType::Rtf);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Some(container::zip(head, extension));
    }
    if head.starts_with(&container::OLE) {
        return container::is_outlook(head, extension).then_some(MimeType::Msg);
    }
    match infer::get(head)?.mime_type() {
        "image/heif" => Some(MimeType::Heic),
        mime @ ("image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/tiff") => {
            MimeType::parse(mime)
        }
        _ => None,
    }
}

/// Readers take a PDF whose header stands anywhere in the first KiB: mail gateways and printers put
/// lines of their own before it. Text that merely speaks of such headers has no objects behind them.
fn has_late_pdf_header(head: &[u8]) -> bool {
    // Markup counts as a start of its own only where all of it is text, which was asked before.
    let unknown_start = infer::get(head).is_none_or(|kind| {
        kind.mime_type() == "application/pdf" || kind.mime_type().starts_with("text/")
    });
    let header = |window: &[u8]| {
        window.starts_with(b"%PDF-") && window[5].is_ascii_digit() && window[6] == b'.'
    };
    let at = head[..head.len().min(1024 + 7)].windows(7).position(header);
    unknown_start && at.is_some_and(|at| contains(&head[at..], b" obj"))
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[cfg(test)]
mod tests;
