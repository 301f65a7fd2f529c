use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_redis::redis::streams::{StreamId, StreamReadOptions, StreamReadReply};
use deadpool_redis::redis::{AsyncCommands, RedisResult};
use tokio_util::sync::CancellationToken;

use super::{Message, Position, RedisEvents, STREAM, log};
use crate::connection::LONGEST_BLOCK;

const BATCH: usize = 100;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

impl RedisEvents {
    /// Reads the stream for the subscribers of this process until `stop`. Run it once.
    pub async fn run(&self, stop: CancellationToken) {
        stop.run_until_cancelled(self.listen()).await;
    }

    async fn listen(&self) {
        let mut from = self.origin;
        let mut pause = FIRST_PAUSE;
        loop {
            let since = Instant::now();
            // The outage is logged where it is noticed; the place is lost with the connection.
            let Err(_) = self.redis.watch(self.follow(from.take()).await);
            if since.elapsed() > LONGEST_PAUSE {
                pause = FIRST_PAUSE;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Hands on whatever is added after `from` until the connection breaks. Without `from` it is
    /// unknown what was missed, here or by other processes that could not reach Redis either: the
    /// subscribers are told, and reading goes on at the end.
    async fn follow(&self, from: Option<Position>) -> RedisResult<Infallible> {
        let mut connection = self.redis.dedicated().await?;
        let mut at = if let Some(at) = from {
            at
        } else {
            let newest = log::newest().query_async(&mut connection).await?;
            self.broadcast(Message::Resync);
            log::end_from(&newest)
        };
        let block = usize::try_from(LONGEST_BLOCK.as_millis()).unwrap_or(1);
        let options = StreamReadOptions::default().count(BATCH).block(block);
        loop {
            let reply: Option<StreamReadReply> = connection
                .xread_options(&[STREAM], &[at.to_string()], &options)
                .await?;
            for entry in reply
                .into_iter()
                .flat_map(|reply| reply.keys)
                .flat_map(|key| key.ids)
            {
                at = log::position(&entry).unwrap_or(at);
                self.forward(at, &entry);
            }
        }
    }

    fn forward(&self, at: Position, entry: &StreamId) {
        // Whoever subscribes after this test starts after this entry.
        if self.live.receiver_count() == 0 {
            return;
        }
        if let Some(event) = log::event(entry) {
            self.broadcast(Message::Streamed(at, Arc::new(event)));
        }
    }
}
