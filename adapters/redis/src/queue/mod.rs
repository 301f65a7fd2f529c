mod listener;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use deadpool_redis::redis::pipe;
use deadpool_redis::redis::streams::StreamMaxlen;
use docuvault_domain::PortError;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::Queue;
use tokio::time::Instant;

use crate::connection::Redis;
use listener::Listener;

/// Carries job ids, to wake workers; nothing else.
const STREAM: &str = "docuvault:jobs";
const JOB: &str = "job";
/// More messages than this wake nobody any more: whoever is awake works until the table is empty.
const MAX_MESSAGES: usize = 32;

/// How long a worker waits while Redis is away.
const OUTAGE_POLL: Duration = Duration::from_millis(500);

/// Wakes workers by one stream. Each message is read by one waiting worker and is gone then; which job it
/// names does not matter to it.
pub struct RedisQueue {
    redis: Redis,
    poll: Duration,
    idle: Mutex<Vec<Listener>>,
}

impl RedisQueue {
    /// A queue whose waiting workers look into the table every `poll`; two seconds are a good start.
    pub fn new(redis: Redis, poll: Duration) -> Self {
        let idle = Mutex::default();
        Self { redis, poll, idle }
    }

    /// A dropped wait drops its listener and with it the connection, on which Redis might still hand
    /// out a message; the next wait makes a new one.
    fn listener(&self) -> Listener {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        idle.unwrap_or_else(|| Listener::new(self.redis.clone()))
    }
}

#[async_trait]
impl Queue for RedisQueue {
    async fn publish(&self, jobs: &[JobId]) -> Result<(), PortError> {
        if jobs.is_empty() {
            return Ok(());
        }
        let mut messages = pipe();
        for job in jobs.iter().take(MAX_MESSAGES) {
            let message = [(JOB, job.to_string())];
            messages.xadd_maxlen(STREAM, StreamMaxlen::Equals(MAX_MESSAGES), "*", &message);
        }
        let sent = self.redis.shared().send(&messages).await;
        sent.map_err(|error| PortError::transient("publishing jobs", error))
    }

    async fn wait(&self) {
        let mut listener = self.listener();
        let deadline = Instant::now() + self.poll;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match listener.next(left).await {
                Ok(false) if left > Duration::ZERO => {}
                Ok(_) => break,
                Err(_) => {
                    tokio::time::sleep(left.min(OUTAGE_POLL)).await;
                    break;
                }
            }
        }
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(listener);
    }

    async fn check(&self) -> Result<(), PortError> {
        self.redis.check().await
    }

    fn component(&self) -> &'static str {
        "redis"
    }
}
