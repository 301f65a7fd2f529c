use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An e-mail address, at most 254 characters (RFC 5321 4.5.3.1.3), of the shape that browsers accept
/// in `<input type=email>` (WHATWG HTML, "valid e-mail address"). Whether it is somebody's, only a mail
/// can tell. Two addresses that differ in case only are the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

/// Not an e-mail address.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("This is not an e-mail address.")]
pub struct InvalidEmail;

impl Email {
    /// The longest address, in characters.
    pub const MAX_CHARS: usize = 254;

    /// Checks the shape; keeps the case that was typed.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let fits =
            text.len() <= Self::MAX_CHARS && is_local(local) && domain.split('.').all(is_label);
        fits.then(|| Self(text.to_owned())).ok_or(InvalidEmail)
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

fn is_local(local: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    !local.is_empty() && local.bytes().all(allowed)
}

fn is_label(label: &str) -> bool {
    let hyphen_at_end = label.starts_with('-') || label.ends_with('-');
    (1..=63).contains(&label.len())
        && !hyphen_at_end
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_parsed_or_refused_by_its_shape() {
        for good in [
            "ada@example.org",
            "a+b.c@x-y.example",
            "Ada@localhost",
            "o'neil@example.org",
        ] {
            assert_eq!(Email::parse(good).unwrap().as_str(), good);
        }
        assert_eq!(
            Email::parse(" Ada@Example.org ").unwrap().key(),
            "ada@example.org"
        );
        let long = format!("{}@example.org", "a".repeat(254));
        for bad in [
            "",
            "ada",
            "@example.org",
            "ada@",
            "a b@x.org",
            "ada@-x.org",
            "ada@x..org",
            "a\u{e4}@x.org",
            "a@x.org\r\nBcc: b@x.org",
            &long,
        ] {
            assert_eq!(Email::parse(bad), Err(InvalidEmail), "{bad:?}");
        }
    }
}
