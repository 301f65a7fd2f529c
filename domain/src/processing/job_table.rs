use std::sync::Arc;
use std::time::Duration;

use crate::fault::PortError;
use crate::ids::JobId;
use crate::ports::{Clock, Lease, QueueDepth, Store, WorkerId};
use crate::timestamp::Timestamp;

/// The jobs table with a clock and a lease term: what every queue shares, each operation in a short
/// transaction of its own.
#[derive(Clone)]
pub struct JobTable {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Tells when leases end.
    pub clock: Arc<dyn Clock>,
    /// How long a lease lasts unless it is extended.
    pub lease_for: Duration,
}

impl JobTable {
    /// Leases `id` if it is due, else (without `id`) the job that has been due longest.
    pub async fn claim(
        &self,
        worker: &WorkerId,
        id: Option<JobId>,
    ) -> Result<Option<Lease>, PortError> {
        let now = self.clock.now();
        let unit = self.store.begin().await?;
        let lease = unit
            .jobs()
            .claim(worker, id, now, now.plus(self.lease_for))
            .await?;
        unit.commit().await?;
        Ok(lease)
    }

    /// Keeps a lease for another term; `None` when it was lost.
    pub async fn extend(&self, lease: &Lease) -> Result<Option<Lease>, PortError> {
        let until = self.clock.now().plus(self.lease_for);
        let unit = self.store.begin().await?;
        let kept = unit.jobs().extend(lease, until).await?;
        unit.commit().await?;
        Ok(kept.then(|| Lease {
            until,
            ..lease.clone()
        }))
    }

    /// The job is done.
    pub async fn ack(&self, lease: &Lease) -> Result<bool, PortError> {
        let unit = self.store.begin().await?;
        let held = unit.jobs().finish(lease, self.clock.now()).await?;
        unit.commit().await?;
        Ok(held)
    }

    /// The job is to be tried again.
    pub async fn retry_at(
        &self,
        lease: &Lease,
        at: Timestamp,
        reason: &str,
    ) -> Result<bool, PortError> {
        let unit = self.store.begin().await?;
        let held = unit.jobs().retry(lease, at, reason).await?;
        unit.commit().await?;
        Ok(held)
    }

    /// Jobs that are due and were published before `age` ago, or never: up to `limit` of them, from
    /// now on counted as published.
    pub async fn take_unpublished(
        &self,
        age: Duration,
        limit: u32,
    ) -> Result<Vec<JobId>, PortError> {
        let now = self.clock.now();
        let unit = self.store.begin().await?;
        let jobs = unit
            .jobs()
            .take_unpublished(now, now.minus(age), limit)
            .await?;
        unit.commit().await?;
        Ok(jobs)
    }

    /// How much is waiting.
    pub async fn depth(&self) -> Result<QueueDepth, PortError> {
        self.store.jobs().depth().await
    }
}
