use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use crate::caller::Caller;
use crate::documents::{Document, Status};
use crate::fault::{PortError, with_causes};
use crate::learning::{train, untrain};
use crate::ports::{
    Classifier, Clock, Event, EventBody, EventBus, ExtractError, Ids, Lease, Reading, Step,
    StorageBackend, StorageError, Store, TextExtractor, TextSource, UnitOfWork,
};
use crate::processing::filing::{Filed, apply};
use crate::processing::thumbnail::StoredThumbnail;
use crate::processing::{MAX_ATTEMPTS, PIPELINE_VERSION};

const NO_READER: &str = "This kind of file is kept, but its text cannot be read yet.";
const NO_TEXT: &str = "No text was found in this document; it may be a scan.";
const CUT: &str = "This document is very long: only the first part of its text was read.";
const MISSING: &str =
    "The stored bytes of this document are missing. Restore them from a backup and read it again.";
const WORN_OUT: &str = "Reading this document failed several times. \
                        It is kept and can be downloaded; you can have it read again.";

/// Reads a document, files it and keeps a thumbnail of its first page. May run twice; its effect
/// happens once, because text, fields, topics, picture and the job's end are written in one
/// transaction that holds only while the lease does.
pub struct ProcessDocument {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Where the bytes are.
    pub storage: Arc<dyn StorageBackend>,
    /// Reads them.
    pub extractor: Arc<dyn TextExtractor>,
    /// Files what was read.
    pub classifier: Arc<dyn Classifier>,
    /// Hears of what changed.
    pub events: Arc<dyn EventBus>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
}

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// The job is finished and its effect stands.
    Done,
    /// Given up; the document says why.
    GaveUp(String),
    /// Somebody else has the job now; nothing was written.
    LeaseLost,
    /// To be tried again.
    Retry {
        /// Why; not shown to people.
        reason: String,
        /// No earlier than in so long.
        wait: Duration,
    },
}

impl Outcome {
    /// To be tried again as soon as its turn comes.
    pub(super) const fn retry(reason: String) -> Self {
        Self::Retry {
            reason,
            wait: Duration::ZERO,
        }
    }
}

/// What reading and filing came to.
struct Verdict {
    status: Status,
    detail: Option<String>,
    reading: Reading,
    filed: Filed,
}

impl Verdict {
    fn ready(detail: Option<&str>) -> Self {
        Self {
            status: Status::Ready,
            detail: detail.map(str::to_owned),
            reading: Reading::default(),
            filed: Filed::Unasked,
        }
    }

    fn failed(sentence: String) -> Self {
        Self {
            status: Status::Failed,
            detail: Some(sentence),
            ..Self::ready(None)
        }
    }
}

impl ProcessDocument {
    /// Works on the leased job.
    pub async fn run(&self, lease: &Lease) -> Outcome {
        if lease.job.step == Step::File {
            return self.file_again(lease).await;
        }
        if lease.attempt > MAX_ATTEMPTS {
            return self.give_up(lease, WORN_OUT).await;
        }
        match self.attempt(lease).await {
            Ok(outcome) => outcome,
            Err(error) => self.retry_or_give_up(lease, with_causes(&error)).await,
        }
    }

    /// Ends a run that cannot go on for now: another try later, or the last one was it.
    async fn retry_or_give_up(&self, lease: &Lease, reason: String) -> Outcome {
        if lease.attempt < MAX_ATTEMPTS {
            return Outcome::retry(reason);
        }
        tracing::error!(document = %lease.job.document, reason, "the last try failed");
        self.give_up(lease, WORN_OUT).await
    }

