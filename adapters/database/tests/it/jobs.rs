//! Two releases at one jobs table: the release before this one knows the jobs of documents alone, and
//! speaks the SQL that is kept here.

use std::time::Duration;

use docuvault_domain::Timestamp;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{
    Claimable, Job, JobEnd, JobKind, JobState, Lease, Repos as _, Store, WorkerId,
};
use docuvault_domain::processing::{DocumentVersion, PROCESS};
use docuvault_testkit::builders::{a_document, add_owner};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, Value};
use uuid::Uuid;

use crate::support::{TestDatabase, on_both_engines};

on_both_engines!(
    the_release_before_sees_documents_jobs_only,
    jobs_of_the_release_before_are_done_here,
    a_job_that_the_release_before_works_on_is_not_claimed_here,
);

const NOW: Timestamp = Timestamp::from_micros(1_772_366_400_000_000);
const LEASE: Duration = Duration::from_mins(1);

/// A migrated database with a document, as both releases have it open.
struct Shared {
    here: std::sync::Arc<docuvault_database::SeaStore>,
    before: DatabaseConnection,
    document: docuvault_domain::documents::Document,
    _database: TestDatabase,
}

impl Shared {
    async fn new(database: TestDatabase) -> Self {
        let database = database.migrated().await;
        let (here, before) = (database.store().await, database.raw().await);
        add_owner(&*here).await;
        let document = a_document().build();
        let unit = here.begin().await.unwrap();
        unit.documents().add(&document).await.unwrap();
        unit.commit().await.unwrap();
        Self {
            here,
            before,
            document,
            _database: database,
        }
    }

    async fn schedule(&self, job: &Job) {
        let unit = self.here.begin().await.unwrap();
        let jobs = std::slice::from_ref(job);
        unit.jobs().schedule(jobs, NOW, NOW).await.unwrap();
        unit.commit().await.unwrap();
    }

    async fn claim(&self, now: Timestamp) -> Option<Lease> {
        let kinds = [PROCESS, JobKind::new("new")].map(|kind| Claimable { kind, lease: LEASE });
        let worker = WorkerId("here".to_owned());
        let unit = self.here.begin().await.unwrap();
        let lease = unit.jobs().claim(&worker, &kinds, now).await.unwrap();
        unit.commit().await.unwrap();
        lease
    }

    async fn state(&self, id: JobId) -> JobState {
        self.here.jobs().find(id).await.unwrap().unwrap().state
    }

    /// What the release before this one does when it looks for work, for a minute: the job's id and step,
    /// and how often it was claimed.
    async fn claim_before(&self, now: Timestamp) -> Option<(Uuid, String, i64)> {
        let lock = match self.before.get_database_backend() {
            DbBackend::Postgres => " FOR UPDATE SKIP LOCKED",
            _ => "",
        };
        let sql = format!(
            "UPDATE jobs SET due_at = $1, attempts = attempts + 1, worker = $2 WHERE id = \
             (SELECT id FROM jobs WHERE state = 'open' AND due_at <= $3 \
             ORDER BY due_at, id LIMIT 1{lock}) \
             RETURNING id, document_id, content_version, step, pipeline_version, attempts, due_at"
        );
        let values = vec![
            now.plus(LEASE).as_micros().into(),
            "before".into(),
            now.as_micros().into(),
        ];
        let row = self.before.query_one_raw(self.statement(sql, values)).await;
        let row = row.unwrap()?;
        // It fails where one of these is NULL.
        let _: Uuid = row.try_get_by_index(1).unwrap();
        let _: i64 = row.try_get_by_index(2).unwrap();
        let _: i64 = row.try_get_by_index(4).unwrap();
        let get = |n: usize| row.try_get_by_index::<String>(n);
        let attempts = row.try_get_by_index(5).unwrap();
        Some((row.try_get_by_index(0).unwrap(), get(3).unwrap(), attempts))
    }

