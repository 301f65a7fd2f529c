use std::sync::Arc;

use docuvault_redis::{RedisEvents, RedisQueue, connect};
use docuvault_testkit::conformance::{events, queue};
use docuvault_testservices::RedisServer;
use tokio_util::sync::CancellationToken;

use crate::support::{flush, probe};

/// After so many missed events a subscriber is told to fetch again.
const REPLAYED_AT_MOST: usize = 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn queue() {
    let server = RedisServer::start().await;
    let redis = connect(&server.url()).unwrap();
    queue::run(async |poll| {
        flush(&mut probe(&server.url()).await).await;
        Arc::new(RedisQueue::new(redis.clone(), poll)) as _
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events() {
    let server = RedisServer::start().await;
    let bus = Arc::new(RedisEvents::connect(connect(&server.url()).unwrap()).await);
    let stop = CancellationToken::new();
    let (reader, stopped) = (bus.clone(), stop.clone());
    let reader = tokio::spawn(async move { reader.run(stopped).await });
    events::run(bus, REPLAYED_AT_MOST).await;
    stop.cancel();
    reader.await.unwrap();
}
