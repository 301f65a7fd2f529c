//! Scripts that are written from right to left.

/// Hebrew, Arabic and their neighbours; their digits run from left to right.
pub(super) fn is_rtl(c: char) -> bool {
    !c.is_numeric()
        && matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff | 0x10800..=0x10fff)
}

/// Digits and letters of all other scripts keep their order inside a line that is turned.
fn is_ltr(c: char) -> bool {
    c.is_alphanumeric() && !is_rtl(c)
}

/// Turns text that was drawn from left to right as it appears into the order in which it is read,
/// line by line.
pub(super) fn turn(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (content, end) = match line.strip_suffix('\n') {
            Some(content) => (content, "\n"),
            None => (line, ""),
        };
        turn_line(content, &mut out);
        out.push_str(end);
    }
    out
}

fn turn_line(line: &str, out: &mut String) {
    let chars: Vec<char> = line.chars().collect();
    let letters = |belongs: fn(char) -> bool| {
        chars
            .iter()
            .filter(|c| c.is_alphabetic() && belongs(**c))
            .count()
    };
    if letters(is_rtl) > letters(is_ltr) {
        // the line runs from right to left, and the other scripts in it stand turned
        let turned: Vec<char> = chars.iter().rev().copied().map(mirrored).collect();
        turn_runs(&turned, is_ltr, out);
    } else {
        turn_runs(&chars, is_rtl, out);
    }
}

/// What a bracket that is drawn in a line from right to left is in its text.
const fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '{' => '}',
        '}' => '{',
        '«' => '»',
        '»' => '«',
        c => c,
    }
}

/// Turns each longest run of characters that belong, with what stands between them, but for brackets.
fn turn_runs(chars: &[char], belongs: fn(char) -> bool, out: &mut String) {
    let ends = |c: char| !belongs(c) && (is_rtl(c) || is_ltr(c) || mirrored(c) != c);
    let mut rest = chars;
    while let Some(start) = rest.iter().position(|c| belongs(*c)) {
        out.extend(&rest[..start]);
        let run = &rest[start..];
        let stop = run.iter().position(|c| ends(*c)).unwrap_or(run.len());
        let end = run[..stop]
            .iter()
            .rposition(|c| belongs(*c))
            .map_or(0, |last| last + 1);
        out.extend(run[..end].iter().rev());
        rest = &run[end..];
    }
    out.extend(rest);
}

#[cfg(test)]
mod tests {
    use super::turn;

    #[test]
    fn a_line_from_right_to_left_is_turned_but_for_numbers_and_names() {
        assert_eq!(turn("١٤ ליונ"), "נויל ١٤");
        assert_eq!(turn("(ABC) 2014 םולש םלוע"), "עולם שלום 2014 (ABC)");
        assert_eq!(turn("םלוע םולש\nplain"), "שלום עולם\nplain");
    }

    #[test]
    fn words_inside_another_line_are_turned_together() {
        assert_eq!(
            turn("The words םלוע םולש mean hello"),
            "The words שלום עולם mean hello"
        );
    }
}
