use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::Document;
use crate::caller::Caller;
use crate::fault::PortError;
use crate::ids::DocumentId;
use crate::ports::{
    ByteRange, ByteStream, Disposition, ObjectKey, StorageBackend, StorageError, Store,
};

/// Hands out a document's bytes, whatever became of reading it, and the thumbnail of its first page.
pub struct DownloadDocument {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Where the bytes are.
    pub storage: Arc<dyn StorageBackend>,
}

/// A document whose bytes were found.
#[derive(Debug)]
pub struct Content {
    /// The document.
    pub document: Document,
    key: ObjectKey,
}

/// Why there are no bytes.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// The caller has no such document.
    #[error("no such document")]
    NotFound,
    /// There is no picture of the document's first page.
    #[error("no thumbnail")]
    NoThumbnail,
    /// The store for the bytes failed.
    #[error("the bytes cannot be read")]
    Storage(#[from] StorageError),
    /// The database failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl DownloadDocument {
    /// Finds the caller's document and its object.
    pub async fn locate(&self, caller: &Caller, id: DocumentId) -> Result<Content, DownloadError> {
        let document = self
            .store
            .documents()
            .find(caller, id)
            .await?
            .ok_or(DownloadError::NotFound)?;
        let object = self
            .store
            .objects()
            .original(id)
            .await?
            .ok_or(DownloadError::NotFound)?;
        Ok(Content {
            document,
            key: object.key,
        })
    }

    /// Opens the bytes, or the part that lies within the document's size.
    pub async fn open(
        &self,
        content: &Content,
        range: Option<ByteRange>,
    ) -> Result<ByteStream, DownloadError> {
        Ok(self.storage.get(&content.key, range).await?)
    }

    /// An address of the object store itself, where it has such a thing.
    pub(super) async fn presign(
        &self,
        content: &Content,
        lasts: Duration,
        disposition: &Disposition,
    ) -> Result<Option<String>, DownloadError> {
        let url = self.storage.presign_get(&content.key, lasts, disposition);
        Ok(url.await?)
    }
}
