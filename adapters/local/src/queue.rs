use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::Queue;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// More messages than this wake nobody any more: whoever is awake works until the table is empty.
const MAX_MESSAGES: usize = 32;

/// Wakes the workers of this process. Those of other processes find jobs when they look again.
pub struct LocalQueue {
    /// One permit for each message that nobody has taken.
    messages: Semaphore,
    poll: Duration,
}

impl LocalQueue {
    /// A queue whose waiting workers look into the table every `poll`; one second is a good start.
    pub const fn new(poll: Duration) -> Self {
        Self {
            messages: Semaphore::const_new(0),
            poll,
        }
    }
}

#[async_trait]
impl Queue for LocalQueue {
    async fn publish(&self, jobs: &[JobId]) -> Result<(), PortError> {
        let room = MAX_MESSAGES.saturating_sub(self.messages.available_permits());
        self.messages.add_permits(jobs.len().min(room));
        Ok(())
    }

    async fn wait(&self) {
        if let Ok(Ok(message)) = timeout(self.poll, self.messages.acquire()).await {
            message.forget();
        }
    }

    async fn check(&self) -> Result<(), PortError> {
        Ok(())
    }

    fn component(&self) -> &'static str {
        "jobs"
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn keeps_the_contract_of_queues() {
        docuvault_testkit::conformance::queue::run(async |poll| {
            Arc::new(LocalQueue::new(poll)) as _
        })
        .await;
    }
}
