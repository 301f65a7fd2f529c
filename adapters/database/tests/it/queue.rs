use std::sync::Arc;
use std::time::Duration;

use docuvault_database::DatabaseQueue;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{Clock, Job, Step, Store, WorkerId};
use docuvault_domain::processing::JobTable;
use docuvault_testkit::builders::{a_document, add_owner};
use docuvault_testkit::conformance::queue::Subject;
use docuvault_testkit::memory::FixedClock;
use tokio::time::timeout;
use uuid::Uuid;

use crate::support::{TestDatabase, on_both_engines};

on_both_engines!(a_job_of_another_process_is_found);

/// A queue over a migrated database.
pub(crate) async fn queue_on(database: &TestDatabase, poll: Duration) -> Subject {
    let store: Arc<dyn Store> = database.store().await;
    let clock = Arc::new(FixedClock::default());
    let table = JobTable {
        store: store.clone(),
        clock: clock.clone(),
        lease_for: Duration::from_mins(1),
    };
    Subject {
        queue: Arc::new(DatabaseQueue::new(table, poll)),
        store,
        clock,
    }
}

/// Nobody tells this queue of it: it looks again by itself.
async fn a_job_of_another_process_is_found(database: TestDatabase) {
    const LONG: Duration = Duration::from_mins(10);
    let database = database.migrated().await;
    let here = queue_on(&database, Duration::from_millis(5)).await;
    let there = queue_on(&database, LONG).await;
    add_owner(&*there.store).await;
    assert_eq!(here.queue.component(), "jobs");

    let document = a_document().build();
    let job = Job {
        id: JobId(Uuid::from_u128(9)),
        document: document.id,
        content_version: 1,
        step: Step::Process,
        pipeline_version: 1,
    };
    let enqueue_jobs = async {
        let (unit, now) = (there.store.begin().await.unwrap(), there.clock.now());
        unit.documents().add(&document).await.unwrap();
        let jobs = std::slice::from_ref(&job);
        unit.jobs().schedule(jobs, now, now).await.unwrap();
        unit.commit().await.unwrap();
        there.queue.publish(&[job.id]).await.unwrap();
    };
    let worker = WorkerId("worker".to_owned());
    let claim = timeout(Duration::from_mins(1), here.queue.claim(&worker, LONG));
    let (lease, ()) = tokio::join!(claim, enqueue_jobs);
    assert_eq!(lease.unwrap().unwrap().unwrap().job, job);
}