    async fn attempt(&self, lease: &Lease) -> Result<Outcome, PortError> {
        let document = match self.start(lease).await? {
            ControlFlow::Continue(document) => document,
            ControlFlow::Break(outcome) => return Ok(outcome),
        };
        let mut verdict = match self.read(&document).await {
            Ok(verdict) => verdict,
            Err(ReadError::Missing) => return Ok(self.give_up(lease, MISSING).await),
            Err(ReadError::Later(reason)) => {
                return Ok(self.retry_or_give_up(lease, reason).await);
            }
        };
        let thumbnail = match verdict.reading.thumbnail.take() {
            Some(thumbnail) => self.store_thumbnail(&document, thumbnail).await,
            None => None,
        };
        let concluded = self.conclude(lease, verdict, thumbnail.as_ref()).await;
        if let Some(thumbnail) = &thumbnail
            && !matches!(concluded, Ok((_, true)))
        {
            self.abandon_thumbnail(thumbnail).await;
        }
        concluded.map(|(outcome, _)| outcome)
    }

    /// Notes that the document is being read, unless there is nothing to do any more: it was
    /// deleted, a newer job is to read it, or somebody else has this job.
    async fn start(&self, lease: &Lease) -> Result<ControlFlow<Outcome, Document>, PortError> {
        let unit = self.store.begin().await?;
        let Some(mut document) = current(&*unit, lease).await? else {
            unit.jobs().finish(lease, self.clock.now()).await?;
            unit.commit().await?;
            return Ok(ControlFlow::Break(Outcome::Done));
        };
        // Moves nothing, only asks: a document that somebody else has read must stay so.
        if !unit.jobs().extend(lease, lease.until).await? {
            return Ok(ControlFlow::Break(Outcome::LeaseLost));
        }
        if document.status != Status::Processing {
            document.status = Status::Processing;
            document.status_detail = None;
            document.updated_at = self.clock.now();
            unit.documents().update(&document).await?;
            unit.commit().await?;
            self.publish_event(updated(&document)).await;
        }
        Ok(ControlFlow::Continue(document))
    }

    /// Everything that waits for something: no transaction is open here.
    async fn read(&self, document: &Document) -> Result<Verdict, ReadError> {
        let object = self
            .store
            .objects()
            .original(document.id)
            .await?
            .ok_or(ReadError::Missing)?;
        let bytes = self.storage.get(&object.key, None).await?;
        let source = TextSource {
            mime: document.mime_type,
            size: document.size_bytes,
            bytes,
            thumbnail: true,
        };
        let reading = match self.extractor.extract(source).await {
            Ok(reading) => reading,
            Err(ExtractError::Unsupported) => return Ok(Verdict::ready(Some(NO_READER))),
            Err(ExtractError::Refused(refusal)) => return Ok(Verdict::failed(refusal.sentence)),
            Err(ExtractError::Port(error)) => return Err(error.into()),
        };
        if reading.no_reader {
            return Ok(Verdict {
                reading,
                ..Verdict::ready(Some(NO_READER))
            });
        }
        let has_text = reading.pages.iter().any(|page| !page.trim().is_empty());
        let filed = self
            .file(
                document,
                &reading.pages,
                reading.language.as_deref(),
                &reading.properties,
            )
            .await?;
        let mut detail = filed.detail();
        if reading.truncated {
            detail = Some(CUT);
        }
        if !has_text {
            detail = Some(NO_TEXT);
        }
        Ok(Verdict {
            reading,
            filed,
            ..Verdict::ready(detail)
        })
    }

