use std::time::Duration;

use super::{Email, Role};
use crate::ids::{InviteId, UserId};
use crate::timestamp::Timestamp;

/// Lets one person make an account. The vault keeps the link's digest only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Its id.
    pub id: InviteId,
    /// The one address it is for, if it is for one only.
    pub email: Option<Email>,
    /// What the new account may do.
    pub role: Role,
    /// Who made it, while there is such an account.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// Where an invitation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InviteState {
    /// It can be used.
    Open,
    /// It was.
    Used,
    /// It is over.
    Expired,
}

impl Invite {
    /// How long one lasts unless something else is said.
    pub const LASTS: Duration = Duration::from_hours(7 * 24);
    /// How long one may last.
    pub const MAX_DAYS: u32 = 90;

    /// Where it is at `now`.
    pub fn state(&self, now: Timestamp) -> InviteState {
        if self.used_at.is_some() {
            InviteState::Used
        } else if self.expires_at <= now {
            InviteState::Expired
        } else {
            InviteState::Open
        }
    }
}
