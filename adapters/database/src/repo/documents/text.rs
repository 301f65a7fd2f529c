//! A document's text is one string, its pages set apart by form feeds, stored in parts that every
//! engine and index can take.

/// The longest part, in characters.
const PART_CHARS: usize = 200_000;
pub(super) const PARTS_A_STATEMENT: usize = 4;

const PAGE_BREAK: char = '\u{c}';

/// The parts of `pages`. No pages make no part, one empty page makes one empty part.
pub(super) fn parts(pages: &[String]) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut chars = 0;
    for (n, page) in pages.iter().enumerate() {
        let page_break = (n > 0).then_some(PAGE_BREAK);
        for c in page_break.into_iter().chain(page.chars().filter_map(clean)) {
            if chars == PART_CHARS {
                parts.push(std::mem::take(&mut part));
                chars = 0;
            }
            part.push(c);
            chars += 1;
        }
    }
    if !pages.is_empty() {
        parts.push(part);
    }
    parts
}

/// The pages that [`parts`] were made of.
pub(in crate::repo) fn pages(parts: impl Iterator<Item = String>) -> Vec<String> {
    let whole = parts.reduce(|whole, part| whole + &part);
    whole.map_or_else(Vec::new, |whole| {
        whole.split(PAGE_BREAK).map(str::to_owned).collect()
    })
}

/// Pages promise to hold no NUL and no form feed; a broken promise costs the character.
fn clean(c: char) -> Option<char> {
    match c {
        '\0' => None,
        PAGE_BREAK => Some('\n'),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(pages_in: &[&str]) -> Vec<String> {
        let pages_in: Vec<String> = pages_in.iter().map(ToString::to_string).collect();
        pages(parts(&pages_in).into_iter())
    }

    #[test]
    fn pages_survive_being_stored_in_parts() {
        assert_eq!(round_trip(&[]), Vec::<String>::new());
        assert_eq!(round_trip(&[""]), [""]);
        assert_eq!(round_trip(&["", ""]), ["", ""]);
        assert_eq!(round_trip(&["a", "ä\nb"]), ["a", "ä\nb"]);
        assert_eq!(round_trip(&["a\0b\u{c}c"]), ["ab\nc"]);
    }

    #[test]
    fn parts_are_cut_at_characters() {
        let pages_in = ["ä".repeat(PART_CHARS - 1), "ö".repeat(PART_CHARS)];
        let parts = parts(&pages_in);
        let chars: Vec<usize> = parts.iter().map(|part| part.chars().count()).collect();
        assert_eq!(chars, [PART_CHARS, PART_CHARS]);
        assert_eq!(pages(parts.into_iter()), pages_in);
    }
}
