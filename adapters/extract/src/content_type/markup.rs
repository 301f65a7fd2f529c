//! Web pages.

/// How a text shows that it is HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Html {
    /// It begins as a page does.
    Page,
    /// It begins with a tag that may stand in other texts as well.
    Fragment,
}

const PAGE: [&str; 8] = [
    "<!doctype html",
    "<html",
    "<head",
    "<body",
    "<script",
    "<style",
    "<title",
    "<meta",
];

const FRAGMENT: [&str; 12] = [
    "<iframe", "<div", "<span", "<table", "<font", "<h1", "<p", "<a", "<b", "<br", "<img",
    "<center",
];

/// Whether a text is HTML, by its first tag.
pub(super) fn html(text: &str) -> Option<Html> {
    let start = skip_preamble(text);
    if PAGE.iter().any(|tag| begins_with_tag(start, tag)) {
        Some(Html::Page)
    } else if FRAGMENT.iter().any(|tag| begins_with_tag(start, tag)) {
        Some(Html::Fragment)
    } else {
        None
    }
}

/// What follows white space, comments and the declaration of XML.
fn skip_preamble(text: &str) -> &str {
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    loop {
        let after = if let Some(comment) = rest.strip_prefix("<!--") {
            comment.split_once("-->")
        } else if let Some(declaration) = rest.strip_prefix("<?") {
            declaration.split_once("?>")
        } else {
            return rest;
        };
        let Some((_, after)) = after else { return "" };
        rest = after.trim_start();
    }
}

fn begins_with_tag(text: &str, tag: &str) -> bool {
    let Some((start, rest)) = text.split_at_checked(tag.len()) else {
        return false;
    };
    start.eq_ignore_ascii_case(tag)
        && rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/')
}
