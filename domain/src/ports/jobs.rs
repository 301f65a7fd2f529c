//! Promised work. The table is the truth: dispatch (Redis, notifications) may lose or repeat ids.

use async_trait::async_trait;

use crate::documents::Document;
use crate::fault::PortError;
use crate::ids::{DocumentId, JobId};
use crate::processing::PIPELINE_VERSION;
use crate::timestamp::Timestamp;

/// What is to be done with a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read its bytes and file it.
    Process,
    /// File it by the text that was read before.
    File,
}

impl Step {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::File => "file",
        }
    }

    /// From the stored name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "process" => Some(Self::Process),
            "file" => Some(Self::File),
            _ => None,
        }
    }
}

/// A job's identity is (document, content version, step, pipeline version): a finished identity is
/// never done again unless a person or an upgrade asks, which makes a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its row.
    pub id: JobId,
    /// The document it works on.
    pub document: DocumentId,
    /// The document's content version it was promised for.
    pub content_version: u32,
    /// What is to be done.
    pub step: Step,
    /// The version of the code that does it.
    pub pipeline_version: u32,
}

impl Job {
    /// The reading of a document's present content by the present pipeline.
    pub fn process(id: JobId, document: &Document) -> Self {
        Self {
            id,
            document: document.id,
            content_version: document.content_version,
            step: Step::Process,
            pipeline_version: PIPELINE_VERSION,
        }
    }

    /// The filing of a document whose present content has been read.
    pub fn file(id: JobId, document: &Document) -> Self {
        Self {
            step: Step::File,
            ..Self::process(id, document)
        }
    }
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Waiting, being worked on, or to be tried again: `due_at` tells when it may be claimed.
    Open,
    /// Done.
    Done,
    /// Given up.
    Dead,
}

/// Names a worker task in leases and logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerId(pub String);

/// The right to work on a job until `until`. `attempt` is the fencing token: it grows with each
/// claim, and every later call on the lease holds only while the row still carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job.
    pub job: Job,
    /// 1 for the first claim.
    pub attempt: u32,
    /// When the job may be claimed by somebody else.
    pub until: Timestamp,
}

/// How much work is waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueDepth {
    /// Open jobs, those being worked on included.
    pub open: u64,
    /// Given up.
    pub dead: u64,
    /// When the oldest open job was promised.
    pub oldest: Option<Timestamp>,
}

/// The jobs table.
#[async_trait]
pub trait JobRepo: Send + Sync {
    /// Promises `jobs`, due at `due_at`, within the unit of work that made them necessary. A job
    /// whose identity exists already is left as it is. The jobs count as published at `now`: the
    /// caller publishes them right after the commit.
    async fn schedule(
        &self,
        jobs: &[Job],
        now: Timestamp,
        due_at: Timestamp,
    ) -> Result<(), PortError>;
    /// Leases one open job that is due: `id` when given, else the one that has been due longest.
    /// A lease that ran out is simply due again. Parallel claims get different jobs.
    async fn claim(
        &self,
        worker: &WorkerId,
        id: Option<JobId>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, PortError>;
    /// Moves a lease's end; `false` when it was lost to somebody else.
    async fn extend(&self, lease: &Lease, until: Timestamp) -> Result<bool, PortError>;
    /// Open → done, in the unit of work that writes the job's effect; `false` when the lease was
    /// lost, in which case the unit must not be committed.
    async fn finish(&self, lease: &Lease, now: Timestamp) -> Result<bool, PortError>;
    /// Back to waiting until `due_at`, with the reason for the log; `false` when the lease was lost.
    async fn retry(
        &self,
        lease: &Lease,
        due_at: Timestamp,
        reason: &str,
    ) -> Result<bool, PortError>;
    /// Open → dead, with the sentence that people see; `false` when the lease was lost.
    async fn give_up(
        &self,
        lease: &Lease,
        now: Timestamp,
        sentence: &str,
    ) -> Result<bool, PortError>;
    /// Up to `limit` open jobs that are due and were not published since `published_before`; marks
    /// them as published at `now`. Parallel calls get different jobs.
    async fn take_unpublished(
        &self,
        now: Timestamp,
        published_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<JobId>, PortError>;
    /// How much is waiting.
    async fn depth(&self) -> Result<QueueDepth, PortError>;
}
