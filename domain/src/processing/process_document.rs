use std::ops::ControlFlow;
use std::sync::Arc;

use async_trait::async_trait;

use crate::caller::Caller;
use crate::core::Core;
use crate::documents::{Document, Status};
use crate::fault::{PortError, with_causes};
use crate::jobs::{JobHandler, JobRun, Outcome, abandon};
use crate::learning::{train, untrain};
use crate::ports::{
    Event, EventBody, ExtractError, JobEnd, Lease, LeaseState, Reading, StorageBackend,
    StorageError, TextExtractor, TextSource,
};
use crate::processing::document_job::{current, nothing_to_do, updated};
use crate::processing::filing::{Filed, Filer, apply};
use crate::processing::thumbnail::StoredThumbnail;

/// How often reading a document is tried before it is given up.
pub const MAX_ATTEMPTS: u32 = 8;

/// What its progress counts: reading, filing, and writing it all.
const STEPS: u32 = 3;

const NO_READER: &str = "This kind of file is kept, but its text cannot be read yet.";
const NO_TEXT: &str = "No text was found in this document; it may be a scan.";
const CUT: &str = "This document is very long: only the first part of its text was read.";
const MISSING: &str =
    "The stored bytes of this document are missing. Restore them from a backup and read it again.";
const WORN_OUT: &str = "Reading this document failed several times. \
                        It is kept and can be downloaded; you can have it read again.";
const STOPPED: &str = "Reading this document was stopped. \
                       It is kept and can be downloaded; you can have it read again.";

/// Reads a document, files it and keeps a thumbnail of its first page. May run twice; its effect
/// happens once, because text, fields, topics, thumbnail and the job's end are written in one
/// transaction that holds only while the lease does.
#[expect(missing_docs, reason = "the types say it")]
pub struct ProcessDocument {
    pub core: Core,
    pub storage: Arc<dyn StorageBackend>,
    pub extractor: Arc<dyn TextExtractor>,
    pub filer: Arc<Filer>,
}

/// What reading and filing came to.
struct Processed {
    status: Status,
    detail: Option<String>,
    reading: Reading,
    filed: Filed,
}

impl Processed {
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

#[async_trait]
impl JobHandler for ProcessDocument {
    async fn run(&self, run: &JobRun) -> Outcome {
        match self.attempt(run).await {
            Ok(outcome) => outcome,
            Err(error) => Outcome::retry(with_causes(&error)),
        }
    }

    async fn abandon(&self, lease: &Lease, end: JobEnd<'_>) -> Result<bool, PortError> {
        let sentence = match end {
            JobEnd::GaveUp(sentence) => sentence,
            JobEnd::Stopped | JobEnd::Done(_) => STOPPED,
        };
        let now = self.core.now();
        let unit = self.core.begin().await?;
        // The document before its job, as everywhere: two orders would be a deadlock.
        let document = current(&*unit, lease).await?;
        if !unit.jobs().finish(lease, now, end).await? {
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
        self.filer
            .publish_event(Event {
                owner: document.owner,
                body: failed,
            })
            .await;
        self.filer.publish_event(updated(&document)).await;
        Ok(true)
    }

    fn exhausted(&self) -> &'static str {
        WORN_OUT
    }
}

impl ProcessDocument {
    async fn attempt(&self, run: &JobRun) -> Result<Outcome, PortError> {
        let lease = &run.lease;
        let document = match self.start(lease).await? {
            ControlFlow::Continue(document) => document,
            ControlFlow::Break(outcome) => return Ok(outcome),
        };
        let mut processed = match self.read(&document, run).await {
            Ok(processed) => processed,
            Err(ReadError::Missing) => {
                return Ok(abandon(self, lease, JobEnd::GaveUp(MISSING)).await);
            }
            Err(ReadError::Later(reason)) => {
                return Ok(Outcome::retry(reason));
            }
        };
        let thumbnail = match processed.reading.thumbnail.take() {
            Some(thumbnail) => self.store_thumbnail(&document, thumbnail).await,
            None => None,
        };
        let concluded = self.conclude(lease, processed, thumbnail.as_ref()).await;
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
        let unit = self.core.begin().await?;
        let Some(mut document) = current(&*unit, lease).await? else {
            nothing_to_do(unit, lease, self.core.now()).await?;
            return Ok(ControlFlow::Break(Outcome::Done));
        };
        // Moves nothing, only asks: a document that somebody else has read must stay so.
        let held = unit.jobs().extend(lease, lease.until, None).await?;
        if held == LeaseState::Lost {
            return Ok(ControlFlow::Break(Outcome::LeaseLost));
        }
        if document.status != Status::Processing {
            document.status = Status::Processing;
            document.status_detail = None;
            document.updated_at = self.core.now();
            unit.documents().update(&document).await?;
            unit.commit().await?;
            self.filer.publish_event(updated(&document)).await;
        }
        Ok(ControlFlow::Continue(document))
    }

