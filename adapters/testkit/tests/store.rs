//! The in-memory database is held to the suite like any other.

use std::sync::Arc;

use docuvault_domain::ports::Store;
use docuvault_testkit::conformance;
use docuvault_testkit::memory::MemoryStore;

#[tokio::test(flavor = "multi_thread")]
async fn the_memory_implementation_conforms() {
    conformance::store::run(async || Arc::new(MemoryStore::new()) as Arc<dyn Store>).await;
}
