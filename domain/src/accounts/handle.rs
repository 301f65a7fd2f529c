use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How people name each other: 3 to 32 of `a` to `z`, digits, `.`, `_` and `-`, in any case, with a
/// letter or digit at both ends. Two handles that differ in case only are the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(String);

/// The handle has another shape.
#[derive(Debug, PartialEq, Eq, Error)]
#[error(
    "A handle has 3 to 32 letters from a to z, digits, dots, hyphens and underscores, \
     and begins and ends with a letter or digit."
)]
pub struct InvalidHandle;

impl Handle {
    /// Checks the shape; keeps the case that was typed.
    pub fn parse(text: &str) -> Result<Self, InvalidHandle> {
        let text = text.trim();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        let bytes = text.as_bytes();
        let fits = (3..=32).contains(&bytes.len())
            && bytes.iter().copied().all(allowed)
            && ends(bytes.first().copied())
            && ends(bytes.last().copied());
        fits.then(|| Self(text.to_owned())).ok_or(InvalidHandle)
    }

    /// Where nothing better is known.
    pub(super) fn somebody() -> Self {
        Self("somebody".to_owned())
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

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_parsed_or_refused_by_its_shape() {
        for good in ["ada", "Ada.Lovelace", "a-b", "x_1", "007", &"a".repeat(32)] {
            assert_eq!(Handle::parse(good).unwrap().as_str(), good);
        }
        assert_eq!(Handle::parse(" Ada ").unwrap().key(), "ada");
        for bad in [
            "",
            "ab",
            ".ada",
            "ada-",
            "a b c",
            "ädä",
            "a@b",
            &"a".repeat(33),
        ] {
            assert_eq!(Handle::parse(bad), Err(InvalidHandle), "{bad}");
        }
    }
}
