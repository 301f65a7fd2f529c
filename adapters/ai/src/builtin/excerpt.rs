//! The part of a document that is looked at.

/// Characters from the start.
const HEAD_CHARS: usize = 20_000;
/// Characters from the end.
const TAIL_CHARS: usize = 2_000;
/// Lines that count as the top of a document: letterhead, address, subject.
const TOP_LINES: usize = 30;
/// Lines longer than this are running text.
const HEADING_CHARS: usize = 70;
/// Headings are looked for in this many lines.
const HEADING_LINES: usize = 20;

/// The start and the end of a text: bounded, however long the document is.
pub(super) struct Excerpt {
    head: String,
    tail: String,
}

impl Excerpt {
    pub(super) fn of(pages: &[String]) -> Self {
        let mut head = String::new();
        let mut room = HEAD_CHARS;
        let mut unread = ("", pages);
        while let [page, later @ ..] = unread.1 {
            let end = page
                .char_indices()
                .nth(room)
                .map_or(page.len(), |(at, _)| at);
            let (taken, left) = page.split_at(end);
            head.push_str(taken);
            head.push('\n');
            unread = (left, later);
            room = room.saturating_sub(taken.chars().count() + 1);
            if room == 0 {
                break;
            }
        }
        let (left, later) = unread;
        Self {
            head,
            tail: tail(left, later),
        }
    }

    /// The first 20,000 characters.
    pub(super) fn head(&self) -> &str {
        &self.head
    }

    /// The last 2,000 characters, as far as they are not in the head.
    pub(super) fn tail(&self) -> &str {
        &self.tail
    }

    /// The first lines that are not blank, trimmed.
    pub(super) fn top(&self) -> impl Iterator<Item = &str> {
        self.head
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .take(TOP_LINES)
    }

    /// The first lines that stand for themselves, and everything else.
    pub(super) fn headings_and_body(&self) -> (String, String) {
        let (mut headings, mut body) = (String::new(), String::new());
        let mut seen = 0;
        for line in self.head.lines() {
            let text = line.trim();
            seen += usize::from(!text.is_empty());
            let part = if seen <= HEADING_LINES && stands_alone(text) {
                &mut headings
            } else {
                &mut body
            };
            part.push_str(line);
            part.push('\n');
        }
        body.push_str(&self.tail);
        (headings, body)
    }
}

/// Whether a line is no part of a sentence or a paragraph.
fn stands_alone(line: &str) -> bool {
    !line.ends_with(['.', ',', ';', '!', '?', '-']) && line.chars().nth(HEADING_CHARS).is_none()
}

/// The last characters of `left` and the pages `later`.
fn tail(left: &str, later: &[String]) -> String {
    let mut parts = Vec::new();
    let mut room = TAIL_CHARS;
    for page in later.iter().map(String::as_str).rev().chain([left]) {
        if room == 0 {
            break;
        }
        let start = page
            .char_indices()
            .nth_back(room - 1)
            .map_or(0, |(at, _)| at);
        let part = &page[start..];
        room = room.saturating_sub(part.chars().count() + 1);
        parts.push(part);
    }
    parts.reverse();
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(pages: &[&str]) -> Excerpt {
        let pages: Vec<String> = pages.iter().map(|&page| page.to_owned()).collect();
        Excerpt::of(&pages)
    }

    #[test]
    fn a_short_text_is_kept_whole() {
        let short = excerpt(&["Title\n\n  second ", "page 2"]);
        assert_eq!(short.head(), "Title\n\n  second \npage 2\n");
        assert_eq!(short.tail(), "");
        assert_eq!(
            short.top().collect::<Vec<_>>(),
            ["Title", "second", "page 2"]
        );
        assert_eq!(excerpt(&[]).head(), "");
    }

    #[test]
    fn long_texts_lose_their_middle() {
        let long = "ä".repeat(30_000);
        let cut = excerpt(&[&long, "the end"]);
        assert_eq!(cut.head().chars().count(), HEAD_CHARS + 1);
        assert!(cut.tail().ends_with("ä\nthe end"), "{}", cut.tail());
        assert_eq!(cut.tail().chars().count(), TAIL_CHARS);
        let many = vec!["x"; 100_000];
        let cut = excerpt(&many);
        assert_eq!(cut.head().chars().count(), HEAD_CHARS);
        assert!(cut.tail().chars().count() <= TAIL_CHARS);
    }

    #[test]
    fn sentences_are_no_headings() {
        let (headings, body) =
            excerpt(&["INVOICE\n\nWe thank you.\nTotal 7 EUR"]).headings_and_body();
        assert_eq!(headings, "INVOICE\n\nTotal 7 EUR\n");
        assert_eq!(body, "We thank you.\n");
    }
}
