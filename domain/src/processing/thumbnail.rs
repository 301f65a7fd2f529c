//! The picture of a document's first page: stored as an upload is, its row before its bytes.

use std::time::Duration;

use crate::documents::Document;
use crate::fault::{PortError, with_causes};
use crate::ids::ObjectId;
use crate::ports::{
    ObjectKey, ObjectKind, ObjectRow, ObjectState, Stored, Thumbnail, UnitOfWork, in_one_piece,
};
use crate::timestamp::Timestamp;

use super::ProcessDocument;

/// How long storing a few kilobytes and ending the job may take together. Nobody extends it.
const LEASE: Duration = Duration::from_mins(5);

/// A picture whose bytes are stored, while its row is still in `Writing`.
pub(super) struct StoredThumbnail {
    row: ObjectRow,
    stored: Stored,
}

impl ProcessDocument {
    /// Stores a picture. One that cannot be stored is one picture less and no more: the document is
    /// read all the same.
    pub(super) async fn store_thumbnail(
        &self,
        document: &Document,
        thumbnail: Thumbnail,
    ) -> Option<StoredThumbnail> {
        let row = ObjectRow {
            id: ObjectId(self.core.ids.v7()),
            document: document.id,
            kind: ObjectKind::Thumbnail,
            key: ObjectKey::thumbnail(document.owner, document.id, self.core.ids.v4()),
            storage: self.storage.kind(),
            state: ObjectState::Writing,
        };
        if let Err(error) = self.reserve(&row).await {
            tracing::warn!(document = %document.id, reason = with_causes(&error), "no thumbnail");
            return None;
        }
        let size = thumbnail.webp.len() as u64;
        let bytes = in_one_piece(thumbnail.webp);
        match self.storage.put(&row.key, bytes, Some(size)).await {
            Ok(stored) => Some(StoredThumbnail { row, stored }),
            Err(error) => {
                let reason = with_causes(&error);
                tracing::warn!(document = %document.id, reason, "no thumbnail");
                self.abandon(&row).await;
                None
            }
        }
    }

    async fn reserve(&self, row: &ObjectRow) -> Result<(), PortError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        unit.objects().reserve(row, now, now.plus(LEASE)).await?;
        unit.commit().await
    }

    /// Undoes a picture that did not become the document's. Best effort: the sweep does what fails.
    pub(super) async fn abandon_thumbnail(&self, thumbnail: &StoredThumbnail) {
        self.abandon(&thumbnail.row).await;
    }

    async fn abandon(&self, row: &ObjectRow) {
        match self.undo(row).await {
            Ok(true) => {}
            // A sweep came before the bytes and will not come back for them.
            Ok(false) => {
                if let Err(error) = self.storage.discard(&row.key).await {
                    tracing::error!(object = %row.key, %error, "an object without a row may be left");
                }
            }
            Err(error) => {
                tracing::warn!(object = %row.key, %error, "a thumbnail is left to the sweep");
            }
        }
    }

    /// Marks the row, which alone decides whether the bytes may go: a commit whose answer was lost
    /// may have made them live. `false` when there is no such row any more, or a sweep has it.
    async fn undo(&self, row: &ObjectRow) -> Result<bool, PortError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        let objects = unit.objects();
        let live = objects.thumbnail(row.document).await?;
        let stands = objects.extend(row.id, now).await? || live.is_some_and(|it| it.key == row.key);
        objects.abandon(row.id, now).await?;
        unit.commit().await?;
        Ok(stands)
    }
}

impl StoredThumbnail {
    /// Makes it the document's one picture, in a unit of work that holds the document's lock.
    /// `false` when a sweep has taken it for a dead one's.
    pub(super) async fn make_live(
        &self,
        unit: &dyn UnitOfWork,
        now: Timestamp,
    ) -> Result<bool, PortError> {
        let (objects, id) = (unit.objects(), self.row.id);
        let Stored { size, sha256 } = &self.stored;
        let live = objects.make_live(id, *size, sha256, now).await?;
        if live {
            objects
                .retire_thumbnails(self.row.document, id, now)
                .await?;
        }
        Ok(live)
    }
}
