//! PDF files: hayro interprets the pages, [`layout`] makes lines of the glyphs.

mod annotations;
mod collections;
mod glyphs;
mod hyphens;
mod layout;
mod letters;
mod properties;
mod rtl;
mod strings;

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::Rect;
use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, TransformExt, interpret_page,
};

use super::ReadError;
use super::clean::clean;
use super::pages::Pages;
use crate::protocol::{Reason, Summary};
use collections::{CollectionFonts, Collections};
use glyphs::GlyphCollector;

/// Sends the text of all pages.
pub(super) fn read(pdf: &Pdf, pages: &mut Pages<'_, impl Write>) -> Result<Summary, ReadError> {
    let cache = InterpreterCache::new();
    let collections = Collections::default();
    for page in pdf.pages().iter() {
        if pages.is_full() {
            pages.cut();
            break;
        }
        // one bad page costs one page
        let read = catch_unwind(AssertUnwindSafe(|| {
            read_page(page, &cache, &collections, pages.room())
        }));
        let (text, cut) = read.unwrap_or_default();
        if cut {
            pages.cut();
        }
        pages.push(text)?;
    }
    let page_count = u32::try_from(pdf.pages().len()).ok();
    Ok(Summary {
        page_count,
        ..properties::of(pdf.metadata())
    })
}

/// Finds out what is where in a PDF, nothing more.
pub(super) fn load(bytes: Vec<u8>) -> Result<Pdf, Reason> {
    let mentions_encryption = contains(&bytes, b"/Encrypt");
    match catch_unwind(|| Pdf::new(bytes)) {
        Ok(Ok(pdf)) => Ok(pdf),
        Ok(Err(LoadPdfError::Decryption(
            DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm,
        ))) => Err(Reason::Encrypted),
        // when its repair fails, the library does not say whether that was for want of a password
        Ok(Err(LoadPdfError::Invalid)) if mentions_encryption => Err(Reason::Encrypted),
        Ok(Err(_)) | Err(_) => Err(Reason::Damaged),
    }
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// The text of a page, and whether it was more than `room` bytes.
fn read_page<'a>(
    page: &'a Page<'a>,
    cache: &InterpreterCache<'a>,
    collections: &Collections,
    room: usize,
) -> (String, bool) {
    let (width, height) = page.render_dimensions();
    let mut context = Context::new(
        page.initial_transform(true).to_kurbo(),
        Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
        cache,
        page.xref(),
        InterpreterSettings::default(),
    );
    let fonts = CollectionFonts::new(collections, &page.resources().fonts);
    let mut collector = GlyphCollector::new(fonts, room);
    interpret_page(page, &mut context, &mut collector);
    let (glyphs, cut) = collector.finish();
    let mut text = clean(&layout::text(glyphs));
    let room = room.saturating_sub(text.len());
    for more in annotations::texts(page, room) {
        // Many forms are drawn with their values as well.
        if !text.contains(&more) {
            text.push_str(if text.is_empty() { "" } else { "\n" });
            text.push_str(&more);
        }
    }
    (text, cut)
}
