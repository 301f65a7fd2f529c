//! The worker over ports in memory: kinds of its own, with handlers that misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::ids::JobId;
use docuvault_domain::jobs::{JobHandler, JobRun, JobTable, Outcome};
use docuvault_domain::ports::{Job, JobEnd, JobKind, JobState, JobStatus, Lease, Progress, Queue};
use docuvault_domain::{Core, PortError};
use docuvault_testkit::memory::{CountingIds, FixedClock, MemoryStore};
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Kind, Worker};

const LEASE: Duration = Duration::from_millis(30);

/// A jobs table with a worker that knows the kinds `done`, `panics`, `endless` and the retired `old`.
struct Bench {
    core: Core,
    clock: Arc<FixedClock>,
    worker: Arc<Worker>,
    handler: Arc<Handler>,
}

/// Does as the job's kind says.
struct Handler {
    core: Core,
    begun: Notify,
    runs: AtomicU32,
    at_once: AtomicU32,
    most_at_once: AtomicU32,
}

/// Sends no messages: who waits looks again soon.
struct Polling;

#[async_trait]
impl Queue for Polling {
    async fn publish(&self, _jobs: &[JobId]) -> Result<(), PortError> {
        Ok(())
    }

    async fn wait(&self) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    async fn check(&self) -> Result<(), PortError> {
        Ok(())
    }

    fn component(&self) -> &'static str {
        "jobs"
    }
}

impl Bench {
    fn new() -> Self {
        let clock = Arc::new(FixedClock::default());
        let core = Core {
            store: Arc::new(MemoryStore::new()),
            clock: clock.clone(),
            ids: Arc::new(CountingIds::new()),
        };
        let handler = Arc::new(Handler {
            core: core.clone(),
            begun: Notify::new(),
            runs: AtomicU32::new(0),
            at_once: AtomicU32::new(0),
            most_at_once: AtomicU32::new(0),
        });
        let kind = |name, attempts, at_once| Kind {
            name: JobKind::new(name),
            handler: handler.clone(),
            attempts,
            lease: LEASE,
            at_once,
        };
        let kinds = vec![
            kind("done", Some(3), 2),
            kind("panics", Some(3), 2),
            kind("endless", Some(3), 2),
        ];
        let jobs = JobTable { core: core.clone() };
        let queue = Arc::new(Polling);
        let retired = [JobKind::new("old")];
        Self {
            worker: Arc::new(Worker::of(kinds, &retired, jobs, queue)),
            core,
            clock,
            handler,
        }
    }

    async fn schedule(&self, kind: &'static str) -> JobId {
        let (id, now) = (JobId(self.core.ids.v7()), self.core.clock.now());
        let job = Job::new(id, JobKind::new(kind), &json!({}));
        let unit = self.core.begin().await.unwrap();
        unit.jobs().schedule(&[job], now, now).await.unwrap();
        unit.commit().await.unwrap();
        id
    }

    async fn job(&self, id: JobId) -> JobStatus {
        self.core.store.jobs().find(id).await.unwrap().unwrap()
    }

    async fn state(&self, id: JobId) -> JobState {
        self.job(id).await.state
    }
}

#[async_trait]
impl JobHandler for Handler {
    async fn run(&self, run: &JobRun) -> Outcome {
        self.runs.fetch_add(1, Ordering::SeqCst);
        match run.lease.job.kind.as_str() {
            "panics" => panic!("on purpose"),
            "endless" => {
                run.report(1, 2);
                self.begun.notify_one();
                std::future::pending().await
            }
            _ => {
                let now = 1 + self.at_once.fetch_add(1, Ordering::SeqCst);
                self.most_at_once.fetch_max(now, Ordering::SeqCst);
                tokio::task::yield_now().await;
                self.at_once.fetch_sub(1, Ordering::SeqCst);
                let done = JobEnd::Done(None);
                assert!(self.abandon(&run.lease, done).await.unwrap());
                Outcome::Done
            }
        }
    }

