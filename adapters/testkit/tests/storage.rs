//! The in-memory store is held to the suite like any other.

use std::sync::Arc;

use docuvault_testkit::conformance;
use docuvault_testkit::memory::MemoryStorage;

#[tokio::test]
async fn the_memory_implementation_conforms() {
    conformance::storage::run(Arc::new(MemoryStorage::new())).await;
}
