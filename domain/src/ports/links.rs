//! One-time links: to choose a new password, and to join.

use async_trait::async_trait;

use super::ResetRequest;
use crate::accounts::Invite;
use crate::documents::Sha256;
use crate::fault::PortError;
use crate::ids::{InviteId, UserId};
use crate::timestamp::Timestamp;

/// Links by which a person chooses a new password, at most one each, and requests for such links.
#[async_trait]
pub trait ResetRepo: Send + Sync {
    /// Notes that somebody asked for a link.
    async fn ask(&self, request: &ResetRequest) -> Result<(), PortError>;
    /// Whether anybody has asked. Cheap.
    async fn any_asked(&self) -> Result<bool, PortError>;
    /// The oldest request, which is gone once the unit is committed. Parallel calls get different ones.
    async fn take_request(&self) -> Result<Option<ResetRequest>, PortError>;
    /// Makes the link with this digest the one of `user`; an earlier one opens nothing any more.
    async fn put(
        &self,
        user: UserId,
        digest: &Sha256,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), PortError>;
    /// Whose link has this digest, unless it is over at `now`.
    async fn find(&self, digest: &Sha256, now: Timestamp) -> Result<Option<UserId>, PortError>;
    /// As [`Self::find`], and uses the link up. Of many at once one gets it.
    async fn take(&self, digest: &Sha256, now: Timestamp) -> Result<Option<UserId>, PortError>;
    /// Takes the link of `user` back.
    async fn remove(&self, user: UserId) -> Result<(), PortError>;
    /// Removes links that were over before `before`; returns how many.
    async fn purge(&self, before: Timestamp) -> Result<u64, PortError>;
}

/// Invitations.
#[async_trait]
pub trait InviteRepo: Send + Sync {
    /// Adds one whose link has this digest.
    async fn add(&self, invite: &Invite, digest: &Sha256) -> Result<(), PortError>;
    /// All of them, newest first, those that are used or over as well.
    async fn list(&self) -> Result<Vec<Invite>, PortError>;
    /// The open one with this digest at `now`.
    async fn find(&self, digest: &Sha256, now: Timestamp) -> Result<Option<Invite>, PortError>;
    /// Uses the open one up for `user`; `false` when it is not open any more. Of many at once one gets
    /// `true`.
    async fn take(&self, id: InviteId, user: UserId, now: Timestamp) -> Result<bool, PortError>;
    /// Takes one back, used or not; `false` when there is no such one.
    async fn remove(&self, id: InviteId) -> Result<bool, PortError>;
    /// Takes back those that `user` made and nobody has used.
    async fn remove_open_of(&self, user: UserId) -> Result<u64, PortError>;
    /// Removes those that were used or over before `before`; returns how many.
    async fn purge(&self, before: Timestamp) -> Result<u64, PortError>;
}
