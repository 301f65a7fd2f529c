use thiserror::Error;

use super::Scopes;
use super::edit_profile::one_line;
use crate::ids::{ApiTokenId, UserId};
use crate::timestamp::Timestamp;

/// What a person has given a program to act for them. The vault keeps the secret's digest only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// For whom it acts.
    pub user: UserId,
    /// What the person calls it.
    pub name: ApiTokenName,
    /// What it opens.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, where it does by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last shown, to the minute.
    pub last_used_at: Option<Timestamp>,
}

impl ApiToken {
    /// What every secret begins with, so that scanners of published code know it.
    pub const PREFIX: &'static str = "dv_pat_";
    /// How many a person may have.
    pub const MAX: usize = 50;
}

/// What a person calls a token: 1 to 80 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiTokenName(String);

/// The name was empty, too long or had control characters.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("A token's name has 1 to 80 characters on one line.")]
pub struct InvalidApiTokenName;

impl ApiTokenName {
    /// Checks a name that a person typed.
    pub fn parse(text: &str) -> Result<Self, InvalidApiTokenName> {
        one_line(text).map(Self).ok_or(InvalidApiTokenName)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
