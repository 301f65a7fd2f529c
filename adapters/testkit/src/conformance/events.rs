//! Suite of [`EventBus`]. Each case has owners of its own, so it may run on a bus that carries other
//! events.

use std::sync::Arc;
use std::time::Duration;

use crate::builders::OWNER;
use docuvault_domain::documents::{DocumentTopic, Field, Source, TopicState};
use docuvault_domain::ids::{DocumentId, UserId};
use docuvault_domain::ports::{Delivery, Event, EventBody, EventBus, EventId, EventStream};
use futures::StreamExt;
use time::macros::date;
use tokio::time::timeout;

use super::fixtures::{document, document_id, topic_id, unique};
use super::report::run_cases;

type Bus = Arc<dyn EventBus>;

/// No event takes longer.
const PROMPT: Duration = Duration::from_secs(10);

/// Holds `bus` to the contract. `kept` is after how many further events the bus no longer tells what
/// came after an event; the suite publishes more than that.
///
/// # Panics
/// When a case does not hold; the message names all that did not.
pub async fn run(bus: Arc<dyn EventBus>, kept: usize) {
    run_cases!(
        "events",
        (&bus, kept),
        [
            every_kind_arrives_as_it_was,
            order_is_kept,
            only_the_owners_events,
            the_local_owner_is_an_owner,
            several_subscribers,
            only_from_now_on,
            resume_after_the_last,
            resume_when_nothing_was_missed,
            an_unknown_last_is_one_resync,
            a_too_old_last_is_one_resync,
            a_dropped_subscriber_does_no_harm,
        ]
    );
}

fn somebody() -> UserId {
    UserId(unique())
}

/// The `n`-th of somebody's events.
fn event(owner: UserId, n: u64) -> Event {
    Event {
        owner,
        body: EventBody::DocumentDeleted { id: document_id(n) },
    }
}

async fn publish(bus: &Bus, owner: UserId, numbers: impl IntoIterator<Item = u64>) {
    for n in numbers {
        bus.publish(&event(owner, n)).await.unwrap();
    }
}

async fn subscribe(bus: &Bus, owner: UserId) -> EventStream {
    bus.subscribe(owner, None).await.unwrap()
}

async fn resume(bus: &Bus, owner: UserId, last: &EventId) -> EventStream {
    bus.subscribe(owner, Some(last.clone())).await.unwrap()
}

async fn next(stream: &mut EventStream) -> Delivery {
    let next = timeout(PROMPT, stream.next()).await;
    let next = next.unwrap_or_else(|_| panic!("nothing came for {PROMPT:?}"));
    next.unwrap()
}

/// Takes the next events, which must be those of these numbers; returns their ids.
async fn expect(
    stream: &mut EventStream,
    owner: UserId,
    numbers: impl IntoIterator<Item = u64>,
) -> Vec<EventId> {
    let mut ids = Vec::new();
    for n in numbers {
        match next(stream).await {
            Delivery::Event(id, got) => {
                assert_eq!(got, event(owner, n));
                ids.push(id);
            }
            Delivery::Resync => panic!("a resync in place of event {n}"),
        }
    }
    ids
}

async fn every_kind_arrives_as_it_was((bus, _): (&Bus, usize)) {
    let owner = somebody();
    let topic = DocumentTopic {
        id: topic_id(1),
        name: "Ärzte & Co".to_owned(),
        hue: 3,
        state: TopicState::Suggested,
        confidence: Some(0.9),
        source: Source::Ai,
        reason: Some("It says \"rent\".".to_owned()),
    };
    let full = document(1)
        .owner(owner)
        .title("Miete „Süd“ 🏠")
        .dated(date!(1999 - 12 - 31))
        .with(|document| {
            document.topics = vec![topic];
            document.page_count = Some(3);
            document.summary = Field {
                value: None,
                source: Some(Source::User),
            };
            document.trashed_at = Some(document.created_at);
            document.duplicate_of = Some(document_id(2));
        })
        .build();
    let bodies = [
        EventBody::DocumentCreated {
            document: Box::new(document(2).owner(owner).build()),
        },
        EventBody::DocumentUpdated {
            document: Box::new(full),
        },
        EventBody::DocumentDeleted {
            id: DocumentId(unique()),
        },
        EventBody::JobFailed {
            document: document_id(1),
            sentence: "It needs a password.\n".to_owned(),
        },
    ];
    let mut stream = subscribe(bus, owner).await;
    for body in bodies {
        let event = Event { owner, body };
        bus.publish(&event).await.unwrap();
        match next(&mut stream).await {
            Delivery::Event(_, got) => assert_eq!(got, event),
            Delivery::Resync => panic!("a resync in place of {event:?}"),
        }
    }
}