    /// Everything that waits for something: no transaction is open here.
    async fn read(&self, document: &Document, run: &JobRun) -> Result<Processed, ReadError> {
        let object = self
            .core
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
            Err(ExtractError::Unsupported) => return Ok(Processed::ready(Some(NO_READER))),
            Err(ExtractError::Refused(refusal)) => return Ok(Processed::failed(refusal.sentence)),
            Err(ExtractError::Port(error)) => return Err(error.into()),
        };
        run.report(1, STEPS);
        if reading.no_reader {
            return Ok(Processed {
                reading,
                ..Processed::ready(Some(NO_READER))
            });
        }
        let has_text = reading.pages.iter().any(|page| !page.trim().is_empty());
        let filed = self
            .filer
            .file(
                document,
                &reading.pages,
                reading.language.as_deref(),
                &reading.properties,
            )
            .await?;
        run.report(2, STEPS);
        let mut detail = filed.detail();
        if reading.truncated {
            detail = Some(CUT);
        }
        if !has_text {
            detail = Some(NO_TEXT);
        }
        Ok(Processed {
            reading,
            filed,
            ..Processed::ready(detail)
        })
    }

    /// Writes everything at once, if the lease still holds and nobody changed the bytes meanwhile.
    /// Tells as well whether the picture is the document's by now.
    async fn conclude(
        &self,
        lease: &Lease,
        processed: Processed,
        thumbnail: Option<&StoredThumbnail>,
    ) -> Result<(Outcome, bool), PortError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        // The document before its job, as everywhere: two orders would be a deadlock.
        let document = current(&*unit, lease).await?;
        if !unit.jobs().finish(lease, now, JobEnd::Done(None)).await? {
            return Ok((Outcome::LeaseLost, false));
        }
        let Some(mut document) = document else {
            unit.commit().await?;
            return Ok((Outcome::Done, false));
        };
        let has_thumbnail = match thumbnail {
            Some(thumbnail) => thumbnail.make_live(&*unit, now).await?,
            None => false,
        };
        self.apply(&mut document, &processed);
        // What an earlier reading drew stays when this one drew nothing.
        document.has_thumbnail |= has_thumbnail;
        document.updated_at = now;
        untrain(&*unit, &document).await?;
        unit.documents()
            .put_text(document.id, &processed.reading.pages)
            .await?;
        unit.documents().update(&document).await?;
        match &processed.filed {
            Filed::As(filed) => self.filer.assign(&*unit, &document, filed).await?,
            Filed::Later { wait, .. } => self.filer.schedule(&*unit, &document, *wait).await?,
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
        self.filer.publish_event(updated(&document)).await;
        Ok((Outcome::Done, has_thumbnail))
    }

    fn apply(&self, document: &mut Document, processed: &Processed) {
        let reading = &processed.reading;
        document.status = processed.status;
        document.status_detail.clone_from(&processed.detail);
        document.page_count = reading.page_count.or(document.page_count);
        let source = self.filer.classifier.source();
        if let Filed::As(filed) = &processed.filed {
            apply(filed, source, document);
        }
        // The reader has seen the whole text.
        document.language.suggest(reading.language.clone(), source);
    }
}

/// Why a document could not be read for now.
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
