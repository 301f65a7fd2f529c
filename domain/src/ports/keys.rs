//! The keys that access tokens are signed with, as the database keeps them.

use async_trait::async_trait;
use uuid::Uuid;

use crate::fault::PortError;
use crate::timestamp::Timestamp;

/// A signing key, its secret sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedKey {
    /// Its name, which stands in every token.
    pub id: Uuid,
    /// Counts up from 1.
    pub number: u64,
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// From when on it signs, so that by then every replica knows it.
    pub signs_from: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

/// The signing keys of all replicas.
#[async_trait]
pub trait SigningKeyRepo: Send + Sync {
    /// All of them, the newest first.
    async fn list(&self) -> Result<Vec<SealedKey>, PortError>;
    /// Adds one; `false` when there is one with this number: another replica was faster.
    async fn add(&self, key: &SealedKey) -> Result<bool, PortError>;
    /// Removes one.
    async fn remove(&self, id: Uuid) -> Result<(), PortError>;
}