async fn order_is_kept((bus, _): (&Bus, usize)) {
    let owner = somebody();
    let mut stream = subscribe(bus, owner).await;
    publish(bus, owner, 1..=50).await;
    let mut ids = expect(&mut stream, owner, 1..=50).await;
    ids.sort_by(|a, b| a.0.cmp(&b.0));
    ids.dedup();
    assert_eq!(ids.len(), 50, "ids are unique");
}

async fn only_the_owners_events((bus, _): (&Bus, usize)) {
    let (mine, other) = (somebody(), somebody());
    let mut stream = subscribe(bus, mine).await;
    for n in 1..=5 {
        publish(bus, other, [100 + n]).await;
        publish(bus, OWNER, [200 + n]).await;
        publish(bus, mine, [n]).await;
    }
    let ids = expect(&mut stream, mine, 1..=5).await;

    let mut resumed = resume(bus, mine, &ids[1]).await;
    expect(&mut resumed, mine, 3..=5).await;
}

async fn the_local_owner_is_an_owner((bus, _): (&Bus, usize)) {
    let mut stream = subscribe(bus, OWNER).await;
    publish(bus, somebody(), [1]).await;
    publish(bus, OWNER, [2, 3]).await;
    expect(&mut stream, OWNER, [2, 3]).await;
}

async fn several_subscribers((bus, _): (&Bus, usize)) {
    let owner = somebody();
    let mut first = subscribe(bus, owner).await;
    publish(bus, owner, [1]).await;
    let mut second = subscribe(bus, owner).await;
    publish(bus, owner, [2, 3]).await;
    let ids = expect(&mut first, owner, 1..=3).await;
    let others = expect(&mut second, owner, 2..=3).await;
    assert_eq!(others, ids[1..], "an event has one id");
}

async fn only_from_now_on((bus, _): (&Bus, usize)) {
    let owner = somebody();
    publish(bus, owner, [1, 2]).await;
    let mut stream = subscribe(bus, owner).await;
    publish(bus, owner, [3]).await;
    expect(&mut stream, owner, [3]).await;
}

async fn resume_after_the_last((bus, _): (&Bus, usize)) {
    let owner = somebody();
    let mut stream = subscribe(bus, owner).await;
    publish(bus, owner, 1..=5).await;
    let ids = expect(&mut stream, owner, 1..=5).await;
    drop(stream);

    publish(bus, owner, [6]).await;
    for (n, last) in (1..).zip(&ids) {
        let mut resumed = resume(bus, owner, last).await;
        expect(&mut resumed, owner, n + 1..=6).await;
    }
    // From what was missed to what comes live there is neither gap nor repeat.
    let mut resumed = resume(bus, owner, &ids[3]).await;
    publish(bus, owner, 7..=20).await;
    expect(&mut resumed, owner, 5..=20).await;
}

async fn resume_when_nothing_was_missed((bus, _): (&Bus, usize)) {
    let owner = somebody();
    let mut stream = subscribe(bus, owner).await;
    publish(bus, owner, [1]).await;
    let ids = expect(&mut stream, owner, [1]).await;
    let mut resumed = resume(bus, owner, &ids[0]).await;
    publish(bus, owner, [2]).await;
    expect(&mut resumed, owner, [2]).await;
}

async fn an_unknown_last_is_one_resync((bus, _): (&Bus, usize)) {
    let owner = somebody();
    for unknown in ["no id of ours", "", "0-", "18446744073709551615"] {
        let last = EventId(unknown.to_owned());
        let mut stream = resume(bus, owner, &last).await;
        publish(bus, owner, [1, 2]).await;
        let first = next(&mut stream).await;
        assert_eq!(first, Delivery::Resync, "{unknown:?}");
        expect(&mut stream, owner, [1, 2]).await;
    }
}

async fn a_too_old_last_is_one_resync((bus, kept): (&Bus, usize)) {
    let owner = somebody();
    let mut stream = subscribe(bus, owner).await;
    publish(bus, owner, [1]).await;
    let ids = expect(&mut stream, owner, [1]).await;
    drop(stream);
    for _ in 0..=kept {
        publish(bus, owner, [2]).await;
    }
    let mut stream = resume(bus, owner, &ids[0]).await;
    publish(bus, owner, [3, 4]).await;
    assert_eq!(next(&mut stream).await, Delivery::Resync);
    expect(&mut stream, owner, [3, 4]).await;
}

async fn a_dropped_subscriber_does_no_harm((bus, _): (&Bus, usize)) {
    let owner = somebody();
    let dropped = subscribe(bus, owner).await;
    let mut stream = subscribe(bus, owner).await;
    publish(bus, owner, [1]).await;
    drop(dropped);
    publish(bus, owner, [2]).await;
    expect(&mut stream, owner, [1, 2]).await;
}
