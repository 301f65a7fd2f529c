use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::{Document, Field, MimeType, Source, Status, Title};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::{DocumentId, JobId, ObjectId, UserId};
use crate::ports::{
    ByteStream, Event, EventBody, EventBus, IdempotencyClaim, IdempotencyKey, Job, ObjectKey,
    ObjectKind, ObjectRow, ObjectState, Queue, Quota, Repos, StorageBackend, StorageError, Stored,
    StreamError,
};

/// How long the answer to an `Idempotency-Key` is remembered.
const IDEMPOTENCY_TERM: Duration = Duration::from_hours(24);

/// Takes in a document: the object's row, then its bytes, then document, audit line and job in one
/// transaction. The answer is given only when all of it is durable.
///
/// The steps are apart because the parts of a request arrive one by one: [`Self::claim`] before the
/// body is read, [`Self::begin`] when the kind of file is known, [`Self::store`] while bytes flow,
/// [`Self::finish`] when everything has been said. [`Self::keep_alive`] is to be called every third
/// of the lease in between; whatever is not finished is undone by [`Self::abandon`] or, after a
/// crash, by the sweep.
pub struct UploadDocument {
    /// Database, clock and ids.
    pub core: Core,
    /// Where the bytes go.
    pub storage: Arc<dyn StorageBackend>,
    /// Hears of the new document.
    pub events: Arc<dyn EventBus>,
    /// Hears of the new job.
    pub queue: Arc<dyn Queue>,
    /// How long an upload may go without a sign of life.
    pub lease: Duration,
}

/// What to do when the owner has the same bytes already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnDuplicate {
    /// Keep both; the answer names the older one.
    #[default]
    Keep,
    /// Refuse the new one.
    Reject,
}

/// What the person says of the document.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// The name of the file, already cleaned by [`clean_filename`].
    pub filename: String,
    /// A title of the person's own.
    pub title: Option<Title>,
    /// What to do with a duplicate.
    pub on_duplicate: OnDuplicate,
}

impl NewDocument {
    /// What a repeated request must say again to be given the first answer.
    fn fingerprint(&self, stored: &Stored) -> String {
        let title = self.title.as_ref().map_or("", Title::as_str);
        // Neither name nor title has a line break.
        format!("{}\n{}\n{title}", stored.sha256, self.filename)
    }
}

/// An upload on its way.
#[derive(Clone, Debug)]
pub struct Ticket {
    document: DocumentId,
    object: ObjectRow,
    mime_type: MimeType,
    key: Option<IdempotencyKey>,
}

/// What became of the row of an upload that was undone.
enum Undone {
    /// It is left to the sweep, or is a document's by now.
    Marked,
    /// A sweep had taken it already.
    Swept,
}

/// What an `Idempotency-Key` allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadClaim {
    /// Go on with the upload.
    Proceed,
    /// This was answered before: check that it is the same request with
    /// [`UploadDocument::replay`].
    Answered {
        /// The document that was made.
        document: DocumentId,
        /// What the first request said.
        fingerprint: String,
    },
}

/// Why a document was not taken in. Nothing was kept.
#[derive(Debug, Error)]
pub enum UploadError {
    /// The file is larger than the vault takes.
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The sender went away.
    #[error("the sender went away")]
    Aborted,
    /// It does not fit in what the owner may keep.
    #[error("{} of {} bytes are used", .0.used_bytes, .0.limit_bytes)]
    OverQuota(Quota),
    /// The owner has these bytes and asked not to double them.
    #[error("the same bytes are document {0}")]
    Duplicate(DocumentId),
    /// Another request with the same key is on its way.
    #[error("a request with the same key is in progress")]
    InProgress,
    /// The key was used for another request.
    #[error("the key was used for another request")]
    KeyMismatch,
    /// The upload gave no sign of life for too long.
    #[error("the upload took too long")]
    Expired,
    /// The store for the bytes failed.
    #[error("the bytes could not be stored")]
    Storage(#[source] StorageError),
    /// The database failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<StorageError> for UploadError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Source(StreamError::TooLarge(limit)) => Self::TooLarge(limit),
            StorageError::Source(_) => Self::Aborted,
            other => Self::Storage(other),
        }
    }
}

