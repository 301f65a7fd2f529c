//! The glyphs of a page in the order in which they are drawn, visible or not: scanned pages carry
//! their recognised text as invisible glyphs.

use hayro_interpret::font::{Glyph as FontGlyph, GlyphRun, PositionedGlyph};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Vec2};
use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};

use super::collections::CollectionFonts;

/// Widths and sizes of glyphs are told in this fraction of the font size.
const UNITS_PER_EM: f64 = 1000.0;

/// Something that says text, somewhere on the page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Where its drawing starts, on the base line.
    pub(super) start: Point,
    /// Where the next one is expected.
    pub(super) end: Point,
    /// The font size as it appears on the page.
    pub(super) size: f64,
}

impl Glyph {
    fn new(text: String, transform: Affine, advance: f64, vertical: bool) -> Self {
        let start = transform * Point::ORIGIN;
        let end = transform
            * if vertical {
                Point::new(0.0, -advance)
            } else {
                Point::new(advance, 0.0)
            };
        let height = (transform * Point::new(0.0, UNITS_PER_EM) - start).hypot();
        let width = (transform * Point::new(UNITS_PER_EM, 0.0) - start).hypot();
        Self {
            text,
            start,
            end,
            // narrow type is still as large as it is high, and flattened type not nothing
            size: height.max(width * 0.3).max(1e-6),
        }
    }

    fn is_sane(&self) -> bool {
        self.start.is_finite() && self.end.is_finite() && self.size.is_finite()
    }

    /// Which way the writing goes.
    pub(super) fn direction(&self) -> Vec2 {
        let way = self.end - self.start;
        let length = way.hypot();
        if length > 1e-9 {
            way / length
        } else {
            Vec2::new(1.0, 0.0)
        }
    }
}

/// Listens to the drawing of a page.
pub(super) struct GlyphCollector<'f> {
    fonts: CollectionFonts<'f>,
    glyphs: Vec<Glyph>,
    room: usize,
    cut: bool,
}

impl<'f> GlyphCollector<'f> {
    /// Collects at most `room` bytes of text.
    pub(super) fn new(fonts: CollectionFonts<'f>, room: usize) -> Self {
        Self {
            fonts,
            glyphs: Vec::new(),
            room,
            cut: false,
        }
    }

    /// The glyphs, and whether some were left out.
    pub(super) fn finish(self) -> (Vec<Glyph>, bool) {
        (self.glyphs, self.cut)
    }

    fn collect(&mut self, glyph: Glyph) {
        if glyph.text.len() > self.room {
            self.cut = true;
        } else if glyph.is_sane() {
            self.room -= glyph.text.len();
            self.glyphs.push(glyph);
        }
    }
}

impl<'a> Device<'a> for GlyphCollector<'_> {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        let vertical = !matches!(run.writing_mode(), WritingMode::Horizontal);
        for glyph in run.glyphs() {
            if let Some(text) = meaning(glyph, &self.fonts) {
                let transform = props.transform * glyph.transform();
                self.collect(Glyph::new(text, transform, advance(glyph), vertical));
            }
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// What a glyph says. Where the font does not tell, its code is taken for a character: simple fonts
/// without any table mostly follow ASCII.
fn meaning(glyph: &PositionedGlyph<'_>, fonts: &CollectionFonts<'_>) -> Option<String> {
    let told = glyph.as_unicode().or_else(|| match &**glyph {
        FontGlyph::Outline(glyph) => fonts.text(glyph),
        FontGlyph::Type3(_) => None,
    });
    let told = told.map(|told| match told {
        BfString::Char(c) => c.to_string(),
        BfString::String(text) => text,
    });
    told.filter(|text| !text.chars().all(char::is_control))
        .or_else(|| {
            let code = glyph.char_code();
            let printable = (0x21..=0xff).contains(&code);
            let c = char::from_u32(code).filter(|c| printable && !c.is_control());
            c.map(String::from)
        })
}

fn advance(glyph: &PositionedGlyph<'_>) -> f64 {
    let width = match &**glyph {
        FontGlyph::Outline(glyph) => glyph.advance_width(),
        FontGlyph::Type3(glyph) => glyph.advance_width(),
    };
    width.map_or(UNITS_PER_EM / 2.0, f64::from)
}
