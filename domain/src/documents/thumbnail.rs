use super::download::{DownloadDocument, DownloadError};
use crate::caller::Caller;
use crate::ids::DocumentId;
use crate::ports::{ByteStream, StorageError, StoredObject};

impl DownloadDocument {
    /// The picture of the first page of the caller's document, in the trash or not: a WebP file.
    /// [`DownloadError::NoThumbnail`] where the document has none.
    pub async fn locate_thumbnail(
        &self,
        caller: &Caller,
        id: DocumentId,
    ) -> Result<StoredObject, DownloadError> {
        // The object registry knows nothing of owners: whose document it is comes first.
        let document = self.store.documents().find(caller, id).await?;
        let document = document.ok_or(DownloadError::NotFound)?;
        let thumbnail = self.store.objects().thumbnail(document.id).await?;
        thumbnail.ok_or(DownloadError::NoThumbnail)
    }

    /// Opens its bytes. A picture that is lost, or was replaced this very moment, is none: reading
    /// the document again makes another.
    pub async fn open_thumbnail(
        &self,
        thumbnail: &StoredObject,
    ) -> Result<ByteStream, DownloadError> {
        match self.storage.get(&thumbnail.key, None).await {
            Err(StorageError::NotFound) => Err(DownloadError::NoThumbnail),
            other => Ok(other?),
        }
    }
}
