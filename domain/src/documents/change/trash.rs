use super::{ChangeDocuments, ChangeError, PostCommit, locked};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::documents::Document;
use crate::ids::DocumentId;
use crate::ports::Repos;
use crate::timestamp::Timestamp;

impl ChangeDocuments {
    /// Moves the document to the trash; what is there already stays as it is.
    pub async fn trash(&self, caller: &Caller, id: DocumentId) -> Result<Document, ChangeError> {
        self.set_trashed(caller, id, true).await
    }

    /// Brings the document back from the trash; what is not there stays as it is.
    pub async fn restore(&self, caller: &Caller, id: DocumentId) -> Result<Document, ChangeError> {
        self.set_trashed(caller, id, false).await
    }

    async fn set_trashed(
        &self,
        caller: &Caller,
        id: DocumentId,
        trashed: bool,
    ) -> Result<Document, ChangeError> {
        let mut post_commit = PostCommit::default();
        let unit = self.core.begin().await?;
        let now = self.core.now();
        let document = self
            .move_trash(&*unit, caller, id, trashed, now, &mut post_commit)
            .await?;
        unit.commit().await?;
        self.publish(post_commit).await;
        Ok(document)
    }

    pub(super) async fn move_trash(
        &self,
        repos: &dyn Repos,
        caller: &Caller,
        id: DocumentId,
        trashed: bool,
        now: Timestamp,
        post_commit: &mut PostCommit,
    ) -> Result<Document, ChangeError> {
        let mut document = locked(repos, caller, id).await?;
        if document.trashed_at.is_some() == trashed {
            return Ok(document);
        }
        document.trashed_at = trashed.then_some(now);
        document.touch(now);
        repos.documents().update(&document).await?;
        let action = if trashed {
            Action::DocumentTrashed
        } else {
            Action::DocumentRestored
        };
        self.core
            .audit_line(caller, action, Resource::Document(id))
            .write(repos)
            .await?;
        post_commit.updated(&document);
        Ok(document)
    }
}
