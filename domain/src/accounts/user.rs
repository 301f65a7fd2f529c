use serde::{Deserialize, Serialize};

use super::{Email, Handle};
use crate::ids::UserId;
use crate::timestamp::Timestamp;

/// What an account may do beyond its own documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Nothing.
    User,
    /// Manage accounts, providers and the instance; not read what others keep.
    Admin,
}

impl Role {
    /// The name in the database and in the HTTP contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    /// From that name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "user" => Some(Self::User),
            "admin" => Some(Self::Admin),
            _ => None,
        }
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Where mail goes; unique.
    pub email: Email,
    /// How others name this person; unique.
    pub handle: Handle,
    /// What to call the person, 1 to 80 characters.
    pub display_name: String,
    /// What the account may do.
    pub role: Role,
    /// Whether a second factor is asked for.
    pub totp_enabled: bool,
    /// A BCP 47 tag, where the person chose one.
    pub locale: Option<String>,
    /// Since when it may not sign in any more.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// A new account, called by its handle.
    pub(super) fn new(
        id: UserId,
        handle: Handle,
        email: Email,
        role: Role,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            display_name: handle.as_str().to_owned(),
            email,
            handle,
            role,
            totp_enabled: false,
            locale: None,
            disabled_at: None,
            created_at: now,
            updated_at: now,
        }
    }
}
