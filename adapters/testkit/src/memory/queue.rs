use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{Lease, Queue, QueueDepth, WorkerId};
use docuvault_domain::processing::JobTable;
use docuvault_domain::{PortError, Timestamp};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

/// The jobs table with a wake-up call for waiting workers. It does not watch the clock: a job that
/// becomes due while a claim waits is found at the next publish or at the end of the wait.
pub struct MemoryQueue {
    table: JobTable,
    published: Notify,
}

impl MemoryQueue {
    /// A queue over `table`.
    pub fn new(table: JobTable) -> Self {
        Self {
            table,
            published: Notify::new(),
        }
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    async fn publish(&self, _jobs: &[JobId]) -> Result<(), PortError> {
        self.published.notify_waiters();
        Ok(())
    }

    async fn claim(&self, worker: &WorkerId, wait: Duration) -> Result<Option<Lease>, PortError> {
        let deadline = Instant::now() + wait;
        loop {
            // Listens before it looks: what is published in between is not missed.
            let published = self.published.notified();
            let lease = self.table.claim(worker, None).await?;
            if lease.is_some() {
                return Ok(lease);
            }
            if timeout_at(deadline, published).await.is_err() {
                return self.table.claim(worker, None).await;
            }
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
        Ok(())
    }

    fn component(&self) -> &'static str {
        "jobs"
    }
}
