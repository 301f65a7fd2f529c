//! Handing promised work to workers.

use std::time::Duration;

use async_trait::async_trait;

use super::{Lease, QueueDepth, WorkerId};
use crate::fault::PortError;
use crate::ids::JobId;
use crate::timestamp::Timestamp;

/// Dispatch over the jobs table. Leases, attempts and due times live in the table alone; what an
/// implementation adds is how a waiting worker learns of work. Losing or repeating a message is
/// harmless, losing the table is not possible here.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Tells waiting workers of committed jobs. Best effort: a job that nobody heard of is found by
    /// its due time.
    async fn publish(&self, jobs: &[JobId]) -> Result<(), PortError>;
    /// Leases a due job, waiting up to `wait` for one. `None` when there was none. Cancel safe:
    /// a dropped call leaves at most a lease that runs out by itself.
    async fn claim(&self, worker: &WorkerId, wait: Duration) -> Result<Option<Lease>, PortError>;
    /// Keeps a lease for another term; `None` when it was lost.
    async fn extend(&self, lease: &Lease) -> Result<Option<Lease>, PortError>;
    /// The job is done and its effect stands (or it has none any more). `false`: the lease was lost.
    async fn ack(&self, lease: &Lease) -> Result<bool, PortError>;
    /// To be tried again at `at`. `false`: the lease was lost.
    async fn retry_at(&self, lease: &Lease, at: Timestamp, reason: &str)
    -> Result<bool, PortError>;
    /// How much is waiting.
    async fn depth(&self) -> Result<QueueDepth, PortError>;
    /// Ok when dispatch works. A broken one only delays jobs.
    async fn check(&self) -> Result<(), PortError>;
    /// `redis` or `jobs`: the component's name in health reports.
    fn component(&self) -> &'static str;
}
