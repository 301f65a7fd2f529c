use std::time::Duration;

use crate::core::Core;
use crate::fault::PortError;
use crate::ids::JobId;
use crate::ports::{
    Claimable, JobKind, JobState, JobStatus, Lease, LeaseState, Progress, QueueDepth, WorkerId,
};
use crate::timestamp::Timestamp;

/// How long finished jobs are kept, for whoever wants to know.
const KEPT_FOR: Duration = Duration::from_hours(24 * 30);
const PURGE_BATCH: u32 = 1_000;

/// The jobs table as workers and operators use it: each operation in a short transaction of its own.
#[derive(Clone)]
pub struct JobTable {
    /// Its database and clock.
    pub core: Core,
}

impl JobTable {
    /// Leases a job of these kinds that is due.
    pub async fn claim(
        &self,
        worker: &WorkerId,
        kinds: &[Claimable],
    ) -> Result<Option<Lease>, PortError> {
        let unit = self.core.begin().await?;
        let lease = unit.jobs().claim(worker, kinds, self.core.now()).await?;
        unit.commit().await?;
        Ok(lease)
    }

    /// Keeps a lease for another `term`, and notes how far the job is.
    pub async fn extend(
        &self,
        lease: &Lease,
        term: Duration,
        progress: Option<Progress>,
    ) -> Result<LeaseState, PortError> {
        let until = self.core.now().plus(term);
        let unit = self.core.begin().await?;
        let state = unit.jobs().extend(lease, until, progress).await?;
        unit.commit().await?;
        Ok(state)
    }

    /// The job is to be tried again; `false` when the lease was lost.
    pub async fn retry_at(
        &self,
        lease: &Lease,
        at: Timestamp,
        reason: &str,
    ) -> Result<bool, PortError> {
        let unit = self.core.begin().await?;
        let held = unit.jobs().retry(lease, at, reason).await?;
        unit.commit().await?;
        Ok(held)
    }

    /// Asks for a job to be stopped; `false` when there is no such open job.
    pub async fn request_stop(&self, id: JobId) -> Result<bool, PortError> {
        let unit = self.core.begin().await?;
        let stopping = unit.jobs().request_stop(id, self.core.now()).await?;
        unit.commit().await?;
        Ok(stopping)
    }

    /// What is known of a job.
    pub async fn find(&self, id: JobId) -> Result<Option<JobStatus>, PortError> {
        self.core.store.jobs().find(id).await
    }

    /// Up to `limit` jobs in `state`, the youngest first.
    pub async fn list(&self, state: JobState, limit: u32) -> Result<Vec<JobStatus>, PortError> {
        self.core.store.jobs().list(state, limit).await
    }

    /// Removes jobs that were done or stopped a month ago; tells how many.
    pub async fn purge(&self) -> Result<u64, PortError> {
        let before = self.core.now().minus(KEPT_FOR);
        let mut purged = 0;
        loop {
            let unit = self.core.begin().await?;
            let batch = unit.jobs().purge(before, PURGE_BATCH).await?;
            unit.commit().await?;
            purged += batch;
            if batch < u64::from(PURGE_BATCH) {
                return Ok(purged);
            }
        }
    }

    /// How many jobs of these kinds are open.
    pub async fn unfinished(&self, kinds: &[JobKind]) -> Result<u64, PortError> {
        self.core.store.jobs().unfinished(kinds).await
    }

    /// How much is waiting, of whatever kind.
    pub async fn depth(&self) -> Result<QueueDepth, PortError> {
        self.core.store.jobs().depth().await
    }
}
