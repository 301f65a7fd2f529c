use async_trait::async_trait;
use docuvault_domain::ids::{DocumentId, JobId};
use docuvault_domain::ports::{Job, JobRepo, Lease, QueueDepth, Step, WorkerId};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};

use crate::dialect::skip_locked;
use crate::sql::{Fields, SqlRepos, number, rows_of_placeholders, text, time};

/// What holds a lease: the row still carries its attempt, and the job was not given back.
const HELD: &str = "id = $1 AND attempts = $2 AND state = 'open' AND worker IS NOT NULL";

#[async_trait]
impl<C: ConnectionTrait + Send> JobRepo for SqlRepos<C> {
    async fn schedule(
        &self,
        jobs: &[Job],
        now: Timestamp,
        due_at: Timestamp,
    ) -> Result<(), PortError> {
        if jobs.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO jobs (id, document_id, content_version, step, pipeline_version, state, \
             attempts, due_at, published_at, created_at) VALUES {} ON CONFLICT \
             (document_id, content_version, step, pipeline_version) DO NOTHING",
            rows_of_placeholders(jobs.len(), 10)
        );
        let row = |job: &Job| -> [Value; 10] {
            [
                job.id.0.into(),
                job.document.0.into(),
                number(job.content_version),
                text(job.step.as_str()),
                number(job.pipeline_version),
                text("open"),
                number(0),
                time(due_at),
                time(now),
                time(now),
            ]
        };
        let values = jobs.iter().flat_map(row).collect();
        self.execute("promising jobs", sql, values).await?;
        Ok(())
    }

    async fn claim(
        &self,
        worker: &WorkerId,
        id: Option<JobId>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, PortError> {
        let sql = claim_sql(self.0.get_database_backend(), id.is_some());
        let mut values = vec![time(until), text(&worker.0), time(now)];
        values.extend(id.map(|id| Value::from(id.0)));
        self.one("claiming a job", sql, values, lease).await
    }

    async fn extend(&self, lease: &Lease, until: Timestamp) -> Result<bool, PortError> {
        let sql = format!("UPDATE jobs SET due_at = $3 WHERE {HELD}");
        let values = held(lease, [time(until)]);
        Ok(self.execute("extending a lease", sql, values).await? == 1)
    }

    async fn finish(&self, lease: &Lease, now: Timestamp) -> Result<bool, PortError> {
        let sql = format!("UPDATE jobs SET state = 'done', finished_at = $3 WHERE {HELD}");
        let values = held(lease, [time(now)]);
        Ok(self.execute("finishing a job", sql, values).await? == 1)
    }

    async fn retry(
        &self,
        lease: &Lease,
        due_at: Timestamp,
        reason: &str,
    ) -> Result<bool, PortError> {
        let sql =
            format!("UPDATE jobs SET due_at = $3, last_error = $4, worker = NULL WHERE {HELD}");
        let values = held(lease, [time(due_at), text(reason)]);
        Ok(self.execute("giving a job back", sql, values).await? == 1)
    }

    async fn give_up(
        &self,
        lease: &Lease,
        now: Timestamp,
        sentence: &str,
    ) -> Result<bool, PortError> {
        let sql = format!(
            "UPDATE jobs SET state = 'dead', finished_at = $3, last_error = $4 WHERE {HELD}"
        );
        let values = held(lease, [time(now), text(sentence)]);
        Ok(self.execute("giving a job up", sql, values).await? == 1)
    }

    async fn take_unpublished(
        &self,
        now: Timestamp,
        published_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<JobId>, PortError> {
        let sql = format!(
            "WITH due AS MATERIALIZED (SELECT id FROM jobs WHERE state = 'open' \
             AND due_at <= $1 AND (published_at IS NULL OR published_at < $2) \
             ORDER BY due_at, id LIMIT $3{}) \
             UPDATE jobs SET published_at = $1 WHERE id IN (SELECT id FROM due) RETURNING id",
            skip_locked(self.0.get_database_backend())
        );
        let values = vec![time(now), time(published_before), number(limit)];
        self.all("taking unpublished jobs", sql, values, |fields| {
            fields.get().map(JobId)
        })
        .await
    }

    async fn depth(&self) -> Result<QueueDepth, PortError> {
        let sql = "SELECT COUNT(*), \
                   (SELECT COUNT(*) FROM jobs WHERE state = 'dead'), \
                   MIN(created_at) FROM jobs WHERE state = 'open'";
        let depth = self
            .one("counting jobs", sql, vec![], |fields| {
                Ok(QueueDepth {
                    open: fields.number()?,
                    dead: fields.number()?,
                    oldest: fields.maybe_time()?,
                })
            })
            .await?;
        Ok(depth.unwrap_or_default())
    }
}

/// One statement, so that no two claims get the same job.
pub(crate) fn claim_sql(engine: DbBackend, by_id: bool) -> String {
    let by_id = if by_id { " AND id = $4" } else { "" };
    format!(
        "UPDATE jobs SET due_at = $1, attempts = attempts + 1, worker = $2 WHERE id = \
         (SELECT id FROM jobs WHERE state = 'open' AND due_at <= $3{by_id} \
         ORDER BY due_at, id LIMIT 1{}) \
         RETURNING id, document_id, content_version, step, pipeline_version, attempts, due_at",
        skip_locked(engine)
    )
}

/// The values of [`HELD`] and those that follow.
fn held<const N: usize>(lease: &Lease, more: [Value; N]) -> Vec<Value> {
    let mut values = vec![lease.job.id.0.into(), number(lease.attempt)];
    values.extend(more);
    values
}

fn lease(fields: &mut Fields<'_>) -> Result<Lease, DbErr> {
    Ok(Lease {
        job: Job {
            id: JobId(fields.get()?),
            document: DocumentId(fields.get()?),
            content_version: fields.number()?,
            step: fields.parsed(Step::parse)?,
            pipeline_version: fields.number()?,
        },
        attempt: fields.number()?,
        until: fields.time()?,
    })
}
