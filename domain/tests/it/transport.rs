//! Events and dispatch, with what tests want to know of them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ids::{JobId, UserId};
use docuvault_domain::ports::{Delivery, Event, EventBody, EventBus, EventId, EventStream, Queue};
use docuvault_testkit::memory::MemoryEvents;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use tokio::task::unconstrained;

/// Events and dispatch, which can be cut: the database alone must do then.
pub(crate) struct TestTransport {
    events: MemoryEvents,
    published: Mutex<Vec<JobId>>,
    during_publish: Mutex<Option<BoxFuture<'static, ()>>>,
    disconnected: AtomicBool,
}

impl TestTransport {
    /// Whole.
    pub(crate) fn new() -> Self {
        Self {
            events: MemoryEvents::new(10_000),
            published: Mutex::default(),
            during_publish: Mutex::default(),
            disconnected: AtomicBool::new(false),
        }
    }

    /// From now on neither events nor jobs can be published.
    pub(crate) fn disconnect(&self) {
        self.disconnected.store(true, Ordering::SeqCst);
    }

    /// Happens while the next jobs are published.
    pub(crate) fn during_next_publish(&self, work: impl Future<Output = ()> + Send + 'static) {
        *self.during_publish.lock().unwrap() = Some(work.boxed());
    }

    /// The jobs that were published since the last call.
    pub(crate) fn published(&self) -> Vec<JobId> {
        std::mem::take(&mut *self.published.lock().unwrap())
    }

    fn check(&self) -> Result<(), PortError> {
        if self.disconnected.load(Ordering::SeqCst) {
            return Err(PortError::transient(
                "telling anybody",
                "the transport is cut",
            ));
        }
        Ok(())
    }
}

#[async_trait]
impl EventBus for TestTransport {
    async fn publish(&self, event: &Event) -> Result<(), PortError> {
        self.check()?;
        self.events.publish(event).await
    }

    async fn subscribe(
        &self,
        owner: UserId,
        last: Option<EventId>,
    ) -> Result<EventStream, PortError> {
        self.events.subscribe(owner, last).await
    }
}

#[async_trait]
impl Queue for TestTransport {
    async fn publish(&self, jobs: &[JobId]) -> Result<(), PortError> {
        self.check()?;
        self.published.lock().unwrap().extend_from_slice(jobs);
        let work = self.during_publish.lock().unwrap().take();
        if let Some(work) = work {
            work.await;
        }
        Ok(())
    }

    async fn wait(&self) {
        unreachable!("tests look into the jobs table themselves");
    }

    async fn check(&self) -> Result<(), PortError> {
        self.check()
    }

    fn component(&self) -> &'static str {
        "jobs"
    }
}

/// Somebody who listens to the events of one owner.
pub(crate) struct EventListener(pub(crate) EventStream);

impl EventListener {
    /// What came since the last call.
    pub(crate) fn received(&mut self) -> Vec<EventBody> {
        let mut received = Vec::new();
        // Unconstrained: else the runtime lets a long queue wait although something came.
        while let Some(Some(delivery)) = unconstrained(self.0.next()).now_or_never() {
            match delivery {
                Delivery::Event(_, event) => received.push(event.body),
                Delivery::Resync => panic!("events are missing"),
            }
        }
        received
    }
}
