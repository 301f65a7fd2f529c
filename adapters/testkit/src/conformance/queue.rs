//! Suite of [`Queue`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use docuvault_domain::ids::JobId;
use docuvault_domain::ports::Queue;
use futures::future::join_all;
use tokio::time::timeout;

use super::fixtures::job_id;
use super::report::run_cases;

/// Longer than any case: who returns before was woken.
const NEVER: Duration = Duration::from_mins(10);

const MOMENT: Duration = Duration::from_millis(100);

/// Holds the queues that `fresh` makes to the contract. `fresh` is called once per case with how long
/// a worker waits at most, and must give a queue without messages each time.
///
/// # Panics
/// When a case does not hold; the message names all that did not.
pub async fn run(fresh: impl AsyncFn(Duration) -> Arc<dyn Queue>) {
    run_cases!(
        "queue",
        &*fresh(NEVER).await,
        [
            a_message_wakes_a_waiting_worker,
            a_message_before_the_wait_is_not_missed,
            each_message_wakes_a_worker,
            more_messages_than_workers_do_no_harm,
            nothing_published_wakes_nobody,
            check_answers,
        ]
    );
    run_cases!(
        "queue without messages",
        &*fresh(MOMENT).await,
        [a_wait_ends_by_itself]
    );
}

async fn publish(queue: &dyn Queue, jobs: u64) {
    let jobs: Vec<JobId> = (1..=jobs).map(job_id).collect();
    queue.publish(&jobs).await.unwrap();
}

async fn a_message_wakes_a_waiting_worker(queue: &dyn Queue) {
    let wait = queue.wait();
    tokio::pin!(wait);
    // Nothing tells that it has begun to wait. Were this too short, the case would still pass.
    assert!(timeout(MOMENT, &mut wait).await.is_err(), "no message yet");
    publish(queue, 1).await;
    wait.await;
}

async fn a_message_before_the_wait_is_not_missed(queue: &dyn Queue) {
    publish(queue, 1).await;
    queue.wait().await;
}

async fn each_message_wakes_a_worker(queue: &dyn Queue) {
    let waits = join_all((0..3).map(|_| queue.wait()));
    tokio::pin!(waits);
    assert!(timeout(MOMENT, &mut waits).await.is_err(), "no message yet");
    publish(queue, 3).await;
    waits.await;
}

async fn more_messages_than_workers_do_no_harm(queue: &dyn Queue) {
    publish(queue, 1_000).await;
    publish(queue, 1_000).await;
    join_all((0..4).map(|_| queue.wait())).await;
}

async fn nothing_published_wakes_nobody(queue: &dyn Queue) {
    publish(queue, 0).await;
    assert!(timeout(MOMENT, queue.wait()).await.is_err());
}

async fn a_wait_ends_by_itself(queue: &dyn Queue) {
    let since = Instant::now();
    queue.wait().await;
    assert!(since.elapsed() + Duration::from_millis(20) >= MOMENT);
}

async fn check_answers(queue: &dyn Queue) {
    queue.check().await.unwrap();
    assert!(["redis", "jobs"].contains(&queue.component()));
}
