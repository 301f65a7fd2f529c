use std::net::IpAddr;

use crate::ids::{SessionId, UserId};
use crate::timestamp::Timestamp;

/// A signed-in browser or program. Its refresh token changes with every use; the session stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id, which every access token of the session names.
    pub id: SessionId,
    /// Who is signed in.
    pub user: UserId,
    /// What the browser or program calls itself, at most 256 characters; anything may stand here.
    pub user_agent: Option<String>,
    /// From where it was last refreshed.
    pub address: Option<IpAddr>,
    /// When it began.
    pub created_at: Timestamp,
    /// When its tokens were last renewed.
    pub last_used_at: Timestamp,
    /// When the person last proved who they are: signing in counts.
    pub confirmed_at: Timestamp,
    /// When it ends unless it is used before: the earlier of idle and absolute lifetime.
    pub expires_at: Timestamp,
    /// Whether an identity provider vouched for the person. Then no second factor is demanded here.
    pub single_sign_on: bool,
}
