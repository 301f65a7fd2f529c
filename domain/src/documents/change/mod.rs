//! What people do with documents that the vault has: one verb a file.

mod bulk;
mod delete;
mod edit;
mod reprocess;
mod topics;
mod trash;

use std::sync::Arc;

use thiserror::Error;

pub use bulk::{BulkAction, BulkError, BulkOutcome, BulkSelection};
pub use edit::{Edits, Patch};
pub use topics::TopicRef;

use super::Document;
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::{DocumentId, JobId};
use crate::ports::{Event, EventBody, EventBus, ObjectRow, Queue, Repos, StorageBackend};

/// Changes documents. Every verb locks the row, decides, writes row and audit line in one short
/// transaction, and tells the world afterwards.
pub struct ChangeDocuments {
    /// Database, clock and ids.
    pub core: Core,
    /// Where the bytes are.
    pub storage: Arc<dyn StorageBackend>,
    /// Hears of what changed.
    pub events: Arc<dyn EventBus>,
    /// Hears of new jobs.
    pub queue: Arc<dyn Queue>,
}

/// Why a document was not changed.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// The caller has no such document.
    #[error("no such document")]
    NotFound,
    /// It is not the version that the caller knows; it is this one.
    #[error("the document is at version {0} by now")]
    RevisionMismatch(u32),
    /// The caller has no such topic.
    #[error("no such topic: {0}")]
    UnknownTopic(String),
    /// That is no name for a topic.
    #[error("not a topic name: {0}")]
    InvalidTopic(String),
    /// The database failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What a change owes the world once it is committed.
#[derive(Default)]
struct PostCommit {
    events: Vec<Event>,
    jobs: Vec<JobId>,
    to_delete: Vec<ObjectRow>,
}

impl PostCommit {
    fn updated(&mut self, document: &Document) {
        let body = EventBody::DocumentUpdated {
            document: Box::new(document.clone()),
        };
        self.events.push(Event {
            owner: document.owner,
            body,
        });
    }
}

impl ChangeDocuments {
    /// Nothing here can fail the change: events may be lost, jobs are found by their due time, and
    /// the sweep removes what is left in the store.
    async fn publish(&self, post_commit: PostCommit) {
        for event in &post_commit.events {
            if let Err(error) = self.events.publish(event).await {
                tracing::warn!(%error, "an event was not delivered");
            }
        }
        if !post_commit.jobs.is_empty()
            && let Err(error) = self.queue.publish(&post_commit.jobs).await
        {
            tracing::warn!(%error, "jobs wait until a worker looks for them");
        }
        for object in post_commit.to_delete {
            if let Err(error) = self.storage.delete(&object.key).await {
                tracing::warn!(object = %object.key, %error, "an object is left to the sweep");
                continue;
            }
            let forget = async {
                let unit = self.core.begin().await?;
                unit.objects().forget(object.id).await?;
                unit.commit().await
            };
            if let Err(error) = forget.await {
                tracing::warn!(object = %object.key, %error, "a registry row is left to the sweep");
            }
        }
    }
}

/// The caller's document, held until the unit of work ends.
async fn locked(
    repos: &dyn Repos,
    caller: &Caller,
    id: DocumentId,
) -> Result<Document, ChangeError> {
    repos
        .documents()
        .lock(caller, id)
        .await?
        .ok_or(ChangeError::NotFound)
}
