use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use crate::fault::PortError;
use crate::ports::{JobEnd, Lease, Progress};

/// Does one kind of job. It reads like a use case: load, do, one transaction. It may run twice for the
/// same job, and may be dropped at any `await` when the job is stopped or its lease is lost: so the
/// transaction that writes the effect ends the job as well, by
/// [`JobRepo::finish`](crate::ports::JobRepo::finish), and is not committed when that says that the lease
/// is lost.
#[async_trait]
pub trait JobHandler: Send + Sync {
    /// Works on the job.
    async fn run(&self, run: &JobRun) -> Outcome;
    /// Ends the job by `end`, which is not [`JobEnd::Done`], and writes what people are to see of that:
    /// after the last try has failed, or when somebody asked for it to be stopped. `false` when the
    /// lease was lost.
    async fn abandon(&self, lease: &Lease, end: JobEnd<'_>) -> Result<bool, PortError>;
    /// What people are told when the last try has failed.
    fn exhausted(&self) -> &'static str;
}

/// One try of a job.
pub struct JobRun {
    /// The right to do it.
    pub lease: Lease,
    progress: Mutex<Option<Progress>>,
}

impl JobRun {
    /// A run that has just begun.
    pub fn new(lease: Lease) -> Self {
        let progress = Mutex::default();
        Self { lease, progress }
    }

    /// Notes how far the job is. Costs nothing: it is written with the next extension of the lease.
    pub fn report(&self, done: u32, total: u32) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Progress { done, total });
    }

    /// How far the job is.
    pub fn progress(&self) -> Option<Progress> {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a run ended. The decision is made where the failure is understood.
#[derive(Debug)]
pub enum Outcome {
    /// The job is finished and its effect stands.
    Done,
    /// Given up, with the sentence that people see.
    GaveUp(String),
    /// Ended because somebody asked for it.
    Stopped,
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
    pub const fn retry(reason: String) -> Self {
        Self::Retry {
            reason,
            wait: Duration::ZERO,
        }
    }
}
