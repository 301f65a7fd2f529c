//! The first page of a PDF, drawn.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use hayro_interpret::InterpreterSettings;
use hayro_interpret::hayro_syntax::Pdf;

use super::EDGE;
use super::bitmap::{Bitmap, fit};
use crate::child::fallback_font::FallbackFont;

/// A page that is smaller than its thumbnail is enlarged by this much at most.
const MAX_ENLARGEMENT: f64 = 4.0;

/// The first page on white, as it is turned and cut for reading, its longer edge [`EDGE`] pixels.
/// `None` for a PDF without pages or with a page that has no size.
pub(super) fn draw(pdf: &Pdf, fonts: &FallbackFont) -> Option<Bitmap> {
    let page = pdf.pages().first()?;
    let (page_width, page_height) = page.render_dimensions();
    let (width, height) = fit(page_width.into(), page_height.into(), EDGE, MAX_ENLARGEMENT)?;
    let interpreter = InterpreterSettings {
        font_resolver: fonts.resolver(),
        ..InterpreterSettings::default()
    };
    // The renderer cuts fractions of a pixel off: half of one more keeps the whole ones.
    let pixmap = PixmapSettings {
        x_scale: scale(width, page_width),
        y_scale: scale(height, page_height),
        bg_color: WHITE,
    };
    let cache = RenderCache::new();
    let drawn = render(
        page,
        &cache,
        &interpreter,
        &RenderSettings::default(),
        &pixmap,
    );
    let (pixels, _) = drawn.data_as_u8_slice().as_chunks::<4>();
    Some(Bitmap {
        width: drawn.width().into(),
        height: drawn.height().into(),
        rgb: pixels
            .iter()
            .flat_map(|[r, g, b, _]| [*r, *g, *b])
            .collect(),
    })
}

#[expect(clippy::cast_precision_loss, reason = "pixels are at most EDGE")]
fn scale(pixels: u32, length: f32) -> f32 {
    (pixels as f32 + 0.5) / length
}
