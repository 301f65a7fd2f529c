//! Where bytes live.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use thiserror::Error;
use uuid::Uuid;

use crate::documents::{MimeType, Sha256, StorageKind};
use crate::ids::{DocumentId, UserId};

/// Why a stream of bytes broke off.
#[derive(Debug, Error)]
pub enum StreamError {
    /// Whoever sent the bytes went away before the end.
    #[error("the sender went away before the end")]
    Aborted,
    /// More bytes than the caller allowed.
    #[error("more than {0} bytes")]
    TooLarge(u64),
    /// Reading failed.
    #[error("reading the bytes failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

/// Bytes on their way. The end of the stream is the end of the bytes; whatever broke off says so
/// with an error item, so that a half upload can never look like a whole one.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, StreamError>> + Send>>;

/// Bytes that are in memory already, as a stream of one item.
pub fn in_one_piece(bytes: Bytes) -> ByteStream {
    Box::pin(Once(Some(bytes)))
}

struct Once(Option<Bytes>);

impl Stream for Once {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// The name of an object: opaque, written once, never derived from what people call a document.
/// `{owner}/{document}/{uuid4}{ext}`; what was stored before there were accounts has `_` for the
/// owner. Contains `[a-z0-9/_.-]` only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectKey(String);

impl ObjectKey {
    /// The key of a document's own bytes; `unique` is a random UUIDv4.
    pub fn original(owner: UserId, document: DocumentId, unique: Uuid, mime: MimeType) -> Self {
        Self::of(owner, document, unique, mime.extension())
    }

    /// The key of a thumbnail of a document's first page; `unique` is a random UUIDv4.
    pub fn thumbnail(owner: UserId, document: DocumentId, unique: Uuid) -> Self {
        Self::of(owner, document, unique, MimeType::Webp.extension())
    }

    fn of(owner: UserId, document: DocumentId, unique: Uuid, extension: &str) -> Self {
        Self(format!("{owner}/{document}/{unique}{extension}"))
    }

    /// The object that names the installation the store belongs to.
    pub fn instance_marker() -> Self {
        Self("instance.json".to_owned())
    }

    /// A key as it was read from the object registry. `None` when it could not have been made here.
    pub fn parse(text: &str) -> Option<Self> {
        let safe = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'/' | b'_' | b'.' | b'-');
        let segments_ok = text
            .split('/')
            .all(|part| !part.is_empty() && part != "." && part != "..");
        (!text.is_empty() && text.len() <= 255 && text.bytes().all(safe) && segments_ok)
            .then(|| Self(text.to_owned()))
    }

    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a `put` wrote, counted and hashed on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Bytes written.
    pub size: u64,
    /// SHA-256 of the bytes.
    pub sha256: Sha256,
}

/// A part of an object: `start..=end`, both counted from 0, `start <= end`, `end` within the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// First byte.
    pub start: u64,
    /// Last byte, included.
    pub end: u64,
}

/// How a browser treats a download (RFC 6266).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Shown in the page.
    Inline,
    /// Saved under this name.
    Attachment(String),
}

/// Why a store failed; the kind says what can be done.
#[derive(Debug, Error)]
pub enum StorageError {
    /// There is no object with that key.
    #[error("no such object")]
    NotFound,
    /// The store refuses our credentials: somebody has to connect it again.
    #[error("the store refuses our credentials")]
    Unauthorized(#[source] Box<dyn Error + Send + Sync>),
    /// The store is full.
    #[error("the store is full")]
    QuotaExceeded(#[source] Box<dyn Error + Send + Sync>),
    /// The store asks to wait this long.
    #[error("the store asks to wait")]
    RateLimited(Duration),
    /// The bytes that were to be stored broke off. Nothing was kept.
    #[error("the bytes broke off")]
    Source(#[source] StreamError),
    /// Trying again may help.
    #[error("the store does not answer as it should")]
    Transient(#[source] Box<dyn Error + Send + Sync>),
    /// Trying again does not help.
    #[error("the store refuses")]
    Permanent(#[source] Box<dyn Error + Send + Sync>),
}

/// A store of write-once objects.
#[async_trait]
pub trait StorageBackend: Send + Sync {
    /// What kind of store this is, as documents tell it.
    fn kind(&self) -> StorageKind;

    /// Stores `bytes` under `key`, hashing and counting them on the way with bounded memory. When
    /// this returns `Ok` the object is durable and whole (fsync on a filesystem, a completed PUT on
    /// S3). On `Err`, or when the future is dropped, no object is visible under `key`; remains of
    /// the attempt are removed at once where possible and by [`Self::discard`] in any case.
    /// `size_hint` is the size as far as it is known. Keys are written once: putting a key again is
    /// allowed for the instance marker only and replaces it.
    async fn put(
        &self,
        key: &ObjectKey,
        bytes: ByteStream,
        size_hint: Option<u64>,
    ) -> Result<Stored, StorageError>;

    /// The object's bytes, or the part asked for. `NotFound` comes from this call, not from the
    /// stream. The range must lie within the object: the caller knows the size from its row.
    async fn get(
        &self,
        key: &ObjectKey,
        range: Option<ByteRange>,
    ) -> Result<ByteStream, StorageError>;

    /// The object's size in bytes, `None` when it is absent.
    async fn stat(&self, key: &ObjectKey) -> Result<Option<u64>, StorageError>;

    /// Removes the object. Removing what is absent succeeds.
    async fn delete(&self, key: &ObjectKey) -> Result<(), StorageError>;

    /// Removes whatever a `put` that never returned may have left under `key`: the object, a
    /// temporary file, the parts of an unfinished multipart upload. Succeeds when there is nothing.
    async fn discard(&self, key: &ObjectKey) -> Result<(), StorageError>;

    /// A URL that serves the object for `ttl` without other credentials, `None` where the store has
    /// no such thing.
    async fn presign_get(
        &self,
        key: &ObjectKey,
        ttl: Duration,
        disposition: &Disposition,
    ) -> Result<Option<String>, StorageError>;

    /// Ok when the store can be reached and written to with our credentials.
    async fn check(&self) -> Result<(), StorageError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_opaque_and_safe() {
        let key = ObjectKey::original(
            UserId(Uuid::nil()),
            DocumentId(Uuid::nil()),
            Uuid::max(),
            MimeType::Pdf,
        );
        assert_eq!(
            key.as_str(),
            "00000000-0000-0000-0000-000000000000/00000000-0000-0000-0000-000000000000/ffffffff-ffff-ffff-ffff-ffffffffffff.pdf"
        );
        assert_eq!(ObjectKey::parse(key.as_str()), Some(key));
        for bad in ["", "/a", "a//b", "a/../b", "A", "a b", "a\\b", "ä", "a/"] {
            assert_eq!(ObjectKey::parse(bad), None, "{bad:?}");
        }
    }
}
