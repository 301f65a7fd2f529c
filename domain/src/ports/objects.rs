//! The ledger of stored bytes: no byte without a row, no row without a byte.

use async_trait::async_trait;

use super::ObjectKey;
use crate::documents::{Sha256, StorageKind};
use crate::fault::PortError;
use crate::ids::{DocumentId, ObjectId};
use crate::timestamp::Timestamp;

/// What an object is to its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// The bytes as they were handed in.
    Original,
}

/// Where an object is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectState {
    /// The row stands, the bytes may be on their way; valid while the lease lasts.
    Writing,
    /// Whole, and part of a document.
    Live,
    /// To be removed from the store, then from the ledger.
    Deleting,
}

/// A row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectRow {
    /// Its id.
    pub id: ObjectId,
    /// The document it belongs to; in `Writing` that document need not exist yet.
    pub document: DocumentId,
    /// What it is to the document.
    pub kind: ObjectKind,
    /// The name in the store.
    pub key: ObjectKey,
    /// Which store.
    pub storage: StorageKind,
    /// Where it is in its life.
    pub state: ObjectState,
}

/// The ledger.
#[async_trait]
pub trait ObjectRepo: Send + Sync {
    /// Writes a row in `Writing` before any byte is stored.
    async fn reserve(
        &self,
        row: &ObjectRow,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<(), PortError>;
    /// Moves the lease of a row in `Writing`; `false` when a sweep has taken it.
    async fn extend(&self, id: ObjectId, lease_until: Timestamp) -> Result<bool, PortError>;
    /// `Writing` → `Live`, in the unit of work that makes the document; `false` when a sweep has
    /// taken the row, in which case the upload must fail.
    async fn make_live(
        &self,
        id: ObjectId,
        size: u64,
        sha256: &Sha256,
        now: Timestamp,
    ) -> Result<bool, PortError>;
    /// The live original of a document.
    async fn original(&self, document: DocumentId) -> Result<Option<ObjectRow>, PortError>;
    /// All of a document's objects → `Deleting`; returns them.
    async fn mark_deleting(
        &self,
        document: DocumentId,
        now: Timestamp,
    ) -> Result<Vec<ObjectRow>, PortError>;
    /// One object in `Writing` → `Deleting`, after its upload failed.
    async fn abandon(&self, id: ObjectId, now: Timestamp) -> Result<(), PortError>;
    /// Rows in `Writing` whose lease ran out before `now` → `Deleting`; then up to `limit` rows in
    /// `Deleting`, oldest first.
    async fn sweepable(&self, now: Timestamp, limit: u32) -> Result<Vec<ObjectRow>, PortError>;
    /// Takes a row in `Deleting` out of the ledger, once its bytes are gone.
    async fn forget(&self, id: ObjectId) -> Result<(), PortError>;
}