impl UploadDocument {
    /// Takes the key of a request that may be repeated, before its body is read.
    pub async fn claim(
        &self,
        caller: &Caller,
        key: &IdempotencyKey,
    ) -> Result<UploadClaim, UploadError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        let claim = unit
            .idempotency()
            .claim(caller.owner(), key, now, now.plus(self.lease))
            .await?;
        unit.commit().await?;
        match claim {
            IdempotencyClaim::Granted => Ok(UploadClaim::Proceed),
            IdempotencyClaim::InProgress => Err(UploadError::InProgress),
            IdempotencyClaim::Done {
                document,
                fingerprint,
            } => Ok(UploadClaim::Answered {
                document,
                fingerprint,
            }),
        }
    }

    /// Gives the key back when the upload fails before [`Self::begin`].
    pub async fn release(&self, caller: &Caller, key: &IdempotencyKey) -> Result<(), PortError> {
        let unit = self.core.begin().await?;
        unit.idempotency().release(caller.owner(), key).await?;
        unit.commit().await
    }

    /// The first answer again, if the repeated request said the same. `None` when the document has
    /// been deleted for ever since.
    pub async fn replay(
        &self,
        caller: &Caller,
        answered: (DocumentId, &str),
        stored: &Stored,
        new: &NewDocument,
    ) -> Result<Option<Document>, UploadError> {
        let (document, fingerprint) = answered;
        if new.fingerprint(stored) != fingerprint {
            return Err(UploadError::KeyMismatch);
        }
        Ok(self.core.store.documents().find(caller, document).await?)
    }

    /// Refuses what cannot fit in what the caller may keep, before its bytes are taken; whether something
    /// fits is decided when it is finished.
    pub async fn check_room(&self, caller: &Caller, bytes: u64) -> Result<(), UploadError> {
        let quota = quota(&*self.core.store, caller.owner()).await?;
        if quota.has_room_for(bytes) {
            Ok(())
        } else {
            Err(UploadError::OverQuota(quota))
        }
    }

    /// Writes the object's row, so that no byte is ever without one.
    pub async fn begin(
        &self,
        caller: &Caller,
        mime_type: MimeType,
        key: Option<IdempotencyKey>,
    ) -> Result<Ticket, UploadError> {
        let document = DocumentId(self.core.ids.v7());
        let object = ObjectRow {
            id: ObjectId(self.core.ids.v7()),
            document,
            kind: ObjectKind::Original,
            key: ObjectKey::original(caller.owner(), document, self.core.ids.v4(), mime_type),
            storage: self.storage.kind(),
            state: ObjectState::Writing,
        };
        let now = self.core.now();
        let unit = self.core.begin().await?;
        unit.objects()
            .reserve(&object, now, now.plus(self.lease))
            .await?;
        unit.commit().await?;
        Ok(Ticket {
            document,
            object,
            mime_type,
            key,
        })
    }

    /// Stores the bytes.
    pub async fn store(
        &self,
        ticket: &Ticket,
        bytes: ByteStream,
        size_hint: Option<u64>,
    ) -> Result<Stored, UploadError> {
        let stored = self
            .storage
            .put(&ticket.object.key, bytes, size_hint)
            .await?;
        if stored.size == 0 {
            Err(UploadError::Empty)
        } else {
            Ok(stored)
        }
    }

    /// Says that the upload is still going on.
    pub async fn keep_alive(&self, caller: &Caller, ticket: &Ticket) -> Result<(), PortError> {
        let until = self.core.now().plus(self.lease);
        let unit = self.core.begin().await?;
        unit.objects().extend(ticket.object.id, until).await?;
        if let Some(key) = &ticket.key {
            unit.idempotency()
                .extend(caller.owner(), key, until)
                .await?;
        }
        unit.commit().await
    }

    /// Makes the stored bytes a document. On an error nothing of it is left, or will be after the
    /// next sweep.
    pub async fn finish(
        &self,
        caller: &Caller,
        ticket: Ticket,
        stored: &Stored,
        new: NewDocument,
    ) -> Result<Document, UploadError> {
        match self.commit(caller, &ticket, stored, new).await {
            Ok((document, job)) => {
                self.announce(&document, job).await;
                Ok(document)
            }
            Err(error) => {
                self.abandon(caller, &ticket).await;
                Err(error)
            }
        }
    }

    /// Undoes an upload that will not be finished. Best effort: the sweep does what fails here.
    pub async fn abandon(&self, caller: &Caller, ticket: &Ticket) {
        let key = &ticket.object.key;
        match self.undo(caller, ticket).await {
            // The sweep came before the bytes and will not come back for them.
            Ok(Undone::Swept) => {
                if let Err(error) = self.storage.discard(key).await {
                    tracing::error!(object = %key, %error, "an object without a row may be left");
                }
            }
            Ok(Undone::Marked) => {}
            Err(error) => {
                tracing::warn!(object = %key, %error, "an upload is left to the sweep");
            }
        }
    }

    /// Only marks the row. Whether the bytes may go is decided by the row's state alone, because a
    /// commit whose answer was lost may have made them live.
    async fn undo(&self, caller: &Caller, ticket: &Ticket) -> Result<Undone, PortError> {
        let (now, id) = (self.core.now(), ticket.object.id);
        let unit = self.core.begin().await?;
        let objects = unit.objects();
        let stands =
            objects.extend(id, now).await? || objects.original(ticket.document).await?.is_some();
        objects.abandon(id, now).await?;
        if let Some(key) = &ticket.key {
            unit.idempotency().release(caller.owner(), key).await?;
        }
        unit.commit().await?;
        Ok(if stands {
            Undone::Marked
        } else {
            Undone::Swept
        })
    }

    async fn commit(
        &self,
        caller: &Caller,
        ticket: &Ticket,
        stored: &Stored,
        new: NewDocument,
    ) -> Result<(Document, JobId), UploadError> {
        let now = self.core.now();
        let fingerprint = new.fingerprint(stored);
        let unit = self.core.begin().await?;
        let twin = unit
            .documents()
            .find_by_hash(caller, &stored.sha256)
            .await?;
        if let (OnDuplicate::Reject, Some(twin)) = (new.on_duplicate, twin) {
            return Err(UploadError::Duplicate(twin.document));
        }
        let owner = caller.owner();
        if !unit.quotas().charge(owner, stored.size).await? {
            return Err(UploadError::OverQuota(quota(&*unit, owner).await?));
        }
        let document = Document {
            id: ticket.document,
            owner: caller.owner(),
            folder: None,
            title_source: if new.title.is_some() {
                Source::User
            } else {
                Source::File
            },
            title: new
                .title
                .unwrap_or_else(|| Title::from_filename(&new.filename)),
            filename: new.filename,
            mime_type: ticket.mime_type,
            size_bytes: stored.size,
            sha256: stored.sha256.clone(),
            page_count: None,
            has_thumbnail: false,
            status: Status::Pending,
            status_detail: None,
            summary: Field::EMPTY,
            language: Field::EMPTY,
            document_date: Field::EMPTY,
            correspondent: Field::EMPTY,
            storage: ticket.object.storage,
            connection: None,
            revision: 1,
            content_version: 1,
            created_at: now,
            updated_at: now,
            trashed_at: None,
            duplicate_of: twin.map(|twin| twin.document),
            topic_proposals: Vec::new(),
            document_date_words: None,
            topics: Vec::new(),
        };
        let job = Job::process(JobId(self.core.ids.v7()), &document);
        if !unit
            .objects()
            .make_live(ticket.object.id, stored.size, &stored.sha256, now)
            .await?
        {
            return Err(UploadError::Expired);
        }
        unit.documents().add(&document).await?;
        let resource = Resource::Document(document.id);
        self.core
            .audit_line(caller, Action::DocumentUploaded, resource)
            .write(&*unit)
            .await?;
        unit.jobs()
            .schedule(std::slice::from_ref(&job), now, now)
            .await?;
        if let Some(key) = &ticket.key {
            let expires_at = now.plus(IDEMPOTENCY_TERM);
            unit.idempotency()
                .complete(caller.owner(), key, document.id, &fingerprint, expires_at)
                .await?;
        }
        unit.commit().await?;
        Ok((document, job.id))
    }

    /// The document stands; that nobody hears of it at once is no reason to say otherwise.
    async fn announce(&self, document: &Document, job: JobId) {
        let body = EventBody::DocumentCreated {
            document: Box::new(document.clone()),
        };
        if let Err(error) = self
            .events
            .publish(&Event {
                owner: document.owner,
                body,
            })
            .await
        {
            tracing::warn!(%error, "an event was not delivered");
        }
        if let Err(error) = self.queue.publish(&[job]).await {
            tracing::warn!(%error, "a job waits until a worker looks for it");
        }
    }
}

