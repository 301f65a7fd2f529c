use std::fmt;
use std::sync::LazyLock;

use thiserror::Error;

use crate::ports::{HashError, PasswordHash, PasswordHasher, Tokens};

/// A password as somebody typed it. Never shown, never stored; at most [`Self::MAX_BYTES`], so that
/// hashing one costs what hashing any costs.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a password cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WeakPassword {
    /// Fewer than twelve characters.
    #[error("A password has at least 12 characters.")]
    TooShort,
    /// More than a kibibyte.
    #[error("A password has at most 1,024 bytes.")]
    TooLong,
    /// On the list of passwords that are tried first.
    #[error("This password is one of those that are tried first. Choose another one.")]
    Common,
    /// The person's own handle or e-mail address.
    #[error("A password must not be your handle or e-mail address.")]
    OwnName,
}

impl Password {
    /// The shortest new password, in characters (OWASP ASVS 5.0, 6.2.1 asks for 8, advises 15).
    pub const MIN_CHARS: usize = 12;
    /// The longest, in bytes.
    pub const MAX_BYTES: usize = 1024;

    /// A password that is compared with a stored one: any of a length that can have been taken.
    pub fn given(text: &str) -> Option<Self> {
        (text.len() <= Self::MAX_BYTES).then(|| Self(text.to_owned()))
    }

    /// A new password for a person with these names. No rules on kinds of characters: they make
    /// passwords worse (NIST SP 800-63B-4, 3.1.1.2).
    pub fn choose(text: &str, own_names: &[&str]) -> Result<Self, WeakPassword> {
        if text.len() > Self::MAX_BYTES {
            return Err(WeakPassword::TooLong);
        }
        if text.chars().count() < Self::MIN_CHARS {
            return Err(WeakPassword::TooShort);
        }
        let folded = text.to_lowercase();
        if own_names.iter().any(|name| name.to_lowercase() == folded) {
            return Err(WeakPassword::OwnName);
        }
        if is_common(&folded) {
            return Err(WeakPassword::Common);
        }
        Ok(Self(text.to_owned()))
    }

    /// One that nobody knows; checking it takes as long as checking any.
    pub(super) fn nobodys(tokens: &dyn Tokens) -> Self {
        Self(tokens.secret().0)
    }

    /// What was typed, for hashing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Sorted, lower case, of at least [`Password::MIN_CHARS`] characters, one a line; where from stands in
/// `common_passwords.md`.
static COMMON: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

fn is_common(folded: &str) -> bool {
    COMMON.binary_search(&folded).is_ok()
}

/// Whether `typed` is the stored password. Takes as long where none is stored, and no time for what is too
/// long to be one.
pub(super) async fn is_right(
    hasher: &dyn PasswordHasher,
    typed: &str,
    stored: Option<&PasswordHash>,
) -> Result<bool, HashError> {
    match Password::given(typed) {
        Some(typed) => hasher.verify(&typed, stored).await,
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_common_ones_is_in_order() {
        assert!(COMMON.is_sorted_by(|one, next| one < next));
        assert!((1_000..10_000).contains(&COMMON.len()));
        for line in COMMON.iter() {
            assert!(line.len() >= Password::MIN_CHARS, "{line}");
            assert!(line.bytes().all(|byte| byte.is_ascii_graphic()), "{line}");
            assert_eq!(line.to_lowercase(), *line);
        }
    }

    #[test]
    fn a_password_is_refused_when_short_long_common_or_like_the_name() {
        let choose = |text: &str| Password::choose(text, &["ada", "Ada.Lovelace@example.org"]);
        for good in [
            "twelve chars",
            "only lower case words",
            "ääääääääääää",
            &"x7".repeat(512),
        ] {
            assert_eq!(choose(good).unwrap().reveal(), good);
        }
        let long = "x7".repeat(512) + "x";
        let first = COMMON.first().unwrap();
        let last = COMMON.last().unwrap();
        for (bad, why) in [
            ("", WeakPassword::TooShort),
            ("eleven char", WeakPassword::TooShort),
            ("äääääääääää", WeakPassword::TooShort),
            (long.as_str(), WeakPassword::TooLong),
            ("ada.lovelace@EXAMPLE.org", WeakPassword::OwnName),
            ("password1234", WeakPassword::Common),
            ("PassWord1234", WeakPassword::Common),
            ("123456789012", WeakPassword::Common),
            ("qwertyuiop12", WeakPassword::Common),
            (first, WeakPassword::Common),
            (last, WeakPassword::Common),
        ] {
            assert_eq!(choose(bad), Err(why), "{bad}");
        }
    }

    #[test]
    fn given_and_never_shown() {
        assert!(Password::given("").is_some());
        assert!(Password::given(&"x".repeat(Password::MAX_BYTES)).is_some());
        assert!(Password::given(&"x".repeat(Password::MAX_BYTES + 1)).is_none());
        assert_eq!(format!("{:?}", Password::given("secret")), "Some(***)");
    }
}