    async fn abandon(&self, lease: &Lease, end: JobEnd<'_>) -> Result<bool, PortError> {
        let unit = self.core.begin().await?;
        let held = unit.jobs().finish(lease, self.core.now(), end).await?;
        unit.commit().await?;
        Ok(held)
    }

    fn exhausted(&self) -> &'static str {
        "Given up."
    }
}

#[tokio::test]
async fn a_panic_is_a_failed_try_and_the_last_one_gives_the_job_up() {
    let bench = Bench::new();
    let broken = bench.schedule("panics").await;
    for attempt in 1..=2 {
        let sound = bench.schedule("done").await;
        bench.worker.drain(0).await.unwrap();
        assert_eq!(
            bench.state(sound).await,
            JobState::Done,
            "the worker goes on"
        );
        let job = bench.job(broken).await;
        assert_eq!((job.state, job.attempts), (JobState::Open, attempt));
        assert!(job.note.unwrap().contains("on purpose"));
        bench.clock.advance(Duration::from_mins(10));
    }
    bench.worker.drain(0).await.unwrap();
    let job = bench.job(broken).await;
    assert_eq!((job.state, job.attempts), (JobState::Dead, 3));
    assert_eq!(job.note.as_deref(), Some("Given up."));
}

#[tokio::test]
async fn jobs_of_unknown_kinds_stay_and_block_nobody() {
    let bench = Bench::new();
    let unknown = bench.schedule("of a later release").await;
    bench.clock.advance(Duration::from_secs(1));
    let known = bench.schedule("done").await;
    bench.worker.drain(0).await.unwrap();
    assert_eq!(bench.state(known).await, JobState::Done);
    let unknown = bench.job(unknown).await;
    assert_eq!((unknown.state, unknown.attempts), (JobState::Open, 0));
}

#[tokio::test]
async fn jobs_of_retired_kinds_are_finished_without_being_done() {
    let bench = Bench::new();
    let old = bench.schedule("old").await;
    bench.worker.drain(0).await.unwrap();
    assert_eq!(bench.state(old).await, JobState::Done);
    assert_eq!(bench.handler.runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_job_stopped_halfway_ends_and_others_go_on() {
    let bench = Bench::new();
    let endless = bench.schedule("endless").await;
    let stopping = CancellationToken::new();
    let running = [0, 1].map(|n| tokio::spawn(bench.worker.clone().run(n, stopping.clone())));
    bench.handler.begun.notified().await;
    let jobs = JobTable {
        core: bench.core.clone(),
    };
    assert!(jobs.request_stop(endless).await.unwrap());
    until(async || bench.state(endless).await == JobState::Stopped).await;
    let progress = Some(Progress { done: 1, total: 2 });
    assert_eq!(bench.job(endless).await.progress, progress);

    let next = bench.schedule("done").await;
    until(async || bench.state(next).await == JobState::Done).await;
    stopping.cancel();
    for worker in running {
        worker.await.unwrap();
    }
}

#[tokio::test]
async fn a_waiting_job_that_is_to_be_stopped_is_never_begun() {
    let bench = Bench::new();
    let waiting = bench.schedule("done").await;
    let jobs = JobTable {
        core: bench.core.clone(),
    };
    assert!(jobs.request_stop(waiting).await.unwrap());
    bench.worker.drain(0).await.unwrap();
    assert_eq!(bench.state(waiting).await, JobState::Stopped);
    assert_eq!(bench.handler.runs.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_kind_runs_no_more_often_at_once_than_it_may() {
    let bench = Bench::new();
    for _ in 0..20 {
        bench.schedule("done").await;
    }
    let drains = (0..5).map(|n| bench.worker.drain(n));
    futures::future::try_join_all(drains).await.unwrap();
    assert_eq!(bench.handler.runs.load(Ordering::SeqCst), 20);
    assert_eq!(bench.handler.most_at_once.load(Ordering::SeqCst), 2);
}

/// Looks until `holds` does.
async fn until(holds: impl AsyncFn() -> bool) {
    let looking = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let looked = tokio::time::timeout(Duration::from_mins(1), looking).await;
    looked.expect("it never came");
}
