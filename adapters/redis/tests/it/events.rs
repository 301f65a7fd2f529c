use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_redis::redis::streams::StreamMaxlen;
use deadpool_redis::redis::{AsyncCommands, cmd};
use docuvault_domain::ids::{DocumentId, UserId};
use docuvault_domain::ports::{Delivery, Event, EventBody, EventBus, EventId, EventStream};
use docuvault_redis::{RedisEvents, connect};
use docuvault_testkit::builders::OWNER;
use docuvault_testservices::RedisServer;
use futures::StreamExt;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::support::{flush, probe, until_after};

const SOON: Duration = Duration::from_secs(10);

/// A process that reads the stream until it is dropped.
struct Process {
    events: Arc<RedisEvents>,
    _stop: DropGuard,
}

impl Process {
    async fn start(url: &str) -> Self {
        let events = Arc::new(RedisEvents::connect(connect(url).unwrap()).await);
        let stop = CancellationToken::new();
        let (reader, token) = (events.clone(), stop.clone());
        tokio::spawn(async move { reader.run(token).await });
        Self {
            events,
            _stop: stop.drop_guard(),
        }
    }

    async fn publish(&self, n: u128) {
        self.events.publish(&event(n)).await.unwrap();
    }

    async fn subscribe(&self, last: Option<EventId>) -> EventStream {
        self.events.subscribe(OWNER, last).await.unwrap()
    }
}

fn event(n: u128) -> Event {
    let id = DocumentId(Uuid::from_u128(n));
    Event {
        owner: OWNER,
        body: EventBody::DocumentDeleted { id },
    }
}

async fn next(stream: &mut EventStream) -> Delivery {
    let delivery = tokio::time::timeout(SOON, stream.next()).await;
    delivery.expect("nothing came").expect("the bus is open")
}

/// The next delivery, which is event `n`; returns its id.
async fn expect(stream: &mut EventStream, n: u128) -> EventId {
    match next(stream).await {
        Delivery::Event(id, got) if got == event(n) => id,
        other => panic!("event {n} expected, got {other:?}"),
    }
}

#[tokio::test]
async fn processes_hear_each_other() {
    let server = RedisServer::start().await;
    let (one, two) = (
        Process::start(&server.url()).await,
        Process::start(&server.url()).await,
    );
    let (mut at_one, mut at_two) = (one.subscribe(None).await, two.subscribe(None).await);
    let stranger = UserId(Uuid::max());
    let mut elsewhere = two.events.subscribe(stranger, None).await.unwrap();
    one.publish(1).await;
    two.publish(2).await;
    let theirs = Event {
        owner: stranger,
        ..event(3)
    };
    one.events.publish(&theirs).await.unwrap();
    for stream in [&mut at_one, &mut at_two] {
        expect(stream, 1).await;
        expect(stream, 2).await;
    }
    assert!(matches!(next(&mut elsewhere).await, Delivery::Event(_, got) if got == theirs));
}

#[tokio::test]
async fn a_subscriber_who_comes_back_under_load_misses_and_repeats_nothing() {
    let server = RedisServer::start().await;
    let process = Arc::new(Process::start(&server.url()).await);
    let mut stream = process.subscribe(None).await;
    let publisher = process.clone();
    tokio::spawn(async move {
        for n in 1..=400 {
            publisher.publish(n).await;
        }
    });
    let mut last = expect(&mut stream, 1).await;
    for n in 2..=400 {
        if n % 20 == 0 {
            stream = process.subscribe(Some(last)).await;
        }
        last = expect(&mut stream, n).await;
    }
}

#[tokio::test]
async fn new_subscribers_hear_nothing_old() {
    let server = RedisServer::start().await;
    let process = Process::start(&server.url()).await;
    for n in 1..=50 {
        process.publish(n).await;
    }
    let mut stream = process.subscribe(None).await;
    process.publish(51).await;
    expect(&mut stream, 51).await;
}

