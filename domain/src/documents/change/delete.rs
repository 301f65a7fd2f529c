use super::{ChangeDocuments, ChangeError, PostCommit, locked};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::ids::DocumentId;
use crate::ports::{Event, EventBody, Repos};
use crate::timestamp::Timestamp;

impl ChangeDocuments {
    /// Deletes the document and its bytes for ever.
    pub async fn delete(&self, caller: &Caller, id: DocumentId) -> Result<(), ChangeError> {
        let mut post_commit = PostCommit::default();
        let unit = self.core.begin().await?;
        self.remove(&*unit, caller, id, self.core.now(), &mut post_commit)
            .await?;
        unit.commit().await?;
        self.publish(post_commit).await;
        Ok(())
    }

    pub(super) async fn remove(
        &self,
        repos: &dyn Repos,
        caller: &Caller,
        id: DocumentId,
        now: Timestamp,
        post_commit: &mut PostCommit,
    ) -> Result<(), ChangeError> {
        let document = locked(repos, caller, id).await?;
        post_commit
            .to_delete
            .extend(repos.objects().mark_deleting(id, now).await?);
        repos.documents().remove(id).await?;
        repos
            .quotas()
            .refund(document.owner, document.size_bytes)
            .await?;
        self.core
            .audit_line(caller, Action::DocumentDeleted, Resource::Document(id))
            .write(repos)
            .await?;
        let body = EventBody::DocumentDeleted { id };
        post_commit.events.push(Event {
            owner: document.owner,
            body,
        });
        Ok(())
    }
}
