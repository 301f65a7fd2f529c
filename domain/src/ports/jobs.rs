//! Work that was scheduled. The table is the truth: what wakes workers (Redis, notifications) may be
//! lost or repeated.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::fault::PortError;
use crate::ids::{ConnectionId, DocumentId, JobId, UserId};
use crate::timestamp::Timestamp;

/// The stored name of a kind of job, for example `process`. Names outlive releases.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobKind(Cow<'static, str>);

impl JobKind {
    /// A kind that this program knows.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Any kind, known here or not.
    pub fn stored(name: String) -> Self {
        Self(Cow::Owned(name))
    }

    /// The stored name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a job is about. A document's jobs are removed with it; a handler meets what else is gone, and
/// has nothing to do then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the ids say it")]
pub enum JobSubject {
    Document(DocumentId),
    Connection(ConnectionId),
    Account(UserId),
}

/// Which of the jobs that are due goes first; within a priority, the one that has been due longest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Somebody waits for it.
    High,
    /// The rest.
    #[default]
    Normal,
    /// May wait until nothing else is due.
    Low,
}

impl Priority {
    /// All, the most urgent first.
    pub const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];

    /// The stored number: the lower, the more urgent.
    pub const fn number(self) -> i16 {
        match self {
            Self::High => 0,
            Self::Normal => 1,
            Self::Low => 2,
        }
    }
}

/// Work that outlives the request that made it necessary. Payloads are small (ids, not rows) and are
/// changed by addition only: another release may have written them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its row.
    pub id: JobId,
    /// Which handler does it.
    pub kind: JobKind,
    /// What the handler needs to know.
    pub payload: Value,
    /// Whose work it is: goes with the account. `None` for the vault's own.
    pub owner: Option<UserId>,
    /// What it is about.
    pub subject: Option<JobSubject>,
    /// How urgent it is.
    pub priority: Priority,
    /// No second job of this kind with the same key is scheduled while this one is unfinished.
    pub key: Option<String>,
}

impl Job {
    /// A job of `kind` that nobody owns, with normal priority.
    pub fn new(id: JobId, kind: JobKind, payload: &impl Serialize) -> Self {
        Self {
            id,
            kind,
            // Fails for maps whose keys are no strings only: the handler would meet `null`.
            payload: serde_json::to_value(payload).unwrap_or_default(),
            owner: None,
            subject: None,
            priority: Priority::Normal,
            key: None,
        }
    }

    /// The payload as the handler knows it; `None` when it was written by a release that knows
    /// another form.
    pub fn payload<T: DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(&self.payload).ok()
    }

    /// The document that it is about.
    pub fn document(&self) -> Option<DocumentId> {
        match self.subject {
            Some(JobSubject::Document(id)) => Some(id),
            _ => None,
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
    /// Stopped because somebody asked for it.
    Stopped,
}

impl JobState {
    /// The name in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Stopped => "stopped",
        }
    }
}

/// How a job ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum JobEnd<'a> {
    /// Done, with what is to be known of it.
    Done(Option<&'a Value>),
    /// Given up, with the sentence that people see.
    GaveUp(&'a str),
    /// Stopped because somebody asked for it.
    Stopped,
}

/// How far a job is: `done` of `total` steps, whatever steps its kind counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above says it")]
pub struct Progress {
    pub done: u32,
    pub total: u32,
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
    /// Somebody asked for the job to be stopped.
    pub stop_requested: bool,
}

/// How a lease stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaseState {
    /// It holds.
    Held,
    /// It holds, and somebody asked for the job to be stopped.
    StopRequested,
    /// Somebody else has the job, or it is over.
    Lost,
}

/// A kind that a worker can do, and how long its leases are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence above says it")]
pub struct Claimable {
    pub kind: JobKind,
    pub lease: Duration,
}

/// A job with all that is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct JobStatus {
    /// The job.
    pub job: Job,
    /// Where it is.
    pub state: JobState,
    /// A worker has it now, or died with it.
    pub claimed: bool,
    /// How often it was claimed.
    pub attempts: u32,
    /// When it may be claimed (again).
    pub due_at: Timestamp,
    /// How far it is, where its handler tells.
    pub progress: Option<Progress>,
    /// What it came to, where its handler tells.
    pub result: Option<Value>,
    /// Why it was tried again the last time, or given up.
    pub note: Option<String>,
    /// Somebody asked for it to be stopped.
    pub stop_requested: bool,
    /// When it was scheduled.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// How much work is waiting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueDepth {
    /// Open jobs, those being worked on included.
    pub open: u64,
    /// Given up.
    pub dead: u64,
    /// When the oldest open job was scheduled.
    pub oldest: Option<Timestamp>,
}

/// The jobs table.
#[async_trait]
pub trait JobRepo: Send + Sync {
    /// Schedules `jobs`, due at `due_at`, within the unit of work that made them necessary. A job whose
    /// key an unfinished one of its kind has is left out. Wake workers right after the commit.
    async fn schedule(
        &self,
        jobs: &[Job],
        now: Timestamp,
        due_at: Timestamp,
    ) -> Result<(), PortError>;
    /// Leases one open job of these `kinds` that is due: the most urgent, and among those the one that
    /// has been due longest. A lease that ran out is simply due again. Jobs of other kinds are left
    /// untouched. Parallel claims get different jobs.
    async fn claim(
        &self,
        worker: &WorkerId,
        kinds: &[Claimable],
        now: Timestamp,
    ) -> Result<Option<Lease>, PortError>;
    /// Moves a lease's end, and notes how far the job is where that is given.
    async fn extend(
        &self,
        lease: &Lease,
        until: Timestamp,
        progress: Option<Progress>,
    ) -> Result<LeaseState, PortError>;
    /// Ends the job, in the unit of work that writes its effect; `false` when the lease was lost, in
    /// which case the unit must not be committed.
    async fn finish(
        &self,
        lease: &Lease,
        now: Timestamp,
        end: JobEnd<'_>,
    ) -> Result<bool, PortError>;
    /// Back to waiting until `due_at`, with the reason for the log; `false` when the lease was lost.
    async fn retry(
        &self,
        lease: &Lease,
        due_at: Timestamp,
        reason: &str,
    ) -> Result<bool, PortError>;
    /// Asks for an open job to be stopped: a waiting one becomes due at once, so that a worker ends it
    /// in order; whoever works on it learns of it by [`Self::extend`]. `false` when there is no such
    /// open job.
    async fn request_stop(&self, id: JobId, now: Timestamp) -> Result<bool, PortError>;
    /// What is known of a job.
    async fn find(&self, id: JobId) -> Result<Option<JobStatus>, PortError>;
    /// Up to `limit` jobs in `state`, the youngest first.
    async fn list(&self, state: JobState, limit: u32) -> Result<Vec<JobStatus>, PortError>;
    /// Removes up to `limit` jobs that were done or stopped before `before`.
    async fn purge(&self, before: Timestamp, limit: u32) -> Result<u64, PortError>;
    /// How many jobs of these `kinds` are open.
    async fn unfinished(&self, kinds: &[JobKind]) -> Result<u64, PortError>;
    /// How much is waiting, of whatever kind.
    async fn depth(&self) -> Result<QueueDepth, PortError>;
}
