//! Kinds of text.

use docuvault_domain::documents::MimeType;

use super::{mail, markup};
use crate::charset::{self, is_binary_control};

/// The characters of the head, when it is text. Characters of old encodings come out wrong, which
/// does not matter for the ASCII that is looked for.
pub(super) fn sample(head: &[u8]) -> Option<String> {
    let text = match charset::unicode(head) {
        Some(encoding) => encoding.decode(head).0.into_owned(),
        None if infer::get(head).is_none() => head.iter().copied().map(char::from).collect(),
        None => return None,
    };
    (!text.chars().any(is_binary_control)).then_some(text)
}

/// What a text is by what it says.
pub(super) fn kind(text: &str, extension: &str) -> Option<MimeType> {
    match markup::html(text) {
        Some(markup::Html::Page) => return Some(MimeType::Html),
        // Markdown may begin with a tag
        Some(markup::Html::Fragment) if !is_markdown(extension) => return Some(MimeType::Html),
        _ => {}
    }
    mail::is_mail(text).then_some(MimeType::Eml)
}

/// What a text is by its name, when it does not say it.
pub(super) fn by_extension(extension: &str) -> MimeType {
    match extension {
        "csv" => MimeType::Csv,
        _ if is_markdown(extension) => MimeType::Markdown,
        _ => MimeType::Text,
    }
}

fn is_markdown(extension: &str) -> bool {
    matches!(extension, "md" | "markdown")
}
