mod log;
mod position;
mod reader;
mod subscription;

use docuvault_domain::ids::UserId;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use deadpool_redis::redis::pipe;
use deadpool_redis::redis::streams::StreamMaxlen;
use docuvault_domain::PortError;
use docuvault_domain::ports::{Event, EventBus, EventId, EventStream};
use tokio::sync::broadcast;

use crate::connection::Redis;
use position::Position;

/// The last events of all owners.
const STREAM: &str = "docuvault:events";
const EVENT: &str = "event";
const MAX_EVENTS: usize = 10_000;

/// How far a subscriber may fall behind before it is told to fetch again.
const LIVE_BUFFER: usize = 1_024;

/// Fan-out by one capped stream. Each process reads it once ([`Self::run`]) and hands its events to
/// its own subscribers; while Redis is away these still hear of what the process itself does.
pub struct RedisEvents {
    redis: Redis,
    /// Where the stream ended when the bus was made, if Redis answered.
    origin: Option<Position>,
    live: broadcast::Sender<Message>,
    local_ids: AtomicU64,
}

/// What the subscribers of this process are handed.
#[derive(Clone)]
enum Message {
    Streamed(Position, Arc<Event>),
    /// Never reached the stream.
    Local(EventId, Arc<Event>),
    Resync,
}

impl RedisEvents {
    /// The bus on `redis`. Subscribers hear of everything from here on, once [`Self::run`] runs.
    pub async fn connect(redis: Redis) -> Self {
        let origin = log::end(&redis).await.ok();
        Self {
            redis,
            origin,
            live: broadcast::Sender::new(LIVE_BUFFER),
            local_ids: AtomicU64::new(0),
        }
    }

    fn broadcast(&self, message: Message) {
        // Fails when nobody listens.
        let _ = self.live.send(message);
    }
}

#[async_trait]
impl EventBus for RedisEvents {
    async fn publish(&self, event: &Event) -> Result<(), PortError> {
        let text = serde_json::to_string(event)
            .map_err(|error| PortError::permanent("writing an event", error))?;
        let mut entry = pipe();
        entry.xadd_maxlen(
            STREAM,
            StreamMaxlen::Approx(MAX_EVENTS),
            "*",
            &[(EVENT, text)],
        );
        // The outage is logged where it is noticed. Subscribers of other processes are told to
        // fetch again once Redis is back.
        if self.redis.shared().send(&entry).await.is_err() {
            let id = self.local_ids.fetch_add(1, Ordering::Relaxed);
            let id = EventId(format!("local-{id}"));
            self.broadcast(Message::Local(id, Arc::new(event.clone())));
        }
        Ok(())
    }

    async fn subscribe(
        &self,
        owner: UserId,
        last: Option<EventId>,
    ) -> Result<EventStream, PortError> {
        // Before the stream is asked: what comes meanwhile is then heard twice rather than never.
        let live = self.live.subscribe();
        let start = subscription::Start::of(&self.redis, owner, last).await;
        Ok(start.followed_by(live))
    }
}
