use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::streams::{StreamReadOptions, StreamReadReply};
use deadpool_redis::redis::{AsyncCommands, RedisResult};
use docuvault_domain::ids::JobId;

use super::{JOB, STREAM};
use crate::connection::{LONGEST_BLOCK, Redis, is_code};

const GROUP: &str = "workers";
/// All workers are one consumer: consumers keep track of unacknowledged messages, of which there
/// are none, and names that change with each start would pile up in Redis.
const CONSUMER: &str = "worker";

/// Hears of jobs for one waiting worker, on a connection of its own.
pub(super) struct Listener {
    redis: Redis,
    connection: Option<MultiplexedConnection>,
    /// The table may hold work that no message tells of. Stays set while it does: otherwise a
    /// flushed Redis would cost a wait for each job.
    pub(super) look_first: bool,
}

impl Listener {
    pub(super) fn new(redis: Redis) -> Self {
        Self {
            redis,
            connection: None,
            look_first: true,
        }
    }

    /// The next job that a message tells of, waiting for one at most for `wait` and no longer than
    /// a blocking read takes.
    pub(super) async fn next(&mut self, wait: Duration) -> RedisResult<Option<JobId>> {
        let job = self.read(wait).await;
        if job.is_err() {
            self.connection = None;
        }
        self.redis.watch(job)
    }

    async fn read(&mut self, wait: Duration) -> RedisResult<Option<JobId>> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => self.connection.insert(self.redis.dedicated().await?),
        };
        // Zero would mean for ever.
        let block = wait.clamp(Duration::from_millis(1), LONGEST_BLOCK);
        let options = StreamReadOptions::default()
            .group(GROUP, CONSUMER)
            .noack()
            .count(1)
            .block(usize::try_from(block.as_millis()).unwrap_or(1));
        let reply: RedisResult<Option<StreamReadReply>> =
            connection.xread_options(&[STREAM], &[">"], &options).await;
        let reply = match reply {
            // Redis is new or was flushed.
            Err(error) if is_code(&error, "NOGROUP") || is_code(&error, "UNBLOCKED") => {
                create_group(connection).await?;
                return Ok(None);
            }
            reply => reply?,
        };
        let mut messages = reply.into_iter().flat_map(|reply| reply.keys);
        let Some(message) = messages.next().and_then(|mut stream| stream.ids.pop()) else {
            return Ok(None);
        };
        let _: usize = connection.xdel(STREAM, &[&message.id]).await?;
        let job = message.get::<String>(JOB);
        Ok(job.and_then(|job| job.parse().ok()))
    }
}

/// From the first message on, so that none is passed over that came before the group.
async fn create_group(connection: &mut MultiplexedConnection) -> RedisResult<()> {
    match connection.xgroup_create_mkstream(STREAM, GROUP, "0").await {
        Err(error) if is_code(&error, "BUSYGROUP") => Ok(()),
        result => result,
    }
}
