//! Text in the form in which words are compared.

/// Lower case, umlauts written out (`ä`, also as `a` with a combining diaeresis, is `ae`), marks and
/// invisible characters dropped, words that were hyphenated at a line's end joined. Every word stands
/// between two blanks of its own, so that a pattern can ask for a word's start and end and
/// neighbouring words do not compete for the blank between them.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut in_word = false;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{308}' if out.ends_with(['a', 'o', 'u']) => out.push('e'),
            '\u{300}'..='\u{36f}' => {}
            c if is_invisible(c) => {}
            '-' if in_word && rest.as_str().starts_with('\n') => {
                let next_line = rest.as_str().trim_start();
                if next_line.starts_with(char::is_lowercase) {
                    rest = next_line.chars();
                } else {
                    out.push(' ');
                    in_word = false;
                }
            }
            c if c.is_alphanumeric() => {
                if !in_word {
                    out.push(' ');
                    in_word = true;
                }
                push_folded(&mut out, c);
            }
            _ if in_word => {
                out.push(' ');
                in_word = false;
            }
            _ => {}
        }
    }
    if in_word {
        out.push(' ');
    }
    out
}

fn push_folded(out: &mut String, c: char) {
    match c {
        'ä' | 'Ä' | 'æ' | 'Æ' => out.push_str("ae"),
        'ö' | 'Ö' | 'ø' | 'Ø' => out.push_str("oe"),
        'ü' | 'Ü' => out.push_str("ue"),
        'ß' | 'ẞ' => out.push_str("ss"),
        c if c.is_ascii() => out.push(c.to_ascii_lowercase()),
        c => out.extend(c.to_lowercase()),
    }
}

/// Soft hyphen, zero-width and bidirectional format characters.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_umlauts_and_hyphens_are_folded_away() {
        for (text, folded) in [
            ("", ""),
            ("Invoice No. 7", " invoice  no  7 "),
            ("GRÖSSE größe Gro\u{308}ße", " groesse  groesse  groesse "),
            ("Ver\u{ad}trag, Café\u{301}!", " vertrag  café "),
            (
                "Versiche-\n   rung Kfz-\nSteuer",
                " versicherung  kfz  steuer ",
            ),
            ("a-\n", " a "),
            ("\u{202e}x\u{0}y", " x  y "),
        ] {
            assert_eq!(fold(text), folded, "{text:?}");
        }
    }
}
