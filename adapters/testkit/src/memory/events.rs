use docuvault_domain::ids::UserId;
use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{Delivery, Event, EventBus, EventId, EventStream};
use futures::{StreamExt, future, stream};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::lock;

/// A broadcast with a ring of the last events.
pub struct MemoryEvents {
    kept: usize,
    ring: Mutex<Ring>,
    live: broadcast::Sender<(u64, Event)>,
}

#[derive(Default)]
struct Ring {
    published: u64,
    events: VecDeque<(u64, Event)>,
}

impl MemoryEvents {
    /// Keeps the last `kept` events (at least one); a subscriber that falls further behind is
    /// outrun.
    pub fn new(kept: usize) -> Self {
        Self {
            kept,
            ring: Mutex::default(),
            live: broadcast::Sender::new(kept),
        }
    }
}

impl Default for MemoryEvents {
    fn default() -> Self {
        Self::new(100)
    }
}

impl Ring {
    /// All events after `last`; `None` when it is unknown whether some are missing.
    fn after(&self, last: &EventId) -> Option<Vec<(u64, Event)>> {
        let last: u64 = last.0.parse().ok()?;
        let first_kept = self.events.front().map_or(1, |(n, _)| *n);
        let all_known = last >= first_kept - 1 && last <= self.published;
        all_known.then(|| {
            let events = self.events.iter();
            events.filter(|(n, _)| *n > last).cloned().collect()
        })
    }
}

#[async_trait]
impl EventBus for MemoryEvents {
    async fn publish(&self, event: &Event) -> Result<(), PortError> {
        let mut ring = lock(&self.ring);
        ring.published += 1;
        let numbered = (ring.published, event.clone());
        if ring.events.len() == self.kept {
            ring.events.pop_front();
        }
        ring.events.push_back(numbered.clone());
        // Sent under the lock, so that the order is that of the ring; fails when nobody listens.
        let _ = self.live.send(numbered);
        Ok(())
    }

    async fn subscribe(
        &self,
        owner: UserId,
        last: Option<EventId>,
    ) -> Result<EventStream, PortError> {
        let (live, missed) = {
            let ring = lock(&self.ring);
            let missed = last.map_or_else(|| Some(Vec::new()), |last| ring.after(&last));
            (self.live.subscribe(), missed)
        };
        let missed = match missed {
            Some(events) => events.into_iter().map(Ok).collect(),
            None => vec![Err(Outrun)],
        };
        let live = stream::unfold(live, |mut live| async {
            match live.recv().await {
                Ok(numbered) => Some((Ok(numbered), live)),
                Err(RecvError::Lagged(_)) => Some((Err(Outrun), live)),
                Err(RecvError::Closed) => None,
            }
        });
        let delivered = move |next: Result<(u64, Event), Outrun>| {
            future::ready(match next {
                Ok((n, event)) => {
                    (event.owner == owner).then(|| Delivery::Event(EventId(n.to_string()), event))
                }
                Err(Outrun) => Some(Delivery::Resync),
            })
        };
        Ok(stream::iter(missed)
            .chain(live)
            .filter_map(delivered)
            .boxed())
    }
}

/// Events may be missing here.
struct Outrun;
