use docuvault_domain::PortError;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{Delivery, Event, EventId, EventStream};
use futures::stream;
use tokio::sync::broadcast;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

use super::{Live, Position, log};
use crate::connection::Redis;

/// How a subscription begins.
pub(super) struct Start {
    owner: UserId,
    /// What the subscriber is owed before live events.
    owed: Vec<Delivery>,
    /// Live events up to here are old or were among those owed. Unknown while Redis is away.
    floor: Option<Position>,
}

impl Start {
    pub(super) async fn of(redis: &Redis, owner: UserId, last: Option<EventId>) -> Self {
        let (owed, floor) = match last {
            None => (Vec::new(), log::end(redis).await.ok()),
            Some(last) => match missed(redis, owner, &last).await {
                Ok(Some((missed, floor))) => (missed, Some(floor)),
                Ok(None) => (vec![Delivery::Resync], log::end(redis).await.ok()),
                Err(_) => (vec![Delivery::Resync], None),
            },
        };
        Self { owner, owed, floor }
    }

    /// The whole subscription.
    pub(super) fn followed_by(self, live: broadcast::Receiver<Live>) -> EventStream {
        let (owner, mut floor) = (self.owner, self.floor);
        let live = BroadcastStream::new(live).filter_map(move |live| match live {
            Ok(Live::Streamed(at, event)) => (event.owner == owner && floor < Some(at))
                .then(|| Delivery::Event(at.into(), Event::clone(&event))),
            Ok(Live::Local(id, event)) => {
                (event.owner == owner).then(|| Delivery::Event(id, Event::clone(&event)))
            }
            Ok(Live::Resync) | Err(_) => {
                // A flushed Redis may count from anywhere.
                floor = None;
                Some(Delivery::Resync)
            }
        });
        Box::pin(stream::iter(self.owed).chain(live))
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
    let floor = entries.last().and_then(log::position).unwrap_or(last);
    let deliveries = entries.into_iter().filter_map(|entry| {
        let event = log::event(&entry)?;
        (event.owner == owner).then_some(Delivery::Event(EventId(entry.id), event))
    });
    Ok(Some((deliveries.collect(), floor)))
}
