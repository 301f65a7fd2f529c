//! Lines and paragraphs from glyphs, in the order in which they are drawn.

use std::collections::HashMap;

use hayro_interpret::kurbo::{Point, Vec2};

use super::glyphs::Glyph;
use super::rtl::{is_rtl, turn};
use super::{hyphens, letters};

/// All distances are fractions of the font size.
mod em {
    /// A gap this wide is a space.
    pub(super) const SPACE: f64 = 0.15;
    /// A step back this far on the line starts a new word.
    pub(super) const WORD_BACK: f64 = 0.6;
    /// A step back this far is a new line.
    pub(super) const LINE_BACK: f64 = 1.5;
    /// A step across the line this far is a new line: more than a superscript.
    pub(super) const LINE_ACROSS: f64 = 0.55;
    /// A step across the line this far is a new paragraph.
    pub(super) const PARAGRAPH_ACROSS: f64 = 2.0;
    /// Glyphs this near to where they are expected join.
    pub(super) const JOIN: f64 = 0.15;
    /// The same glyph this near to itself is drawn twice to look bold.
    pub(super) const OVERPRINT: f64 = 0.12;
}

/// Directions that differ more than this (cosine) do not share a line.
const SAME_DIRECTION: f64 = 0.7;

/// The text that `glyphs` say.
pub(super) fn text(mut glyphs: Vec<Glyph>) -> String {
    drop_overprints(&mut glyphs);
    let glyphs = letters::spell_out(glyphs);
    let visual = is_visual_order(&glyphs);
    let mut lines = Lines::default();
    for glyph in &glyphs {
        lines.add(glyph, visual);
    }
    let text = if visual { turn(&lines.out) } else { lines.out };
    hyphens::join(&text)
}

/// Takes out glyphs that are drawn over themselves: bold for want of a bold font, and text that is
/// filled and then outlined.
fn drop_overprints(glyphs: &mut Vec<Glyph>) {
    /// So many positions of each text are remembered.
    const RECENT: usize = 32;
    let mut positions: HashMap<String, (usize, Vec<Point>)> = HashMap::new();
    glyphs.retain(|glyph| {
        if glyph.text.trim().is_empty() {
            return true;
        }
        let near = glyph.size * em::OVERPRINT;
        let (next, recent) = positions.entry(glyph.text.clone()).or_default();
        if recent
            .iter()
            .any(|position| (*position - glyph.start).hypot() < near)
        {
            return false;
        }
        if recent.len() < RECENT {
            recent.push(glyph.start);
        } else {
            recent[*next % RECENT] = glyph.start;
        }
        *next += 1;
        true
    });
}

/// Whether scripts from right to left are drawn from left to right, as programs do that do not know
/// them: each glyph then begins where the one before ends, and not the other way round.
fn is_visual_order(glyphs: &[Glyph]) -> bool {
    let (mut visual, mut logical) = (0, 0);
    for pair in glyphs.windows(2) {
        if !pair.iter().all(|glyph| glyph.text.chars().any(is_rtl)) {
            continue;
        }
        let near = pair[0].size.max(pair[1].size) * em::JOIN;
        if (pair[1].end - pair[0].start).hypot() < near {
            logical += 1;
        } else if (pair[1].start - pair[0].end).hypot() < near {
            visual += 1;
        }
    }
    visual > logical
}

/// The text so far, and where its last glyph stands.
#[derive(Default)]
struct Lines {
    out: String,
    last: Option<LastGlyph>,
}

struct LastGlyph {
    start: Point,
    end: Point,
    direction: Vec2,
    size: f64,
}

impl Lines {
    fn add(&mut self, glyph: &Glyph, visual: bool) {
        let direction = glyph.direction();
        match self.last.as_ref().map(|last| step(last, glyph, direction)) {
            Some(Step::Space) => self.space(),
            Some(Step::Line) => self.newline(),
            Some(Step::Paragraph) => self.paragraph(),
            Some(Step::Join) | None => {}
        }
        if visual && glyph.text.chars().any(is_rtl) {
            // what one glyph says is in reading order already, and is turned with its line
            self.out.extend(glyph.text.chars().rev());
        } else {
            self.out.push_str(&glyph.text);
        }
        self.last = Some(LastGlyph {
            start: glyph.start,
            end: glyph.end,
            direction,
            size: glyph.size,
        });
    }

