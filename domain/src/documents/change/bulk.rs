use std::collections::HashSet;

use thiserror::Error;

use super::topics::{decide, resolve};
use super::{ChangeDocuments, ChangeError, PostCommit, TopicRef, locked};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::documents::TopicState;
use crate::fault::PortError;
use crate::ids::{DocumentId, TopicId};
use crate::learning::train;
use crate::ports::{DocumentFilter, Repos};
use crate::timestamp::Timestamp;

/// Documents changed in one transaction: short enough for a single writer.
const BATCH: usize = 100;

/// What is done to each document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkAction {
    /// Into the trash.
    Trash,
    /// Out of the trash.
    Restore,
    /// Gone for ever.
    Delete,
    /// Filed under these as well.
    AddTopics(Vec<TopicRef>),
    /// No longer filed under these.
    RemoveTopics(Vec<TopicRef>),
    /// Read and filed again.
    Reprocess,
}

/// To which documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkSelection {
    /// These, at most [`BulkSelection::MAX_IDS`].
    Ids(Vec<DocumentId>),
    /// All that the filter matches, but for these.
    Filter(Box<DocumentFilter>, HashSet<DocumentId>),
}

impl BulkSelection {
    /// The most ids one call may name.
    pub const MAX_IDS: usize = 500;
}

/// What became of one document.
#[derive(Debug)]
pub struct BulkOutcome {
    /// Which.
    pub id: DocumentId,
    /// Done, or why not.
    pub result: Result<(), ChangeError>,
}

/// Why nothing was done.
#[derive(Debug, Error)]
pub enum BulkError {
    /// Too many ids.
    #[error("at most {} ids", BulkSelection::MAX_IDS)]
    TooMany,
    /// A topic that the caller does not have, or an unusable name.
    #[error(transparent)]
    Topic(ChangeError),
    /// The database failed; earlier batches stand.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl ChangeDocuments {
    /// Does one thing to many documents, in batches; each answers for itself.
    pub async fn bulk(
        &self,
        caller: &Caller,
        action: BulkAction,
        selection: BulkSelection,
    ) -> Result<Vec<BulkOutcome>, BulkError> {
        if let BulkSelection::Ids(ids) = &selection
            && ids.len() > BulkSelection::MAX_IDS
        {
            return Err(BulkError::TooMany);
        }
        let plan = self.plan(caller, action).await?;
        let mut outcomes = Vec::new();
        match selection {
            BulkSelection::Ids(ids) => {
                let mut seen = HashSet::new();
                let ids: Vec<_> = ids.into_iter().filter(|id| seen.insert(*id)).collect();
                for batch in ids.chunks(BATCH) {
                    self.run_batch(caller, &plan, batch, &mut outcomes).await?;
                }
            }
            BulkSelection::Filter(filter, except) => {
                let mut after = None;
                loop {
                    let limit = u32::try_from(BATCH).unwrap_or(u32::MAX);
                    let page = self
                        .core
                        .store
                        .documents()
                        .ids(caller, &filter, after, limit)
                        .await?;
                    let Some(last) = page.last().copied() else {
                        break;
                    };
                    let batch: Vec<_> =
                        page.into_iter().filter(|id| !except.contains(id)).collect();
                    self.run_batch(caller, &plan, &batch, &mut outcomes).await?;
                    after = Some(last);
                }
            }
        }
        Ok(outcomes)
    }

    /// Names become ids before the first document is touched.
    async fn plan(&self, caller: &Caller, action: BulkAction) -> Result<Plan, BulkError> {
        let (topics, state) = match action {
            BulkAction::Trash => return Ok(Plan::SetTrashed(true)),
            BulkAction::Restore => return Ok(Plan::SetTrashed(false)),
            BulkAction::Delete => return Ok(Plan::Delete),
            BulkAction::Reprocess => return Ok(Plan::Reprocess),
            BulkAction::AddTopics(topics) => (topics, TopicState::Applied),
            BulkAction::RemoveTopics(topics) => (topics, TopicState::Rejected),
        };
        let unit = self.core.begin().await?;
        let mut ids = Vec::new();
        for topic in &topics {
            // Taking away what is not there must not make it.
            if let (TopicRef::Name(name), TopicState::Rejected) = (topic, state)
                && unit.topics().find_by_name(caller, name).await?.is_none()
            {
                let unknown = ChangeError::UnknownTopic(name.to_string());
                return Err(BulkError::Topic(unknown));
            }
            let id = resolve(&*unit, &*self.core.ids, caller, topic, self.core.now()).await;
            let id = id.map_err(BulkError::Topic)?;
            if unit.topics().find(caller, id).await?.is_none() {
                return Err(BulkError::Topic(ChangeError::UnknownTopic(id.to_string())));
            }
            ids.push(id);
        }
        unit.commit().await?;
        Ok(Plan::Topics(ids, state))
    }

    async fn run_batch(
        &self,
        caller: &Caller,
        plan: &Plan,
        batch: &[DocumentId],
        outcomes: &mut Vec<BulkOutcome>,
    ) -> Result<(), BulkError> {
        let mut post_commit = PostCommit::default();
        let now = self.core.now();
        let unit = self.core.begin().await?;
        // Rows are locked in one order everywhere, so that two bulk calls cannot deadlock.
        let mut batch = batch.to_vec();
        batch.sort_unstable();
        for id in batch {
            let result = self
                .run_one(&*unit, caller, plan, id, now, &mut post_commit)
                .await;
            match result {
                Err(ChangeError::Port(error)) => return Err(error.into()),
                result => outcomes.push(BulkOutcome { id, result }),
            }
        }
        unit.commit().await?;
        self.publish(post_commit).await;
        Ok(())
    }

    async fn run_one(
        &self,
        repos: &dyn Repos,
        caller: &Caller,
        plan: &Plan,
        id: DocumentId,
        now: Timestamp,
        post_commit: &mut PostCommit,
    ) -> Result<(), ChangeError> {
        match plan {
            Plan::SetTrashed(trashed) => {
                self.move_trash(repos, caller, id, *trashed, now, post_commit)
                    .await?;
            }
            Plan::Delete => self.remove(repos, caller, id, now, post_commit).await?,
            Plan::Reprocess => {
                self.requeue(repos, caller, id, now, post_commit).await?;
            }
            Plan::Topics(topics, state) => {
                let mut document = locked(repos, caller, id).await?;
                for topic in topics {
                    decide(repos, caller, &document, *topic, *state, now).await?;
                }
                train(repos, &document).await?;
                document.touch(now);
                repos.documents().update(&document).await?;
                self.core
                    .audit_line(caller, Action::DocumentEdited, Resource::Document(id))
                    .write(repos)
                    .await?;
                post_commit.updated(&locked(repos, caller, id).await?);
            }
        }
        Ok(())
    }
}

/// A bulk action whose topics are known.
enum Plan {
    SetTrashed(bool),
    Delete,
    Reprocess,
    Topics(Vec<TopicId>, TopicState),
}
