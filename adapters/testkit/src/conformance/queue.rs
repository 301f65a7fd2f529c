//! Suite of [`Queue`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use docuvault_domain::Timestamp;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{Clock, Lease, Queue, QueueDepth, Store};
use futures::future::join_all;
use tokio::time::{sleep, timeout};

use super::fixtures::{add_documents, document, job, job_id, worker, write};
use super::report::run_cases;
use crate::memory::FixedClock;

/// A queue over an empty jobs table, with what the suite needs to move it. The queue should look at
/// the table by itself at most every ten seconds, for the suite tells by the time whether it was
/// publishing that woke a worker.
pub struct Subject {
    /// What is held to the contract.
    pub queue: Arc<dyn Queue>,
    /// The database that its jobs table is in.
    pub store: Arc<dyn Store>,
    /// The clock that its jobs table goes by.
    pub clock: Arc<FixedClock>,
}

/// Long enough for a queue to look everywhere.
const LOOK: Duration = Duration::from_millis(200);

/// Whoever was woken by publishing is done long before.
const PROMPT: Duration = Duration::from_secs(5);

const LONG: Duration = Duration::from_mins(1);

/// Holds the queues that `fresh` makes to the contract. `fresh` is called once per case and must
/// give an empty jobs table each time.
///
/// # Panics
/// When a case does not hold; the message names all that did not.
pub async fn run(fresh: impl AsyncFn() -> Subject) {
    run_cases!(
        "queue",
        &fresh().await,
        [
            nothing_to_do_is_none_after_the_wait,
            publishing_wakes_a_waiting_claim,
            publishing_wakes_several_waiting_claims,
            a_due_job_is_found_without_a_message,
            a_job_that_becomes_due_is_found,
            repeated_and_unknown_messages_do_no_harm,
            parallel_claims_get_distinct_jobs,
            a_dropped_claim_loses_nothing,
            ack_ends_a_job,
            retry_waits_for_its_time,
            extend_keeps_the_lease,
            a_lost_lease_is_told,
            depth_is_that_of_the_table,
            check_answers,
        ]
    );
}

impl Subject {
    /// Commits the jobs `first..=last` with their documents.
    async fn enqueue_jobs(&self, (first, last): (u64, u64), due_at: Timestamp) -> Vec<JobId> {
        let documents: Vec<_> = (first..=last).map(|n| document(n).build()).collect();
        add_documents(&self.store, &documents).await;
        let jobs: Vec<_> = (first..=last).map(job).collect();
        write(&self.store, async |unit| {
            let now = self.clock.now();
            unit.jobs().schedule(&jobs, now, due_at).await.unwrap();
        })
        .await;
        jobs.into_iter().map(|job| job.id).collect()
    }

    /// Commits and publishes the first job, due at once.
    async fn publish_one(&self) {
        let jobs = self.enqueue_jobs((1, 1), self.clock.now()).await;
        self.queue.publish(&jobs).await.unwrap();
    }

    async fn claim(&self, wait: Duration) -> Option<Lease> {
        self.queue.claim(&worker("a"), wait).await.unwrap()
    }

    /// A lease that a second claim took away, and that of the second claim.
    async fn lost_lease(&self) -> (Lease, Lease) {
        self.publish_one().await;
        let lost = self.claim(PROMPT).await.unwrap();
        self.clock.set(lost.until);
        self.queue.publish(&[lost.job.id]).await.unwrap();
        let held = self.claim(PROMPT).await.unwrap();
        assert_eq!((lost.attempt, held.attempt), (1, 2));
        (lost, held)
    }
}

async fn nothing_to_do_is_none_after_the_wait(subject: &Subject) {
    for wait in [Duration::ZERO, LOOK, Duration::from_secs(1)] {
        let since = Instant::now();
        assert_eq!(subject.claim(wait).await, None);
        let took = since.elapsed();
        assert!(took + Duration::from_millis(20) >= wait, "{took:?}");
        assert!(took < wait + PROMPT, "waited {took:?} in place of {wait:?}");
    }
}

async fn publishing_wakes_a_waiting_claim(subject: &Subject) {
    let publish = async {
        // Nothing tells that a claim has begun to wait. Were this too short, the case would still
        // pass, for then the job is found at once.
        sleep(LOOK).await;
        let jobs = subject.enqueue_jobs((1, 1), subject.clock.now()).await;
        let since = Instant::now();
        subject.queue.publish(&jobs).await.unwrap();
        since
    };
    let (lease, since) = tokio::join!(subject.claim(LONG), publish);
    assert_eq!(lease.unwrap().job, job(1));
    let took = since.elapsed();
    assert!(took < PROMPT, "woke up after {took:?}");
}

async fn publishing_wakes_several_waiting_claims(subject: &Subject) {
    let publish = async {
        sleep(LOOK).await;
        let jobs = subject.enqueue_jobs((1, 3), subject.clock.now()).await;
        subject.queue.publish(&jobs).await.unwrap();
        Instant::now()
    };
    let claims = join_all((0..3).map(|_| subject.claim(LONG)));
    let (leases, since) = tokio::join!(claims, publish);
    let took = since.elapsed();
    assert_distinct(leases.into_iter().map(|lease| lease.unwrap().job.id), 3);
    assert!(took < PROMPT, "woke up after {took:?}");
}

async fn a_due_job_is_found_without_a_message(subject: &Subject) {
    subject.enqueue_jobs((1, 1), subject.clock.now()).await;
    let lease = subject.claim(PROMPT).await.unwrap();
    assert_eq!((lease.job, lease.attempt), (job(1), 1));
}

