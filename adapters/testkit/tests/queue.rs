//! The in-memory queue is held to the suite like any other.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::processing::JobTable;
use docuvault_testkit::conformance::queue::{self, Subject};
use docuvault_testkit::memory::{FixedClock, MemoryQueue, MemoryStore};

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_implementation_conforms() {
    queue::run(async || {
        let store = Arc::new(MemoryStore::new());
        let clock = Arc::new(FixedClock::default());
        let queue = MemoryQueue::new(JobTable {
            store: store.clone(),
            clock: clock.clone(),
            lease_for: Duration::from_mins(1),
        });
        Subject {
            queue: Arc::new(queue),
            store,
            clock,
        }
    })
    .await;
}
