use docuvault_domain::PortError;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{Delivery, Event, EventId, EventStream};
use futures::stream;
use tokio::sync::broadcast;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

use super::{Message, Position, log};
use crate::connection::Redis;

/// How a subscription begins.
pub(super) struct Start {
    owner: UserId,
    /// What the subscriber gets before live events.
    replay: Vec<Delivery>,
    /// Live events up to here are old or were replayed. Unknown while Redis is away.
    replayed_to: Option<Position>,
}

impl Start {
    pub(super) async fn of(redis: &Redis, owner: UserId, last: Option<EventId>) -> Self {
        let (replay, replayed_to) = match last {
            None => (Vec::new(), log::end(redis).await.ok()),
            Some(last) => match missed(redis, owner, &last).await {
                Ok(Some((missed, end))) => (missed, Some(end)),
                Ok(None) => (vec![Delivery::Resync], log::end(redis).await.ok()),
                Err(_) => (vec![Delivery::Resync], None),
            },
        };
        Self {
            owner,
            replay,
            replayed_to,
        }
    }

    /// The whole subscription.
    pub(super) fn followed_by(self, live: broadcast::Receiver<Message>) -> EventStream {
        let (owner, mut replayed_to) = (self.owner, self.replayed_to);
        let live = BroadcastStream::new(live).filter_map(move |live| match live {
            Ok(Message::Streamed(at, event)) => (event.owner == owner && replayed_to < Some(at))
                .then(|| Delivery::Event(at.into(), Event::clone(&event))),
            Ok(Message::Local(id, event)) => {
                (event.owner == owner).then(|| Delivery::Event(id, Event::clone(&event)))
            }
            Ok(Message::Resync) | Err(_) => {
                // A flushed Redis may count from anywhere.
                replayed_to = None;
                Some(Delivery::Resync)
            }
        });
        Box::pin(stream::iter(self.replay).chain(live))
    }
}

/// What `owner` missed after `last`, and where that ends; `None` when the stream cannot tell.
async fn missed(
    redis: &Redis,
    owner: UserId,
    last: &EventId,
) -> Result<Option<(Vec<Delivery>, Position)>, PortError> {
    let Ok(last) = last.0.parse() else {
        return Ok(None);
    };
    let Some(entries) = log::after(redis, last).await? else {
        return Ok(None);
    };
    let end = entries.last().and_then(log::position).unwrap_or(last);
    let deliveries = entries.into_iter().filter_map(|entry| {
        let event = log::event(&entry)?;
        (event.owner == owner).then_some(Delivery::Event(EventId(entry.id), event))
    });
    Ok(Some((deliveries.collect(), end)))
}
