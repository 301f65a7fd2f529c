//! The jobs of a document: what they carry, and whether they are still about its present content.

use serde::{Deserialize, Serialize};

use crate::documents::Document;
use crate::fault::PortError;
use crate::ids::{DocumentId, JobId};
use crate::ports::{Event, EventBody, Job, JobEnd, JobKind, JobSubject, Lease, UnitOfWork};
use crate::timestamp::Timestamp;

/// Reads a document's bytes and files it.
pub const PROCESS: JobKind = JobKind::new("process");
/// Files a document by the text that was read before.
pub const FILE: JobKind = JobKind::new("file");

/// Counts the versions of reading and filing: raising it gives every reading a new identity.
pub const PIPELINE_VERSION: u32 = 1;

/// The payload of both kinds: a version of a document's content, and of the code that works on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the sentence above says it")]
pub struct DocumentVersion {
    pub document: DocumentId,
    pub content_version: u32,
    pub pipeline_version: u32,
}

impl Job {
    /// The reading of a document's present content by the present pipeline.
    pub fn process(id: JobId, document: &Document) -> Self {
        of_document(id, PROCESS, document)
    }

    /// The filing of a document whose present content has been read.
    pub fn file(id: JobId, document: &Document) -> Self {
        of_document(id, FILE, document)
    }
}

fn of_document(id: JobId, kind: JobKind, document: &Document) -> Job {
    let version = DocumentVersion {
        document: document.id,
        content_version: document.content_version,
        pipeline_version: PIPELINE_VERSION,
    };
    let key = format!(
        "{}/{}/{}",
        version.document, version.content_version, version.pipeline_version
    );
    Job {
        owner: Some(document.owner),
        subject: Some(JobSubject::Document(document.id)),
        key: Some(key),
        ..Job::new(id, kind, &version)
    }
}

/// The document of the job, locked, unless it is gone or the job is not about its present content.
pub(super) async fn current(
    unit: &dyn UnitOfWork,
    lease: &Lease,
) -> Result<Option<Document>, PortError> {
    let Some(version) = lease.job.payload::<DocumentVersion>() else {
        return Ok(None);
    };
    let document = unit
        .documents()
        .lock_for_processing(version.document)
        .await?;
    let of_today = version.pipeline_version == PIPELINE_VERSION;
    Ok(document.filter(|document| of_today && document.content_version == version.content_version))
}

/// The job is over without any effect: its document is gone, or a newer job is to do it.
pub(super) async fn nothing_to_do(
    unit: Box<dyn UnitOfWork>,
    lease: &Lease,
    now: Timestamp,
) -> Result<(), PortError> {
    unit.jobs().finish(lease, now, JobEnd::Done(None)).await?;
    unit.commit().await
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
