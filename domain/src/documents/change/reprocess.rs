use super::{ChangeDocuments, ChangeError, PostCommit, locked};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::documents::Document;
use crate::ids::{DocumentId, JobId};
use crate::ports::{Job, Repos};
use crate::timestamp::Timestamp;

impl ChangeDocuments {
    /// Reads and files the document again. What people decided stays.
    pub async fn reprocess(
        &self,
        caller: &Caller,
        id: DocumentId,
    ) -> Result<Document, ChangeError> {
        let mut post_commit = PostCommit::default();
        let unit = self.core.begin().await?;
        let now = self.core.now();
        let document = self
            .requeue(&*unit, caller, id, now, &mut post_commit)
            .await?;
        unit.commit().await?;
        self.publish(post_commit).await;
        Ok(document)
    }

    pub(super) async fn requeue(
        &self,
        repos: &dyn Repos,
        caller: &Caller,
        id: DocumentId,
        now: Timestamp,
        post_commit: &mut PostCommit,
    ) -> Result<Document, ChangeError> {
        let mut document = locked(repos, caller, id).await?;
        document.requeue(now);
        repos.documents().update(&document).await?;
        let job = Job::process(JobId(self.core.ids.v7()), &document);
        repos
            .jobs()
            .schedule(std::slice::from_ref(&job), now, now)
            .await?;
        self.core
            .audit_line(caller, Action::DocumentReprocessed, Resource::Document(id))
            .write(repos)
            .await?;
        post_commit.jobs.push(job.id);
        post_commit.updated(&document);
        Ok(document)
    }
}
