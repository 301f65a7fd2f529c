use docuvault_domain::ids::UserId;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{Delivery, Event, EventBus, EventId, EventStream};
use futures::StreamExt as _;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

/// Events that a client which was away for a moment can still be given.
const REMEMBERED: usize = 256;

/// Events within this process. Ids carry the process's own mark, so that an id from before a restart
/// is known to be unknown.
pub struct LocalEvents {
    mark: String,
    state: Mutex<State>,
    live: broadcast::Sender<Numbered>,
}

#[derive(Clone)]
struct Numbered {
    number: u64,
    event: Event,
}

#[derive(Default)]
struct State {
    last: u64,
    recent: VecDeque<Numbered>,
}

impl LocalEvents {
    /// An empty bus. `mark` must differ from run to run.
    pub fn new(mark: impl Into<String>) -> Self {
        let (live, _) = broadcast::channel(REMEMBERED);
        Self {
            mark: mark.into(),
            state: Mutex::default(),
            live,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn delivery(mark: &str, numbered: Numbered) -> Delivery {
        Delivery::Event(
            EventId(format!("{mark}-{}", numbered.number)),
            numbered.event,
        )
    }

    /// What was missed since `last`; `None` when that can no longer be told.
    fn missed(&self, state: &State, last: &EventId) -> Option<Vec<Numbered>> {
        let number = last
            .0
            .strip_prefix(&self.mark)?
            .strip_prefix('-')?
            .parse::<u64>()
            .ok()?;
        let oldest = state
            .recent
            .front()
            .map_or(state.last + 1, |first| first.number);
        if number > state.last || number + 1 < oldest {
            return None;
        }
        Some(
            state
                .recent
                .iter()
                .filter(|it| it.number > number)
                .cloned()
                .collect(),
        )
    }
}

#[async_trait]
impl EventBus for LocalEvents {
    async fn publish(&self, event: &Event) -> Result<(), PortError> {
        // Numbering and sending under one lock keep the order the same for everybody.
        let mut state = self.lock();
        state.last += 1;
        let numbered = Numbered {
            number: state.last,
            event: event.clone(),
        };
        state.recent.push_back(numbered.clone());
        if state.recent.len() > REMEMBERED {
            state.recent.pop_front();
        }
        // Nobody listening is not an error.
        let _ = self.live.send(numbered);
        Ok(())
    }

    async fn subscribe(
        &self,
        owner: UserId,
        last: Option<EventId>,
    ) -> Result<EventStream, PortError> {
        let state = self.lock();
        let live = BroadcastStream::new(self.live.subscribe());
        let missed: Vec<Delivery> = match last.map(|last| self.missed(&state, &last)) {
            None => Vec::new(),
            Some(None) => vec![Delivery::Resync],
            Some(Some(missed)) => missed
                .into_iter()
                .filter(|it| it.event.owner == owner)
                .map(|it| Self::delivery(&self.mark, it))
                .collect(),
        };
        let mark = self.mark.clone();
        let live = live.filter_map(move |item| {
            let delivery = match item {
                Ok(it) if it.event.owner == owner => Some(Self::delivery(&mark, it)),
                Ok(_) => None,
                Err(BroadcastStreamRecvError::Lagged(_)) => Some(Delivery::Resync),
            };
            std::future::ready(delivery)
        });
        Ok(futures::stream::iter(missed).chain(live).boxed())
    }
}