    /// Writes everything at once, if the lease still holds and nobody changed the bytes meanwhile.
    /// Tells as well whether the picture is the document's by now.
    async fn conclude(
        &self,
        lease: &Lease,
        verdict: Verdict,
        thumbnail: Option<&StoredThumbnail>,
    ) -> Result<(Outcome, bool), PortError> {
        let now = self.clock.now();
        let unit = self.store.begin().await?;
        // The document before its job, as everywhere: two orders would be a deadlock.
        let document = current(&*unit, lease).await?;
        if !unit.jobs().finish(lease, now).await? {
            return Ok((Outcome::LeaseLost, false));
        }
        let Some(mut document) = document else {
            unit.commit().await?;
            return Ok((Outcome::Done, false));
        };
        let shown = match thumbnail {
            Some(thumbnail) => thumbnail.make_live(&*unit, now).await?,
            None => false,
        };
        self.apply(&mut document, &verdict);
        // What an earlier reading drew stays when this one drew nothing.
        document.has_thumbnail |= shown;
        document.updated_at = now;
        untrain(&*unit, &document).await?;
        unit.documents()
            .put_text(document.id, &verdict.reading.pages)
            .await?;
        unit.documents().update(&document).await?;
        match &verdict.filed {
            Filed::As(filed) => self.assign(&*unit, &document, filed).await?,
            Filed::Later { wait, .. } => self.promise_filing(&*unit, &document, *wait).await?,
            Filed::Unasked | Filed::Not => {}
        }
        train(&*unit, &document).await?;
        let owner = Caller::system(document.owner);
        let document = unit
            .documents()
            .find(&owner, document.id)
            .await?
            .unwrap_or(document);
        unit.commit().await?;
        self.publish_event(updated(&document)).await;
        Ok((Outcome::Done, shown))
    }

    fn apply(&self, document: &mut Document, verdict: &Verdict) {
        let reading = &verdict.reading;
        document.status = verdict.status;
        document.status_detail.clone_from(&verdict.detail);
        document.page_count = reading.page_count.or(document.page_count);
        let source = self.classifier.source();
        if let Filed::As(filed) = &verdict.filed {
            apply(filed, source, document);
        }
        // The reader has seen the whole text.
        document.language.suggest(reading.language.clone(), source);
    }

    /// Ends the job for good and says so on the document.
    async fn give_up(&self, lease: &Lease, sentence: &str) -> Outcome {
        match self.write_give_up(lease, sentence).await {
            Ok(true) => Outcome::GaveUp(sentence.to_owned()),
            Ok(false) => Outcome::LeaseLost,
            Err(error) => Outcome::retry(with_causes(&error)),
        }
    }

    async fn write_give_up(&self, lease: &Lease, sentence: &str) -> Result<bool, PortError> {
        let now = self.clock.now();
        let unit = self.store.begin().await?;
        let document = current(&*unit, lease).await?;
        if !unit.jobs().give_up(lease, now, sentence).await? {
            return Ok(false);
        }
        let Some(mut document) = document else {
            unit.commit().await?;
            return Ok(true);
        };
        document.status = Status::Failed;
        document.status_detail = Some(sentence.to_owned());
        document.updated_at = now;
        unit.documents().update(&document).await?;
        unit.commit().await?;
        let failed = EventBody::JobFailed {
            document: document.id,
            sentence: sentence.to_owned(),
        };
        self.publish_event(Event {
            owner: document.owner,
            body: failed,
        })
        .await;
        self.publish_event(updated(&document)).await;
        Ok(true)
    }

    pub(super) async fn publish_event(&self, event: Event) {
        if let Err(error) = self.events.publish(&event).await {
            tracing::warn!(%error, "an event was not delivered");
        }
    }
}

/// The document of the job, locked, unless it is gone or the job is not about its present content.
pub(super) async fn current(
    unit: &dyn UnitOfWork,
    lease: &Lease,
) -> Result<Option<Document>, PortError> {
    let job = &lease.job;
    let document = unit.documents().lock_for_processing(job.document).await?;
    let of_today = job.pipeline_version == PIPELINE_VERSION;
    Ok(document.filter(|document| of_today && document.content_version == job.content_version))
}

pub(super) fn updated(document: &Document) -> Event {
    let body = EventBody::DocumentUpdated {
        document: Box::new(document.clone()),
    };
    Event {
        owner: document.owner,
        body,
    }
}

/// Why there is no verdict yet.
pub(super) enum ReadError {
    /// The store has no such object: no try will find it.
    Missing,
    /// Worth another try.
    Later(String),
}

impl From<PortError> for ReadError {
    fn from(error: PortError) -> Self {
        Self::Later(with_causes(&error))
    }
}

impl From<StorageError> for ReadError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound => Self::Missing,
            other => Self::Later(with_causes(&other)),
        }
    }
}
