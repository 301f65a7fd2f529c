use docuvault_domain::ports::Disposition;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the `attr-char` of RFC 8187.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The value of `Content-Disposition` (RFC 6266). The plain name is for clients that do not know
/// the other one.
pub(super) fn header_value(disposition: &Disposition) -> String {
    let name = match disposition {
        Disposition::Inline => return "inline".to_owned(),
        Disposition::Attachment(name) => name,
    };
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '%' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    let encoded = utf8_percent_encode(name, ENCODED);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_and_break_nothing() {
        assert_eq!(header_value(&Disposition::Inline), "inline");
        let name = "Süd \"50%\"; a=b\r\n.pdf";
        assert_eq!(
            header_value(&Disposition::Attachment(name.to_owned())),
            "attachment; filename=\"S_d _50__; a=b__.pdf\"; \
             filename*=UTF-8''S%C3%BCd%20%2250%25%22%3B%20a%3Db%0D%0A.pdf"
        );
    }
}
