use async_trait::async_trait;
use docuvault_domain::ids::{ConnectionId, DocumentId, JobId, UserId};
use docuvault_domain::ports::{
    Claimable, Job, JobEnd, JobKind, JobRepo, JobState, JobStatus, JobSubject, Lease, LeaseState,
    Priority, Progress, QueueDepth, WorkerId,
};
use docuvault_domain::processing::{DocumentVersion, FILE, PROCESS};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Value};

use crate::dialect::skip_locked;
use crate::sql::{
    Fields, SqlRepos, count, maybe_text, number, placeholders, rows_of_placeholders, text, time,
    unreadable,
};

/// Unfinished. The release before this one knows and claims `open` jobs only, and only of the two kinds
/// of documents' jobs; every other kind waits as `queued`, where that release does not look. The step of
/// the schema that contracts makes one of both.
const OPEN: &str = "state IN ('open', 'queued')";

/// What holds a lease: the row still carries its attempt, and the job was not given back.
const HELD: &str =
    "id = $1 AND attempts = $2 AND state IN ('open', 'queued') AND worker IS NOT NULL";

/// What [`job`] reads. The kind is stored as `step`, the name that the release before this one reads.
const JOB: &str = "id, step, payload, document_id, content_version, pipeline_version, user_id, \
                   subject_kind, subject_id, priority, key";

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
            "INSERT INTO jobs ({JOB}, state, attempts, due_at, published_at, created_at) \
             VALUES {} ON CONFLICT DO NOTHING",
            rows_of_placeholders(jobs.len(), 16)
        );
        let row = |job: &Job| -> [Value; 16] {
            let known_before = known_before(job);
            let (subject_kind, subject_id) = match job.subject {
                Some(JobSubject::Connection(id)) => (Some("connection"), Some(id.0)),
                Some(JobSubject::Account(id)) => (Some("account"), Some(id.0)),
                Some(JobSubject::Document(_)) | None => (None, None),
            };
            [
                job.id.0.into(),
                text(job.kind.as_str()),
                text(&job.payload.to_string()),
                job.document().map(|id| id.0).into(),
                known_before.map(|it| i64::from(it.content_version)).into(),
                known_before.map(|it| i64::from(it.pipeline_version)).into(),
                job.owner.map(|id| id.0).into(),
                maybe_text(subject_kind),
                subject_id.into(),
                number(job.priority.number()),
                maybe_text(job.key.as_deref()),
                text(if known_before.is_some() {
                    "open"
                } else {
                    "queued"
                }),
                number(0),
                time(due_at),
                time(now),
                time(now),
            ]
        };
        let values = jobs.iter().flat_map(row).collect();
        self.execute("scheduling jobs", sql, values).await?;
        Ok(())
    }

    async fn claim(
        &self,
        worker: &WorkerId,
        kinds: &[Claimable],
        now: Timestamp,
    ) -> Result<Option<Lease>, PortError> {
        if kinds.is_empty() {
            return Ok(None);
        }
        let sql = claim_sql(self.0.get_database_backend(), kinds.len());
        let mut values = vec![time(now), text(&worker.0)];
        for claimable in kinds {
            values.push(text(claimable.kind.as_str()));
            values.push(number(claimable.lease.as_micros()));
        }
        self.one("claiming a job", sql, values, lease).await
    }

    async fn extend(
        &self,
        lease: &Lease,
        until: Timestamp,
        progress: Option<Progress>,
    ) -> Result<LeaseState, PortError> {
        let sql = format!(
            "UPDATE jobs SET due_at = $3, progress_done = COALESCE($4, progress_done), \
             progress_total = COALESCE($5, progress_total) WHERE {HELD} RETURNING stop_requested"
        );
        let step = |of: fn(Progress) -> u32| Value::from(progress.map(|it| i64::from(of(it))));
        let (done, total) = (step(|it| it.done), step(|it| it.total));
        let values = held(lease, [time(until), done, total]);
        let state = self
            .one("extending a lease", sql, values, |fields| {
                Ok(if fields.flag()? {
                    LeaseState::StopRequested
                } else {
                    LeaseState::Held
                })
            })
            .await?;
        Ok(state.unwrap_or(LeaseState::Lost))
    }

    async fn finish(
        &self,
        lease: &Lease,
        now: Timestamp,
        end: JobEnd<'_>,
    ) -> Result<bool, PortError> {
        let sql = format!(
            "UPDATE jobs SET state = $3, finished_at = $4, result = $5, \
             last_error = COALESCE($6, last_error) WHERE {HELD}"
        );
        let (state, result, sentence) = match end {
            JobEnd::Done(result) => (JobState::Done, result, None),
            JobEnd::GaveUp(sentence) => (JobState::Dead, None, Some(sentence)),
            JobEnd::Stopped => (JobState::Stopped, None, None),
        };
        let result = result.map(ToString::to_string);
        let end = [
            text(state.as_str()),
            time(now),
            maybe_text(result.as_deref()),
            maybe_text(sentence),
        ];
        let values = held(lease, end);
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

    async fn request_stop(&self, id: JobId, now: Timestamp) -> Result<bool, PortError> {
        let sql = format!(
            "UPDATE jobs SET stop_requested = true, \
             due_at = CASE WHEN worker IS NULL THEN $2 ELSE due_at END WHERE id = $1 AND {OPEN}"
        );
        let values = vec![id.0.into(), time(now)];
        Ok(self.execute("stopping a job", sql, values).await? == 1)
    }

    async fn find(&self, id: JobId) -> Result<Option<JobStatus>, PortError> {
        let sql = select("id = $1");
        self.one("reading a job", sql, vec![id.0.into()], status)
            .await
    }

    async fn list(&self, state: JobState, limit: u32) -> Result<Vec<JobStatus>, PortError> {
        let condition = match state {
            JobState::Open => OPEN,
            JobState::Done => "state = 'done'",
            JobState::Dead => "state = 'dead'",
            JobState::Stopped => "state = 'stopped'",
        };
        let sql = select(&format!(
            "{condition} ORDER BY created_at DESC, id DESC LIMIT $1"
        ));
        self.all("listing jobs", sql, vec![number(limit)], status)
            .await
    }

    async fn purge(&self, before: Timestamp, limit: u32) -> Result<u64, PortError> {
        let sql = "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs \
                   WHERE state IN ('done', 'stopped') AND finished_at < $1 LIMIT $2)";
        let values = vec![time(before), number(limit)];
        self.execute("removing finished jobs", sql, values).await
    }

    async fn unfinished(&self, kinds: &[JobKind]) -> Result<u64, PortError> {
        let places = placeholders(1, kinds.len());
        let sql = format!("SELECT COUNT(*) FROM jobs WHERE {OPEN} AND step IN ({places})");
        let values = kinds.iter().map(|kind| text(kind.as_str())).collect();
        let counted = self.one("counting jobs", sql, values, count).await?;
        Ok(counted.unwrap_or_default())
    }

    async fn depth(&self) -> Result<QueueDepth, PortError> {
        let sql = format!(
            "SELECT COUNT(*), (SELECT COUNT(*) FROM jobs WHERE state = 'dead'), \
             MIN(created_at) FROM jobs WHERE {OPEN}"
        );
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

/// One statement, so that no two claims get the same job. Each priority is a range of the index of its
/// own: what is due later is never walked through.
pub(crate) fn claim_sql(engine: DbBackend, kinds: usize) -> String {
    let lock = skip_locked(engine);
    let name = |kind: usize| 3 + 2 * kind;
    let names: Vec<_> = (0..kinds).map(|kind| format!("${}", name(kind))).collect();
    let names = names.join(", ");
    let lease = |kind| format!("WHEN ${} THEN ${}", name(kind), name(kind) + 1);
    let leases: Vec<_> = (0..kinds).map(lease).collect();
    let leases = leases.join(" ");
    let next = Priority::ALL.map(|priority| {
        let priority = priority.number();
        format!(
            "(SELECT id FROM jobs WHERE {OPEN} AND priority = {priority} AND due_at <= $1 \
             AND step IN ({names}) ORDER BY due_at, id LIMIT 1{lock})"
        )
    });
    let next = next.join(", ");
    format!(
        "UPDATE jobs SET due_at = $1 + CASE step {leases} END, attempts = attempts + 1, worker = $2 \
         WHERE id = COALESCE({next}) RETURNING {JOB}, attempts, due_at, stop_requested"
    )
}

fn select(condition: &str) -> String {
    format!(
        "SELECT {JOB}, state, worker IS NOT NULL, attempts, due_at, progress_done, progress_total, \
         result, last_error, stop_requested, created_at, finished_at FROM jobs WHERE {condition}"
    )
}

/// The values of [`HELD`] and those that follow.
fn held<const N: usize>(lease: &Lease, more: [Value; N]) -> Vec<Value> {
    let mut values = vec![lease.job.id.0.into(), number(lease.attempt)];
    values.extend(more);
    values
}

/// What the release before this one stores of a job, where it knows its kind.
fn known_before(job: &Job) -> Option<DocumentVersion> {
    job.document()?;
    let known = [PROCESS, FILE].contains(&job.kind);
    known.then(|| job.payload()).flatten()
}

fn lease(fields: &mut Fields<'_>) -> Result<Lease, DbErr> {
    Ok(Lease {
        job: job(fields)?,
        attempt: fields.number()?,
        until: fields.time()?,
        stop_requested: fields.flag()?,
    })
}

fn status(fields: &mut Fields<'_>) -> Result<JobStatus, DbErr> {
    Ok(JobStatus {
        job: job(fields)?,
        state: fields.parsed(state)?,
        claimed: fields.flag()?,
        attempts: fields.number()?,
        due_at: fields.time()?,
        progress: match (fields.maybe_number()?, fields.maybe_number()?) {
            (Some(done), Some(total)) => Some(Progress { done, total }),
            _ => None,
        },
        result: fields.maybe_parsed(|result| serde_json::from_str(result).ok())?,
        note: fields.get()?,
        stop_requested: fields.flag()?,
        created_at: fields.time()?,
        finished_at: fields.maybe_time()?,
    })
}

fn job(fields: &mut Fields<'_>) -> Result<Job, DbErr> {
    let (id, kind) = (JobId(fields.get()?), JobKind::stored(fields.get()?));
    let payload = fields.maybe_parsed(|payload| serde_json::from_str(payload).ok())?;
    let document: Option<DocumentId> = fields.get::<Option<_>>()?.map(DocumentId);
    let version = (fields.maybe_number()?, fields.maybe_number()?);
    // A job that the release before this one wrote.
    let written_before = || match (document, version) {
        (Some(document), (Some(content_version), Some(pipeline_version))) => {
            let version = DocumentVersion {
                document,
                content_version,
                pipeline_version,
            };
            serde_json::to_value(version).ok()
        }
        _ => None,
    };
    Ok(Job {
        id,
        kind,
        payload: payload.or_else(written_before).unwrap_or_default(),
        owner: fields.get::<Option<_>>()?.map(UserId),
        subject: subject(document, fields)?,
        priority: priority(fields.number()?)?,
        key: fields.get()?,
    })
}

fn subject(
    document: Option<DocumentId>,
    fields: &mut Fields<'_>,
) -> Result<Option<JobSubject>, DbErr> {
    let kind: Option<String> = fields.get()?;
    let id = fields.get::<Option<_>>()?;
    Ok(match (kind.as_deref(), id) {
        (Some("connection"), Some(id)) => Some(JobSubject::Connection(ConnectionId(id))),
        (Some("account"), Some(id)) => Some(JobSubject::Account(UserId(id))),
        // Of a later release, perhaps: whoever knows the kind knows the subject.
        _ => document.map(JobSubject::Document),
    })
}

fn priority(number: i16) -> Result<Priority, DbErr> {
    let priority = Priority::ALL.into_iter().find(|it| it.number() == number);
    priority.ok_or_else(|| unreadable(&number.to_string()))
}

fn state(stored: &str) -> Option<JobState> {
    match stored {
        "open" | "queued" => Some(JobState::Open),
        "done" => Some(JobState::Done),
        "dead" => Some(JobState::Dead),
        "stopped" => Some(JobState::Stopped),
        _ => None,
    }
}
