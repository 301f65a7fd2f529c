//! The registry of stored bytes: no byte without a row, no row without a byte.

use async_trait::async_trait;

use super::{ObjectKey, Stored};
use crate::documents::{Sha256, StorageKind};
use crate::fault::PortError;
use crate::ids::{DocumentId, ObjectId};
use crate::timestamp::Timestamp;

/// What an object is to its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// The bytes as they were handed in.
    Original,
    /// A thumbnail of the first page, made from them.
    Thumbnail,
}

impl ObjectKind {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Thumbnail => "thumbnail",
        }
    }

    /// From the stored name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "original" => Some(Self::Original),
            "thumbnail" => Some(Self::Thumbnail),
            _ => None,
        }
    }
}

/// Where an object is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectState {
    /// The row stands, the bytes may be on their way; valid while the lease lasts.
    Writing,
    /// Whole, and part of a document.
    Live,
    /// To be removed from the store, then from the object registry.
    Deleting,
}

/// A row of the object registry.
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

/// An object that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredObject {
    /// The name in the store.
    pub key: ObjectKey,
    /// Size and hash of its bytes.
    pub stored: Stored,
}

/// The object registry.
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
    /// `Writing` → `Live`, in the unit of work that makes the document or holds its lock; `false`
    /// when a sweep has taken the row, in which case the bytes are nobody's.
    async fn make_live(
        &self,
        id: ObjectId,
        size: u64,
        sha256: &Sha256,
        now: Timestamp,
    ) -> Result<bool, PortError>;
    /// The live original of a document.
    async fn original(&self, document: DocumentId) -> Result<Option<ObjectRow>, PortError>;
    /// The live picture of a document's first page.
    async fn thumbnail(&self, document: DocumentId) -> Result<Option<StoredObject>, PortError>;
    /// The document's live thumbnails but for `kept` → `Deleting`.
    async fn retire_thumbnails(
        &self,
        document: DocumentId,
        kept: ObjectId,
        now: Timestamp,
    ) -> Result<(), PortError>;
    /// All of a document's live objects → `Deleting`; returns them. What is in `Writing` stays its
    /// writer's, who finds the document gone, or the sweep's: nothing is removed under a `put`.
    async fn mark_deleting(
        &self,
        document: DocumentId,
        now: Timestamp,
    ) -> Result<Vec<ObjectRow>, PortError>;
    /// One object in `Writing` → `Deleting`, after its upload failed or nobody wants it any more.
    async fn abandon(&self, id: ObjectId, now: Timestamp) -> Result<(), PortError>;
    /// Rows in `Writing` whose lease ran out before `now` → `Deleting`; then up to `limit` rows in
    /// `Deleting`, oldest first.
    async fn sweepable(&self, now: Timestamp, limit: u32) -> Result<Vec<ObjectRow>, PortError>;
    /// Takes a row in `Deleting` out of the object registry, once its bytes are gone.
    async fn forget(&self, id: ObjectId) -> Result<(), PortError>;
}
