//! How much a person keeps, and may keep.

use async_trait::async_trait;

use crate::fault::PortError;
use crate::ids::UserId;

/// What somebody keeps, in bytes of documents as they were handed in, those in the trash included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// So much.
    pub used_bytes: u64,
    /// Of so much. Less than what is used after an administrator has lowered it.
    pub limit_bytes: u64,
}

impl Quota {
    /// Whether `bytes` more are within the limit.
    pub const fn has_room_for(self, bytes: u64) -> bool {
        self.used_bytes.saturating_add(bytes) <= self.limit_bytes
    }
}

/// Counts exactly: in the transaction of what is counted.
#[async_trait]
pub trait QuotaRepo: Send + Sync {
    /// The quota of an account, `None` where there is no such account.
    async fn of(&self, user: UserId) -> Result<Option<Quota>, PortError>;
    /// Counts `bytes` more, unless they exceed the limit; then `false`, and nothing is counted. Of
    /// parallel calls no more succeed than there is room for.
    async fn charge(&self, user: UserId, bytes: u64) -> Result<bool, PortError>;
    /// Counts `bytes` less.
    async fn refund(&self, user: UserId, bytes: u64) -> Result<(), PortError>;
}
