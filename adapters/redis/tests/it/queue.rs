use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_redis::redis::AsyncCommands;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::Queue;
use docuvault_redis::{RedisQueue, connect};
use docuvault_testservices::RedisServer;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::support::{flush, probe, until_blocked};

/// Longer than any test: who returns before was woken.
const NEVER: Duration = Duration::from_mins(10);
/// Well before a blocking read ends by itself.
const AT_ONCE: Duration = Duration::from_millis(1_500);

fn queue_at(server: &RedisServer, poll: Duration) -> Arc<RedisQueue> {
    Arc::new(RedisQueue::new(connect(&server.url()).unwrap(), poll))
}

fn waiting(queue: &Arc<RedisQueue>) -> JoinHandle<()> {
    let queue = queue.clone();
    tokio::spawn(async move { queue.wait().await })
}

fn jobs(count: u128) -> Vec<JobId> {
    (1..=count).map(|n| JobId(Uuid::from_u128(n))).collect()
}

#[tokio::test]
async fn a_message_wakes_a_waiting_worker_at_once_and_is_gone() {
    let server = RedisServer::start().await;
    let mut redis = probe(&server.url()).await;
    let (here, there) = (queue_at(&server, NEVER), queue_at(&server, NEVER));
    let worker = waiting(&here);
    until_blocked(&mut redis, 1).await;
    let started = Instant::now();
    there.publish(&jobs(1)).await.unwrap();
    worker.await.unwrap();
    assert!(started.elapsed() < AT_ONCE);
    let left: usize = redis.xlen("docuvault:jobs").await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn one_message_wakes_one_of_several_replicas() {
    let server = RedisServer::start().await;
    let mut redis = probe(&server.url()).await;
    let queues = [0, 1, 2].map(|_| queue_at(&server, NEVER));
    let workers = queues.each_ref().map(waiting);
    until_blocked(&mut redis, 3).await;
    queues[0].publish(&jobs(1)).await.unwrap();
    until_blocked(&mut redis, 2).await;
    queues[0].publish(&jobs(2)).await.unwrap();
    for worker in workers {
        worker.await.unwrap();
    }
}

#[tokio::test]
async fn messages_that_nobody_reads_do_not_pile_up() {
    let server = RedisServer::start().await;
    let queue = queue_at(&server, NEVER);
    for _ in 0..10 {
        queue.publish(&jobs(100)).await.unwrap();
    }
    let mut redis = probe(&server.url()).await;
    let left: usize = redis.xlen("docuvault:jobs").await.unwrap();
    assert_eq!(left, 32);
}

#[tokio::test]
async fn messages_arrive_again_after_redis_was_flushed() {
    let server = RedisServer::start().await;
    let mut redis = probe(&server.url()).await;
    let queue = queue_at(&server, NEVER);
    let worker = waiting(&queue);
    until_blocked(&mut redis, 1).await;
    flush(&mut redis).await;
    until_blocked(&mut redis, 1).await;
    queue.publish(&jobs(1)).await.unwrap();
    worker.await.unwrap();
}

#[tokio::test]
async fn without_redis_waits_are_short_and_messages_arrive_again_after() {
    let mut server = RedisServer::start().await;
    let queue = queue_at(&server, NEVER);
    queue.check().await.unwrap();
    let worker = waiting(&queue);
    until_blocked(&mut probe(&server.url()).await, 1).await;

    server.stop();
    queue.publish(&jobs(1)).await.unwrap_err();
    queue.check().await.unwrap_err();
    // The worker looks into the table instead, and soon again.
    worker.await.unwrap();
    queue.wait().await;

    server.start_again().await;
    let worker = waiting(&queue);
    until_blocked(&mut probe(&server.url()).await, 1).await;
    queue.check().await.unwrap();
    queue.publish(&jobs(1)).await.unwrap();
    worker.await.unwrap();
}

#[tokio::test]
async fn a_restarted_redis_gets_the_next_message() {
    let mut server = RedisServer::start().await;
    let queue = queue_at(&server, NEVER);
    queue.publish(&jobs(1)).await.unwrap();
    server.stop();
    server.start_again().await;
    queue.publish(&jobs(1)).await.unwrap();
    let mut redis = probe(&server.url()).await;
    let left: usize = redis.xlen("docuvault:jobs").await.unwrap();
    assert_eq!(left, 1);
}
