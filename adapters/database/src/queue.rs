use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{Lease, Queue, QueueDepth, WorkerId};
use docuvault_domain::processing::JobTable;
use docuvault_domain::{PortError, Timestamp};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

/// Hands out jobs from the jobs table itself. Workers of this process hear of new jobs at once,
/// those of other processes when they look again.
pub struct DatabaseQueue {
    table: JobTable,
    poll: Duration,
    published: Notify,
}

impl DatabaseQueue {
    /// A queue over `table` whose waiting workers look at it every `poll`; one second is a good
    /// start.
    pub fn new(table: JobTable, poll: Duration) -> Self {
        Self {
            table,
            poll,
            published: Notify::new(),
        }
    }
}

#[async_trait]
impl Queue for DatabaseQueue {
    async fn publish(&self, _jobs: &[JobId]) -> Result<(), PortError> {
        self.published.notify_waiters();
        Ok(())
    }

    async fn claim(&self, worker: &WorkerId, wait: Duration) -> Result<Option<Lease>, PortError> {
        let deadline = Instant::now() + wait;
        loop {
            // Listening begins before looking: a job that comes in between is heard of.
            let published = self.published.notified();
            if let Some(lease) = self.table.claim(worker, None).await? {
                return Ok(Some(lease));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            // Whether notified or not: look again.
            drop(timeout(self.poll.min(left), published).await);
        }
    }

    async fn extend(&self, lease: &Lease) -> Result<Option<Lease>, PortError> {
        self.table.extend(lease).await
    }

    async fn ack(&self, lease: &Lease) -> Result<bool, PortError> {
        self.table.ack(lease).await
    }

    async fn retry_at(
        &self,
        lease: &Lease,
        at: Timestamp,
        reason: &str,
    ) -> Result<bool, PortError> {
        self.table.retry_at(lease, at, reason).await
    }

    async fn depth(&self) -> Result<QueueDepth, PortError> {
        self.table.depth().await
    }

    async fn check(&self) -> Result<(), PortError> {
        self.table.depth().await.map(drop)
    }

    fn component(&self) -> &'static str {
        "jobs"
    }
}
