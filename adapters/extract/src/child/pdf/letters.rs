//! Letters as people search for them: ligatures spelled out, accents on the letters they are drawn
//! over.

use unicode_normalization::UnicodeNormalization;

use super::glyphs::Glyph;

/// Spells out ligatures and presentation forms, and joins accents that are drawn by themselves with
/// their letters, as older TeX fonts have it.
pub(super) fn spell_out(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let mut out: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for mut glyph in glyphs {
        if glyph.text.chars().any(is_presentation_form) {
            glyph.text = glyph.text.nfkc().collect();
        }
        match out.last_mut() {
            Some(last) if overlap(last, &glyph) => {
                if let Some(text) = accented(&last.text, &glyph.text) {
                    glyph.text = text;
                    *last = glyph;
                } else if let Some(text) = accented(&glyph.text, &last.text) {
                    last.text = text;
                } else {
                    out.push(glyph);
                }
            }
            _ => out.push(glyph),
        }
    }
    out
}

/// Latin ligatures, and the forms that Arabic letters take by their place in a word.
fn is_presentation_form(c: char) -> bool {
    matches!(c, '\u{fb00}'..='\u{fb06}' | '\u{fb50}'..='\u{fdfb}' | '\u{fe70}'..='\u{fefc}')
}

/// Whether two glyphs stand over each other for half of the narrower one.
fn overlap(a: &Glyph, b: &Glyph) -> bool {
    let direction = a.direction();
    let apart = b.start - a.start;
    if apart.cross(direction).abs() > a.size.max(b.size) {
        return false;
    }
    let (a_width, b_width) = (
        (a.end - a.start).dot(direction),
        (b.end - b.start).dot(direction),
    );
    let from = apart.dot(direction).max(0.0);
    let to = (apart.dot(direction) + b_width).min(a_width);
    to - from > 0.5 * a_width.min(b_width)
}

fn accented(accent: &str, letter: &str) -> Option<String> {
    let mark = combining(single(accent)?)?;
    let letter = match single(letter)? {
        'ı' => 'i',
        'ȷ' => 'j',
        letter => letter,
    };
    letter
        .is_alphabetic()
        .then(|| [letter, mark].into_iter().nfc().collect())
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// The mark that goes onto a letter for an accent that stands by itself.
const fn combining(accent: char) -> Option<char> {
    Some(match accent {
        '`' => '\u{300}',
        '´' => '\u{301}',
        '^' | 'ˆ' => '\u{302}',
        '~' | '˜' => '\u{303}',
        '¯' | 'ˉ' => '\u{304}',
        '˘' => '\u{306}',
        '˙' => '\u{307}',
        '¨' => '\u{308}',
        '˚' | '°' => '\u{30a}',
        '˝' => '\u{30b}',
        'ˇ' => '\u{30c}',
        '¸' => '\u{327}',
        '˛' => '\u{328}',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use hayro_interpret::kurbo::Point;

    use super::*;

    fn glyph(text: &str, x: f64, width: f64) -> Glyph {
        Glyph {
            text: text.to_owned(),
            start: Point::new(x, 0.0),
            end: Point::new(x + width, 0.0),
            size: 10.0,
        }
    }

    fn spelled(glyphs: Vec<Glyph>) -> String {
        spell_out(glyphs)
            .into_iter()
            .map(|glyph| glyph.text)
            .collect()
    }

    #[test]
    fn accents_join_the_letters_they_stand_over() {
        let tex = vec![
            glyph("f", 0.0, 3.0),
            glyph("¨", 3.0, 5.0),
            glyph("u", 2.9, 5.5),
        ];
        assert_eq!(spelled(tex), "fü");
        let after = vec![
            glyph("c", 0.0, 4.0),
            glyph("¸", 0.5, 3.0),
            glyph("a", 4.0, 4.0),
        ];
        assert_eq!(spelled(after), "ça");
        let dotless = vec![glyph("´", 0.0, 3.0), glyph("ı", 0.2, 2.5)];
        assert_eq!(spelled(dotless), "í");
    }

    #[test]
    fn accents_that_stand_beside_letters_stay() {
        let code = vec![
            glyph("~", 0.0, 5.0),
            glyph("a", 5.0, 5.0),
            glyph("^", 10.0, 5.0),
        ];
        assert_eq!(spelled(code), "~a^");
    }

    #[test]
    fn ligatures_are_spelled_out() {
        assert_eq!(
            spelled(vec![glyph("ﬃ", 0.0, 5.0), glyph("½", 5.0, 5.0)]),
            "ffi½"
        );
        assert_eq!(spelled(vec![glyph("ﻻ", 0.0, 5.0)]), "لا");
    }
}
