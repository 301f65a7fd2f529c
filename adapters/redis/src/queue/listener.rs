use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::streams::{StreamReadOptions, StreamReadReply};
use deadpool_redis::redis::{AsyncCommands, RedisResult};

use super::STREAM;
use crate::connection::{LONGEST_BLOCK, Redis, is_code};

const GROUP: &str = "workers";
/// All workers are one consumer: consumers keep track of unacknowledged messages, of which there
/// are none, and names that change with each start would pile up in Redis.
const CONSUMER: &str = "worker";

/// Reads messages for one waiting worker, on a connection of its own.
pub(super) struct Listener {
    redis: Redis,
    connection: Option<MultiplexedConnection>,
}

impl Listener {
    pub(super) fn new(redis: Redis) -> Self {
        Self {
            redis,
            connection: None,
        }
    }

    /// Whether a message came, waiting for one at most for `wait` and no longer than a blocking read
    /// takes.
    pub(super) async fn next(&mut self, wait: Duration) -> RedisResult<bool> {
        let message = self.read(wait).await;
        if message.is_err() {
            self.connection = None;
        }
        self.redis.watch(message)
    }

    async fn read(&mut self, wait: Duration) -> RedisResult<bool> {
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
                return Ok(false);
            }
            reply => reply?,
        };
        let mut messages = reply.into_iter().flat_map(|reply| reply.keys);
        let Some(message) = messages.next().and_then(|mut stream| stream.ids.pop()) else {
            return Ok(false);
        };
        let _: usize = connection.xdel(STREAM, &[&message.id]).await?;
        Ok(true)
    }
}

/// From the first message on, so that none is passed over that came before the group.
async fn create_group(connection: &mut MultiplexedConnection) -> RedisResult<()> {
    match connection.xgroup_create_mkstream(STREAM, GROUP, "0").await {
        Err(error) if is_code(&error, "BUSYGROUP") => Ok(()),
        result => result,
    }
}
