//! A thumbnail of the first page: small, opaque, WebP.

mod bitmap;
mod image;
mod page;
mod webp;

use std::panic::{AssertUnwindSafe, catch_unwind};

use docuvault_domain::documents::MimeType;
use hayro_interpret::hayro_syntax::Pdf;

use super::fallback_font::FallbackFont;

/// The longer edge of a thumbnail, in pixels. Smaller images stay as small as they are.
const EDGE: u32 = 400;

/// What a thumbnail is made of.
pub(super) enum Subject {
    /// A PDF that was loaded.
    Pdf(Pdf),
    /// The bytes of an image.
    Image(Vec<u8>),
}

/// Whether there are thumbnails of this kind of file.
pub(crate) const fn can_thumbnail(mime: MimeType) -> bool {
    matches!(mime, MimeType::Pdf) || is_image(mime)
}

/// Whether this kind of file is an image that can be decoded here. HEIC is none: what decodes it is
/// not at hand in Rust alone.
pub(super) const fn is_image(mime: MimeType) -> bool {
    image::format(mime).is_some()
}

/// The thumbnail of `subject` as a WebP file, `None` when none can be made of it.
pub(super) fn of(subject: &Subject, mime: MimeType, fonts: &FallbackFont) -> Option<Vec<u8>> {
    let made = catch_unwind(AssertUnwindSafe(|| match subject {
        Subject::Pdf(pdf) => page::draw(pdf, fonts),
        Subject::Image(bytes) => image::shrink(bytes, mime),
    }));
    webp::encode(&made.ok()??)
}