/// The last part of a file name as clients send it: without folders, control characters and the
/// marks that turn the reading direction, at most 255 bytes, `document` when nothing is left.
pub fn clean_filename(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut clean = String::new();
    for c in base.chars().filter(|&c| !c.is_control() && !turns(c)) {
        if clean.len() + c.len_utf8() > 255 {
            break;
        }
        clean.push(c);
    }
    match clean.trim() {
        "" | "." | ".." => "document".to_owned(),
        name => name.to_owned(),
    }
}

async fn quota(repos: &(impl Repos + ?Sized), owner: UserId) -> Result<Quota, PortError> {
    let quota = repos.quotas().of(owner).await?;
    quota.ok_or_else(|| PortError::permanent("looking at a quota", "the account has none"))
}

#[cfg(test)]
mod tests {
    use super::clean_filename;

    #[test]
    fn file_names_are_names_only() {
        assert_eq!(clean_filename("../../etc/passwd"), "passwd");
        assert_eq!(clean_filename("C:\\Users\\me\\a.pdf"), "a.pdf");
        assert_eq!(
            clean_filename("invoice\u{202e}fdp.exe\0\r\n"),
            "invoicefdp.exe"
        );
        assert_eq!(clean_filename(".."), "document");
        assert_eq!(clean_filename(&"ä".repeat(300)).len(), 254);
    }
}
