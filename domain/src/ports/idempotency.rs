//! Uploads that a client may repeat without doubling them.

use async_trait::async_trait;

use crate::fault::PortError;
use crate::ids::{DocumentId, UserId};
use crate::timestamp::Timestamp;

/// A client's key: 1 to 255 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// `None` unless `text` is 1 to 255 visible ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let visible = text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ');
        ((1..=255).contains(&text.len()) && visible).then(|| Self(text.to_owned()))
    }

    /// The key as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What claiming a key found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdempotencyClaim {
    /// The key is this request's until the lease runs out.
    Granted,
    /// Another request holds it right now.
    InProgress,
    /// It was used before: the answer was this document, made from a request with this fingerprint.
    Done {
        /// The document that the first request made.
        document: DocumentId,
        /// What the first request said: the digest of the bytes, and the fields.
        fingerprint: String,
    },
}

/// The keys of the last 24 hours, per owner.
#[async_trait]
pub trait IdempotencyRepo: Send + Sync {
    /// Takes `key` until `lease_until`. A row whose lease ran out before it was completed, or that
    /// was completed and expired, is taken over. Of many parallel claims one is `Granted`.
    async fn claim(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<IdempotencyClaim, PortError>;
    /// Moves the lease of a key that is in progress.
    async fn extend(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
        lease_until: Timestamp,
    ) -> Result<(), PortError>;
    /// Ties the key to its answer until `expires_at`; part of the upload's unit of work.
    async fn complete(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
        document: DocumentId,
        fingerprint: &str,
        expires_at: Timestamp,
    ) -> Result<(), PortError>;
    /// Gives an uncompleted key back after a failed upload.
    async fn release(&self, owner: UserId, key: &IdempotencyKey) -> Result<(), PortError>;
    /// Removes keys that expired before `now`; returns how many.
    async fn purge(&self, now: Timestamp) -> Result<u64, PortError>;
}