    fn space(&mut self) {
        if !self.out.ends_with(char::is_whitespace) {
            self.out.push(' ');
        }
    }

    fn newline(&mut self) {
        self.out.truncate(self.out.trim_end_matches(' ').len());
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn paragraph(&mut self) {
        self.newline();
        if !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

/// What lies between two glyphs.
enum Step {
    Join,
    Space,
    Line,
    Paragraph,
}

fn step(last: &LastGlyph, glyph: &Glyph, direction: Vec2) -> Step {
    let way = glyph.start - last.end;
    let along = way.dot(last.direction);
    let across = way.cross(last.direction).abs();
    let larger = glyph.size.max(last.size);
    let smaller = glyph.size.min(last.size);

    let joins_back = (glyph.end - last.start).hypot() < em::JOIN * larger;
    if joins_back && glyph.text.chars().any(is_rtl) {
        return Step::Join;
    }
    if across > em::PARAGRAPH_ACROSS * larger {
        return Step::Paragraph;
    }
    if direction.dot(last.direction) < SAME_DIRECTION
        || across > em::LINE_ACROSS * larger
        || along < -em::LINE_BACK * larger
    {
        return Step::Line;
    }
    if along > em::SPACE * smaller || along < -em::WORD_BACK * larger {
        return Step::Space;
    }
    Step::Join
}

#[cfg(test)]
mod tests {
    use hayro_interpret::kurbo::Affine;

    use super::*;

    const SIZE: f64 = 10.0;
    const WIDTH: f64 = 5.0;

    /// A row of glyphs of one width that starts at (x, y).
    fn row(text: &str, x: f64, y: f64) -> Vec<Glyph> {
        let mut x = x;
        let glyph = |c: char| {
            let start = Point::new(x, y);
            x += WIDTH;
            Glyph {
                text: c.to_string(),
                start,
                end: Point::new(x, y),
                size: SIZE,
            }
        };
        text.chars().map(glyph).collect()
    }

    fn placed(glyphs: Vec<Glyph>, how: Affine) -> Vec<Glyph> {
        let position = |glyph: Glyph| Glyph {
            start: how * glyph.start,
            end: how * glyph.end,
            ..glyph
        };
        glyphs.into_iter().map(position).collect()
    }

    fn page() -> Vec<Glyph> {
        [
            row("two", 0.0, 0.0),
            row("words", 15.0 + 2.5, 0.0),
            row("next", 0.0, 12.0),
            row("far", 0.0, 60.0),
        ]
        .concat()
    }

    #[test]
    fn gaps_are_spaces_lines_and_paragraphs() {
        assert_eq!(text(page()), "two words\nnext\n\nfar");
    }

    #[test]
    fn turned_pages_read_alike() {
        for degrees in [90.0_f64, 180.0, 270.0, 7.0] {
            let turned = placed(page(), Affine::rotate(degrees.to_radians()));
            assert_eq!(text(turned), "two words\nnext\n\nfar", "{degrees}");
        }
    }

    #[test]
    fn kerning_joins_and_superscripts_stay_on_their_line() {
        let kerned = [
            row("A", 0.0, 0.0),
            row("V", WIDTH - 0.8, 0.0),
            row("A", 10.0, 0.0),
        ];
        assert_eq!(text(kerned.concat()), "AVA");
        let raised = [
            row("x", 0.0, 0.0),
            row("2", WIDTH, -4.0),
            row("y", 10.0, 0.0),
        ];
        assert_eq!(text(raised.concat()), "x2y");
    }

    #[test]
    fn text_drawn_twice_is_read_once() {
        let bold = [row("Summe", 0.0, 0.0), row("Summe", 0.3, 0.0)].concat();
        assert_eq!(text(bold), "Summe");
        let stamps = [row("Kopie", 0.0, 0.0), row("Kopie", 0.0, 20.0)].concat();
        assert_eq!(text(stamps), "Kopie\nKopie");
        let doubled = row("Schifffahrt", 0.0, 0.0);
        assert_eq!(text(doubled), "Schifffahrt");
    }

    #[test]
    fn text_from_right_to_left_is_read_in_order_however_it_is_drawn() {
        let visual = row("םולש", 0.0, 0.0);
        assert_eq!(text(visual), "שלום");
        let mut logical = row("םולש", 0.0, 0.0);
        logical.reverse();
        assert_eq!(text(logical), "שלום");
    }
}
