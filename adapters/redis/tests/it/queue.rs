use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_redis::redis::AsyncCommands;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{Ids, Job, Lease, Queue, Step, WorkerId};
use docuvault_domain::processing::JobTable;
use docuvault_redis::{RedisQueue, connect};
use docuvault_testkit::builders::a_document;
use docuvault_testkit::memory::{CountingIds, FixedClock, MemoryStore};
use docuvault_testservices::RedisServer;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::support::{flush, probe, until_blocked};

const LONG: Duration = Duration::from_secs(30);
/// Well before a blocking read ends by itself.
const AT_ONCE: Duration = Duration::from_millis(1_500);

struct Vault {
    ids: CountingIds,
    table: JobTable,
    queue: Arc<RedisQueue>,
}

impl Vault {
    fn on(url: &str) -> Self {
        let table = JobTable {
            store: Arc::new(MemoryStore::new()),
            clock: Arc::new(FixedClock::default()),
            lease_for: Duration::from_mins(1),
        };
        Self {
            ids: CountingIds::new(),
            queue: Arc::new(RedisQueue::new(connect(url).unwrap(), table.clone())),
            table,
        }
    }

    /// Commits `count` jobs without telling anybody.
    async fn promise(&self, count: usize) -> Vec<JobId> {
        let now = self.table.clock.now();
        let unit = self.table.store.begin().await.unwrap();
        let mut jobs = Vec::new();
        for _ in 0..count {
            let document = a_document().id(self.ids.v7()).build();
            unit.documents().add(&document).await.unwrap();
            jobs.push(Job {
                id: JobId(self.ids.v7()),
                document: document.id,
                content_version: document.content_version,
                step: Step::Process,
                pipeline_version: 1,
            });
        }
        unit.jobs().schedule(&jobs, now, now).await.unwrap();
        unit.commit().await.unwrap();
        jobs.into_iter().map(|job| job.id).collect()
    }

    /// Commits a job and publishes it.
    async fn promise_and_publish(&self) -> JobId {
        let job = self.promise(1).await[0];
        self.queue.publish(&[job]).await.unwrap();
        job
    }

    fn claim(&self, wait: Duration) -> JoinHandle<Option<Lease>> {
        let queue = self.queue.clone();
        tokio::spawn(async move { queue.claim(&worker(0), wait).await.unwrap() })
    }

    /// Starts workers that do every job they get, and tell of it.
    fn start_workers(&self, count: usize) -> mpsc::UnboundedReceiver<JobId> {
        let (done, receiver) = mpsc::unbounded_channel();
        for n in 0..count {
            let (queue, done) = (self.queue.clone(), done.clone());
            tokio::spawn(async move {
                loop {
                    let lease = queue
                        .claim(&worker(n), Duration::from_secs(5))
                        .await
                        .unwrap();
                    let Some(lease) = lease else { continue };
                    assert!(queue.ack(&lease).await.unwrap());
                    done.send(lease.job.id).unwrap();
                }
            });
        }
        receiver
    }
}

fn worker(n: usize) -> WorkerId {
    WorkerId(format!("worker-{n}"))
}

/// Waits until exactly `jobs` were done and returns how long that took.
async fn all_done(jobs: Vec<JobId>, done: &mut mpsc::UnboundedReceiver<JobId>) -> Duration {
    let started = Instant::now();
    let mut open: HashSet<_> = jobs.into_iter().collect();
    while !open.is_empty() {
        let job = tokio::time::timeout(LONG, done.recv()).await;
        let job = job.unwrap_or_else(|_| panic!("{} jobs were not done", open.len()));
        assert!(open.remove(&job.unwrap()), "a job was done twice");
    }
    started.elapsed()
}

