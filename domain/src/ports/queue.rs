//! Waking workers.

use async_trait::async_trait;

use crate::fault::PortError;
use crate::ids::JobId;

/// Tells waiting workers that the jobs table may have something for them; nothing else. Losing or
/// repeating a message is harmless: workers look into the table for as long as it has work, and every
/// so often besides.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Wakes as many waiting workers as there are `jobs`, on any replica. Best effort.
    async fn publish(&self, jobs: &[JobId]) -> Result<(), PortError>;
    /// Returns when a message came, also one that came before the call, and after a second or two in
    /// any case: what no message tells of, such as a job that became due, is found that way. A
    /// dropped call may take a message with it: look into the table before waiting again.
    async fn wait(&self);
    /// Ok when messages arrive. A broken queue only delays jobs.
    async fn check(&self) -> Result<(), PortError>;
    /// `redis` or `jobs`: the component's name in health reports.
    fn component(&self) -> &'static str;
}