#[tokio::test]
async fn what_the_stream_no_longer_has_is_answered_by_one_resync() {
    let server = RedisServer::start().await;
    let process = Process::start(&server.url()).await;
    let mut redis = probe(&server.url()).await;
    let mut stream = process.subscribe(None).await;
    process.publish(1).await;
    process.publish(2).await;
    let first = expect(&mut stream, 1).await;
    let second = expect(&mut stream, 2).await;

    let _: usize = redis
        .xtrim("docuvault:events", StreamMaxlen::Equals(1))
        .await
        .unwrap();
    let mut trimmed = process.subscribe(Some(first)).await;
    let mut kept = process.subscribe(Some(second.clone())).await;
    process.publish(3).await;
    assert_eq!(next(&mut trimmed).await, Delivery::Resync);
    expect(&mut trimmed, 3).await;
    let third = expect(&mut kept, 3).await;

    flush(&mut redis).await;
    // Within the same millisecond the emptied stream would count from the same id again.
    until_after(&third, &mut redis).await;
    let mut flushed = process.subscribe(Some(second)).await;
    let mut unknown = process.subscribe(Some(EventId("local-1".to_owned()))).await;
    process.publish(4).await;
    for stream in [&mut flushed, &mut unknown] {
        assert_eq!(next(stream).await, Delivery::Resync);
        expect(stream, 4).await;
    }
    expect(&mut stream, 3).await;
    expect(&mut stream, 4).await;
}

#[tokio::test]
async fn an_outage_keeps_a_process_live_and_ends_with_a_resync() {
    let mut server = RedisServer::start().await;
    let (one, two) = (
        Process::start(&server.url()).await,
        Process::start(&server.url()).await,
    );
    let (mut at_one, mut at_two) = (one.subscribe(None).await, two.subscribe(None).await);
    one.publish(1).await;
    let first = expect(&mut at_one, 1).await;
    expect(&mut at_two, 1).await;

    server.stop();
    let started = Instant::now();
    one.publish(2).await;
    let mut back = one.subscribe(Some(first)).await;
    one.publish(3).await;
    assert!(started.elapsed() < Duration::from_secs(3));
    expect(&mut at_one, 2).await;
    expect(&mut at_one, 3).await;
    assert_eq!(next(&mut back).await, Delivery::Resync);
    expect(&mut back, 3).await;

    server.start_again().await;
    for stream in [&mut at_one, &mut at_two, &mut back] {
        assert_eq!(next(stream).await, Delivery::Resync);
    }
    // Whoever could not reach Redis a moment ago tries again at once now.
    one.publish(4).await;
    for stream in [&mut at_one, &mut at_two] {
        expect(stream, 4).await;
    }
}

#[tokio::test]
async fn a_vault_that_starts_without_redis_finds_it_later() {
    let mut server = RedisServer::start().await;
    let url = server.url();
    server.stop();
    let (one, two) = (Process::start(&url).await, Process::start(&url).await);
    let (mut at_one, mut at_two) = (one.subscribe(None).await, two.subscribe(None).await);
    two.publish(1).await;
    expect(&mut at_two, 1).await;
    server.start_again().await;
    for stream in [&mut at_one, &mut at_two] {
        assert_eq!(next(stream).await, Delivery::Resync);
    }
    one.publish(2).await;
    expect(&mut at_two, 2).await;
}

#[tokio::test]
async fn publishing_does_not_wait_for_a_redis_that_hangs() {
    let server = RedisServer::start().await;
    let process = Process::start(&server.url()).await;
    let mut stream = process.subscribe(None).await;
    process.publish(1).await;
    expect(&mut stream, 1).await;
    let mut redis = probe(&server.url()).await;
    cmd("CLIENT")
        .arg("PAUSE")
        .arg(8_000)
        .exec_async(&mut redis)
        .await
        .unwrap();
    let started = Instant::now();
    process.publish(2).await;
    assert!(started.elapsed() < Duration::from_secs(3));
    let started = Instant::now();
    process.publish(3).await;
    assert!(started.elapsed() < Duration::from_millis(500));
    expect(&mut stream, 2).await;
    expect(&mut stream, 3).await;
}
