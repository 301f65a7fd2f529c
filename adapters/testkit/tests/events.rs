//! The in-memory bus is held to the suite like any other.

use std::sync::Arc;

use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::{Delivery, Event, EventBody, EventBus};
use docuvault_testkit::builders::OWNER;
use docuvault_testkit::conformance;
use docuvault_testkit::memory::MemoryEvents;
use futures::StreamExt;
use uuid::Uuid;

#[tokio::test]
async fn the_memory_implementation_conforms() {
    conformance::events::run(Arc::new(MemoryEvents::new(100)), 100).await;
}

#[tokio::test]
async fn whoever_is_outrun_is_told() {
    let bus = MemoryEvents::new(4);
    let mut stream = bus.subscribe(OWNER, None).await.unwrap();
    let event = Event {
        owner: OWNER,
        body: EventBody::DocumentDeleted {
            id: DocumentId(Uuid::nil()),
        },
    };
    for _ in 0..10 {
        bus.publish(&event).await.unwrap();
    }
    assert_eq!(stream.next().await, Some(Delivery::Resync));
    assert!(matches!(stream.next().await, Some(Delivery::Event(..))));
    drop(bus);
    assert_eq!(stream.count().await, 3, "ends with the bus");
}