    async fn finish_before(&self, id: Uuid, attempts: i64) -> bool {
        let sql = "UPDATE jobs SET state = 'done', finished_at = $3 WHERE id = $1 AND attempts = $2 \
                   AND state = 'open' AND worker IS NOT NULL";
        let values = vec![id.into(), attempts.into(), NOW.as_micros().into()];
        let done = self
            .before
            .execute_raw(self.statement(sql.to_owned(), values));
        done.await.unwrap().rows_affected() == 1
    }

    async fn schedule_before(&self, id: Uuid) {
        let sql = "INSERT INTO jobs (id, document_id, content_version, step, pipeline_version, state, \
                   attempts, due_at, published_at, created_at) \
                   VALUES ($1, $2, 1, 'process', 1, 'open', 0, $3, $3, $3) ON CONFLICT \
                   (document_id, content_version, step, pipeline_version) DO NOTHING";
        let values = vec![id.into(), self.document.id.0.into(), NOW.as_micros().into()];
        let done = self
            .before
            .execute_raw(self.statement(sql.to_owned(), values));
        done.await.unwrap();
    }

    fn statement(&self, sql: String, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.before.get_database_backend(), sql, values)
    }
}

async fn the_release_before_sees_documents_jobs_only(database: TestDatabase) {
    let shared = Shared::new(database).await;
    let new = Job::new(JobId(Uuid::from_u128(1)), JobKind::new("new"), &"payload");
    let reading = Job::process(JobId(Uuid::from_u128(2)), &shared.document);
    shared.schedule(&new).await;
    shared.schedule(&reading).await;
    let (id, step, attempts) = shared.claim_before(NOW).await.unwrap();
    assert_eq!((id, step.as_str(), attempts), (reading.id.0, "process", 1));
    assert_eq!(
        shared.claim_before(NOW).await,
        None,
        "the other waits for this release"
    );
    assert!(shared.finish_before(id, attempts).await);
    assert_eq!(shared.state(reading.id).await, JobState::Done);

    let lease = shared.claim(NOW).await.unwrap();
    assert_eq!((lease.job, lease.attempt), (new, 1));
}

async fn jobs_of_the_release_before_are_done_here(database: TestDatabase) {
    let shared = Shared::new(database).await;
    let id = Uuid::from_u128(1);
    shared.schedule_before(id).await;
    // What both schedule is one job.
    let again = Job::process(JobId(Uuid::from_u128(2)), &shared.document);
    shared.schedule(&again).await;
    let lease = shared.claim(NOW).await.unwrap();
    assert_eq!((lease.job.id.0, &lease.job.kind), (id, &PROCESS));
    let version: DocumentVersion = lease.job.payload().unwrap();
    assert_eq!(Some(version), again.payload());
    assert_eq!(lease.job.document(), Some(shared.document.id));
    assert_eq!(shared.claim(NOW).await, None);
    let unit = shared.here.begin().await.unwrap();
    let done = JobEnd::Done(None);
    assert!(unit.jobs().finish(&lease, NOW, done).await.unwrap());
    unit.commit().await.unwrap();
    assert_eq!(shared.claim_before(NOW.plus(LEASE)).await, None);
}

async fn a_job_that_the_release_before_works_on_is_not_claimed_here(database: TestDatabase) {
    let shared = Shared::new(database).await;
    let reading = Job::process(JobId(Uuid::from_u128(1)), &shared.document);
    shared.schedule(&reading).await;
    let (id, _, attempts) = shared.claim_before(NOW).await.unwrap();
    assert_eq!(shared.claim(NOW).await, None);
    // It dies; what it left is taken over, and its late end counts for nothing.
    let lease = shared.claim(NOW.plus(LEASE)).await.unwrap();
    assert_eq!((lease.job, lease.attempt), (reading, 2));
    assert!(!shared.finish_before(id, attempts).await);
}