async fn a_job_that_becomes_due_is_found(subject: &Subject) {
    let due_at = subject.clock.now().plus(Duration::from_secs(30));
    let jobs = subject.enqueue_jobs((1, 1), due_at).await;
    subject.queue.publish(&jobs).await.unwrap();
    assert_eq!(subject.claim(LOOK).await, None, "not due");
    subject.clock.set(due_at);
    assert_eq!(subject.claim(LOOK).await.unwrap().job, job(1));
}

async fn repeated_and_unknown_messages_do_no_harm(subject: &Subject) {
    subject.queue.publish(&[]).await.unwrap();
    subject.enqueue_jobs((1, 1), subject.clock.now()).await;
    let messages = [job_id(9), job_id(1), job_id(1), job_id(9)];
    subject.queue.publish(&messages).await.unwrap();
    subject.queue.publish(&messages).await.unwrap();
    let lease = subject.claim(PROMPT).await.unwrap();
    assert_eq!(lease.job, job(1));
    assert_eq!(subject.claim(LOOK).await, None, "only once");
    assert!(subject.queue.ack(&lease).await.unwrap());
    subject.queue.publish(&messages).await.unwrap();
    assert_eq!(subject.claim(LOOK).await, None, "done");
}

async fn parallel_claims_get_distinct_jobs(subject: &Subject) {
    let jobs = subject.enqueue_jobs((1, 20), subject.clock.now()).await;
    subject.queue.publish(&jobs).await.unwrap();
    let tasks = (0..4).map(|n| {
        let (queue, worker) = (Arc::clone(&subject.queue), worker(&format!("worker {n}")));
        tokio::spawn(async move {
            let mut claimed = Vec::new();
            while let Some(lease) = queue.claim(&worker, LOOK).await.unwrap() {
                claimed.push(lease.job.id);
            }
            claimed
        })
    });
    let claimed = join_all(tasks).await.into_iter().flat_map(Result::unwrap);
    assert_distinct(claimed, 20);
}

fn assert_distinct(claimed: impl Iterator<Item = JobId>, count: u64) {
    let mut claimed: Vec<_> = claimed.collect();
    claimed.sort();
    let all: Vec<_> = (1..=count).map(job_id).collect();
    assert_eq!(claimed, all, "each exactly once");
}

async fn a_dropped_claim_loses_nothing(subject: &Subject) {
    for _ in 0..3 {
        let dropped = timeout(LOOK, subject.claim(LONG)).await;
        assert!(dropped.is_err(), "there is nothing to claim");
    }
    subject.publish_one().await;
    assert_eq!(subject.claim(PROMPT).await.unwrap().job, job(1));
}

async fn ack_ends_a_job(subject: &Subject) {
    subject.publish_one().await;
    let lease = subject.claim(PROMPT).await.unwrap();
    assert!(subject.queue.ack(&lease).await.unwrap());
    assert!(!subject.queue.ack(&lease).await.unwrap(), "only once");
    subject.clock.advance(Duration::from_hours(24));
    assert_eq!(subject.claim(LOOK).await, None);
}

async fn retry_waits_for_its_time(subject: &Subject) {
    subject.publish_one().await;
    let lease = subject.claim(PROMPT).await.unwrap();
    let later = subject.clock.now().plus(Duration::from_hours(2));
    let reason = "the store does not answer";
    let held = subject.queue.retry_at(&lease, later, reason).await;
    assert!(held.unwrap());
    subject.clock.set(later.minus(Duration::from_micros(1)));
    assert_eq!(subject.claim(LOOK).await, None, "not due");
    subject.clock.set(later);
    let next = subject.claim(LOOK).await.unwrap();
    assert_eq!((next.job, next.attempt), (job(1), 2));
}

async fn extend_keeps_the_lease(subject: &Subject) {
    subject.publish_one().await;
    let lease = subject.claim(PROMPT).await.unwrap();
    assert!(lease.until > subject.clock.now());
    subject
        .clock
        .set(lease.until.minus(Duration::from_micros(1)));
    let kept = subject.queue.extend(&lease).await.unwrap().unwrap();
    assert_eq!((&kept.job, kept.attempt), (&lease.job, lease.attempt));
    assert!(kept.until > lease.until);

    subject.clock.set(lease.until);
    subject.queue.publish(&[lease.job.id]).await.unwrap();
    assert_eq!(subject.claim(LOOK).await, None, "still leased");
    assert!(subject.queue.ack(&kept).await.unwrap());
}

async fn a_lost_lease_is_told(subject: &Subject) {
    let (lost, held) = subject.lost_lease().await;
    let (queue, now) = (&subject.queue, subject.clock.now());
    assert_eq!(queue.extend(&lost).await.unwrap(), None, "extend");
    assert!(!queue.ack(&lost).await.unwrap(), "ack");
    let retried = queue.retry_at(&lost, now, "late").await.unwrap();
    assert!(!retried, "retry_at");
    assert_eq!(subject.claim(LOOK).await, None, "the other lease stands");
    assert!(queue.ack(&held).await.unwrap());
}

async fn depth_is_that_of_the_table(subject: &Subject) {
    let depth = subject.queue.depth().await.unwrap();
    assert_eq!(depth, QueueDepth::default());
    let scheduled_at = subject.clock.now();
    subject.enqueue_jobs((1, 2), scheduled_at).await;
    let lease = subject.claim(PROMPT).await.unwrap();
    let expected = |open| QueueDepth {
        open,
        dead: 0,
        oldest: Some(scheduled_at),
    };
    assert_eq!(subject.queue.depth().await.unwrap(), expected(2));
    assert!(subject.queue.ack(&lease).await.unwrap());
    assert_eq!(subject.queue.depth().await.unwrap(), expected(1));
}

async fn check_answers(subject: &Subject) {
    subject.queue.check().await.unwrap();
    assert!(["redis", "jobs"].contains(&subject.queue.component()));
}
