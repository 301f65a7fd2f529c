//! Words that are divided at the end of a line.

/// Words before which a hyphen stands for the rest of a word: "Vor- und Zuname".
const CONJUNCTIONS: [&str; 8] = ["und", "oder", "bis", "bzw", "and", "or", "to", "et"];

/// Joins words that are divided at the end of a line, where the next line goes on in lower case.
pub(super) fn join(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if goes_on(line)
            && let Some(start) = divided_word_length(&out)
        {
            out.truncate(start);
        }
        out.push_str(line);
    }
    out
}

/// Where the hyphen stands, when the text ends in a divided word.
fn divided_word_length(text: &str) -> Option<usize> {
    let start = text
        .strip_suffix('\n')?
        .strip_suffix(['-', '\u{ad}', '‐'])?;
    start.ends_with(char::is_alphabetic).then_some(start.len())
}

fn goes_on(line: &str) -> bool {
    let end = line
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(line.len());
    line.starts_with(char::is_lowercase) && !CONJUNCTIONS.contains(&&line[..end])
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn divided_words_are_joined() {
        assert_eq!(
            join("die Ver-\nsicherung der\nStadt"),
            "die Versicherung der\nStadt"
        );
        assert_eq!(join("Ver\u{ad}\nsiche-\nrung"), "Versicherung");
    }

    #[test]
    fn hyphens_inside_words_and_before_conjunctions_stay() {
        for text in [
            "Vor-\nund Zuname",
            "Süd-\nAmerika",
            "10-\nmal",
            "a -\nb",
            "ab-\n\ncd",
            "-\nx",
        ] {
            assert_eq!(join(text), text);
        }
    }
}