#[tokio::test]
async fn a_message_wakes_a_waiting_worker_at_once_and_is_gone() {
    let server = RedisServer::start().await;
    let mut redis = probe(&server.url()).await;
    let vault = Vault::on(&server.url());
    let claim = vault.claim(LONG);
    until_blocked(&mut redis, 1).await;
    let started = Instant::now();
    let job = vault.promise_and_publish().await;
    let lease = claim.await.unwrap().unwrap();
    assert!(started.elapsed() < AT_ONCE);
    assert_eq!(lease.job.id, job);
    let left: usize = redis.xlen("docuvault:jobs").await.unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn messages_of_jobs_that_are_done_are_passed_over() {
    let server = RedisServer::start().await;
    let vault = Vault::on(&server.url());
    let mut done = vault.start_workers(2);
    let jobs = vault.promise(100).await;
    for _ in 0..3 {
        vault.queue.publish(&jobs).await.unwrap();
    }
    all_done(jobs, &mut done).await;
    let last = vault.promise_and_publish().await;
    all_done(vec![last], &mut done).await;
}

#[tokio::test]
async fn an_empty_wait_ends_in_time() {
    let server = RedisServer::start().await;
    let vault = Vault::on(&server.url());
    for wait in [0, 0, 1, 300] {
        let wait = Duration::from_millis(wait);
        let started = Instant::now();
        assert_eq!(vault.claim(wait).await.unwrap(), None);
        assert!(started.elapsed() >= wait);
        assert!(started.elapsed() < wait + AT_ONCE);
    }
}

#[tokio::test]
async fn a_flushed_redis_loses_no_job() {
    let server = RedisServer::start().await;
    let mut redis = probe(&server.url()).await;
    let vault = Vault::on(&server.url());
    let mut done = vault.start_workers(4);
    until_blocked(&mut redis, 4).await;
    let jobs = vault.promise(50).await;
    flush(&mut redis).await;
    let took = all_done(jobs, &mut done).await;
    assert!(took < Duration::from_secs(4), "{took:?}");

    until_blocked(&mut redis, 4).await;
    let started = Instant::now();
    let job = vault.promise_and_publish().await;
    all_done(vec![job], &mut done).await;
    assert!(started.elapsed() < AT_ONCE);
}

#[tokio::test]
async fn jobs_that_no_message_tells_of_are_found() {
    let server = RedisServer::start().await;
    let mut redis = probe(&server.url()).await;
    let vault = Vault::on(&server.url());
    let mut done = vault.start_workers(4);
    until_blocked(&mut redis, 4).await;
    let jobs = vault.promise(50).await;
    let took = all_done(jobs, &mut done).await;
    assert!(took < Duration::from_secs(4), "{took:?}");
}

#[tokio::test]
async fn without_redis_the_table_is_enough_and_messages_work_again_after() {
    let mut server = RedisServer::start().await;
    let vault = Vault::on(&server.url());
    vault.queue.check().await.unwrap();
    vault.promise_and_publish().await;
    vault.claim(LONG).await.unwrap().unwrap();
    let waiting = vault.claim(LONG);
    until_blocked(&mut probe(&server.url()).await, 1).await;

    server.stop();
    let started = Instant::now();
    let [job, other] = vault.promise(2).await[..] else {
        panic!()
    };
    vault.queue.publish(&[job, other]).await.unwrap_err();
    vault.queue.check().await.unwrap_err();
    assert_eq!(waiting.await.unwrap().unwrap().job.id, job);
    assert_eq!(vault.claim(LONG).await.unwrap().unwrap().job.id, other);
    assert!(started.elapsed() < Duration::from_secs(3));
    assert_eq!(vault.claim(Duration::from_millis(300)).await.unwrap(), None);

    let waiting = vault.claim(LONG);
    server.start_again().await;
    until_blocked(&mut probe(&server.url()).await, 1).await;
    vault.queue.check().await.unwrap();
    let started = Instant::now();
    let job = vault.promise_and_publish().await;
    assert_eq!(waiting.await.unwrap().unwrap().job.id, job);
    assert!(started.elapsed() < AT_ONCE);
}

#[tokio::test]
async fn a_restarted_redis_gets_the_next_message() {
    let mut server = RedisServer::start().await;
    let vault = Vault::on(&server.url());
    vault.promise_and_publish().await;
    server.stop();
    server.start_again().await;
    vault.promise_and_publish().await;
    let left: usize = probe(&server.url())
        .await
        .xlen("docuvault:jobs")
        .await
        .unwrap();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn a_dropped_claim_swallows_no_message() {
    let server = RedisServer::start().await;
    let mut redis = probe(&server.url()).await;
    let vault = Vault::on(&server.url());
    for _ in 0..5 {
        let claim = vault.claim(LONG);
        until_blocked(&mut redis, 1).await;
        claim.abort();
        let job = vault.promise_and_publish().await;
        let started = Instant::now();
        let lease = vault.claim(LONG).await.unwrap().unwrap();
        assert_eq!(lease.job.id, job);
        assert!(started.elapsed() < AT_ONCE);
        until_blocked(&mut redis, 0).await;
    }
}
