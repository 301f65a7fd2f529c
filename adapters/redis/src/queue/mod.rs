mod listener;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use deadpool_redis::redis::pipe;
use deadpool_redis::redis::streams::StreamMaxlen;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{Lease, Queue, QueueDepth, WorkerId};
use docuvault_domain::processing::JobTable;
use docuvault_domain::{PortError, Timestamp};

use crate::connection::Redis;
use listener::Listener;

/// Carries job ids, to wake workers; nothing else.
const STREAM: &str = "docuvault:jobs";
const JOB: &str = "job";
/// Far above any backlog: trimming drops messages that nobody has read.
const MAX_MESSAGES: usize = 100_000;

/// How often a worker looks into the table while Redis is away.
const POLL: Duration = Duration::from_millis(500);

/// Dispatch by one stream beside the jobs table. A message is read by one worker, which then leases
/// the job in the table. What no message tells of (jobs that became due, messages that were lost)
/// is found by looking into the table whenever the stream has nothing.
pub struct RedisQueue {
    redis: Redis,
    table: JobTable,
    idle: Mutex<Vec<Listener>>,
}

impl RedisQueue {
    /// Dispatch of the jobs in `table`.
    pub fn new(redis: Redis, table: JobTable) -> Self {
        let idle = Mutex::default();
        Self { redis, table, idle }
    }

    /// A dropped claim drops its listener and with it the connection, on which Redis might still
    /// hand out a message; the next claim makes a new one, which begins with a look.
    fn listener(&self) -> Listener {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.unwrap_or_else(|| Listener::new(self.redis.clone()))
    }

    async fn claim_with(
        &self,
        listener: &mut Listener,
        worker: &WorkerId,
        wait: Duration,
    ) -> Result<Option<Lease>, PortError> {
        let deadline = Instant::now() + wait;
        loop {
            if listener.look_first {
                if let Some(lease) = self.table.claim(worker, None).await? {
                    return Ok(Some(lease));
                }
                listener.look_first = false;
                if Instant::now() >= deadline {
                    return Ok(None);
                }
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match listener.next(left).await {
                Ok(Some(job)) => {
                    if let Some(lease) = self.table.claim(worker, Some(job)).await? {
                        return Ok(Some(lease));
                    }
                    listener.look_first = Instant::now() >= deadline;
                }
                Ok(None) => listener.look_first = true,
                Err(_) => {
                    tokio::time::sleep(left.min(POLL)).await;
                    listener.look_first = true;
                }
            }
        }
    }
}

#[async_trait]
impl Queue for RedisQueue {
    async fn publish(&self, jobs: &[JobId]) -> Result<(), PortError> {
        if jobs.is_empty() {
            return Ok(());
        }
        let mut messages = pipe();
        for job in jobs {
            let message = [(JOB, job.to_string())];
            messages.xadd_maxlen(STREAM, StreamMaxlen::Approx(MAX_MESSAGES), "*", &message);
        }
        let sent = self.redis.shared().send(&messages).await;
        sent.map_err(|error| PortError::transient("publishing jobs", error))
    }

    async fn claim(&self, worker: &WorkerId, wait: Duration) -> Result<Option<Lease>, PortError> {
        let mut listener = self.listener();
        let claimed = self.claim_with(&mut listener, worker, wait).await;
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(listener);
        claimed
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
        self.redis.check().await
    }

    fn component(&self) -> &'static str {
        "redis"
    }
}
