//! Mail as it travels (RFC 5322).

/// Fields that mails have and other texts do not begin with.
const TELLING: [&str; 12] = [
    "return-path",
    "delivered-to",
    "received",
    "message-id",
    "mime-version",
    "dkim-signature",
    "from",
    "to",
    "date",
    "subject",
    "reply-to",
    "x-mailer",
];

/// Whether a text begins with the header of a mail: fields only, at least three telling ones.
pub(super) fn is_mail(text: &str) -> bool {
    let mut telling = 0;
    let complete = text.ends_with('\n');
    let mut lines = text.lines().peekable();
    let mut first = true;
    while let Some(line) = lines.next() {
        if line.is_empty() {
            break;
        }
        let cut = lines.peek().is_none() && !complete;
        let continued = !first && line.starts_with([' ', '\t']);
        match field_name(line) {
            Some(name) if !continued => {
                telling += u8::from(TELLING.iter().any(|field| field.eq_ignore_ascii_case(name)));
            }
            _ if continued || cut => {}
            _ => return false,
        }
        first = false;
    }
    telling >= 3
}

fn field_name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    let valid = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
    valid.then_some(name)
}
