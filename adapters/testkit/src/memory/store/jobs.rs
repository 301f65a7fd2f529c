use async_trait::async_trait;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{Job, JobRepo, JobState, Lease, QueueDepth, WorkerId};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::{JobEntry, State, conflict};

#[async_trait]
impl JobRepo for Tables {
    async fn schedule(
        &self,
        jobs: &[Job],
        now: Timestamp,
        due_at: Timestamp,
    ) -> Result<(), PortError> {
        const CONTEXT: &str = "scheduling jobs";
        self.write(CONTEXT, |state| {
            for job in jobs {
                if !state.documents.contains_key(&job.document) {
                    return Err(conflict(CONTEXT, "no such document"));
                }
                let same = |entry: &JobEntry| identity(&entry.job) == identity(job);
                if !state.jobs.values().any(same) {
                    state.jobs.insert(
                        job.id,
                        JobEntry {
                            job: job.clone(),
                            state: JobState::Open,
                            attempt: 0,
                            scheduled_at: now,
                            published_at: now,
                            due_at,
                            note: None,
                        },
                    );
                }
            }
            Ok(())
        })
    }

    async fn claim(
        &self,
        _worker: &WorkerId,
        id: Option<JobId>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<Lease>, PortError> {
        self.write("claiming a job", |state| {
            let due = state.jobs.values_mut().filter(|entry| entry.is_due(now));
            let wanted = due.filter(|entry| id.is_none_or(|id| entry.job.id == id));
            let longest_due = wanted.min_by_key(|entry| (entry.due_at, entry.job.id));
            Ok(longest_due.map(|entry| {
                entry.attempt += 1;
                entry.due_at = until;
                Lease {
                    job: entry.job.clone(),
                    attempt: entry.attempt,
                    until,
                }
            }))
        })
    }

    async fn extend(&self, lease: &Lease, until: Timestamp) -> Result<bool, PortError> {
        self.write("extending a lease", |state| {
            Ok(held(state, lease)
                .map(|entry| entry.due_at = until)
                .is_some())
        })
    }

    async fn finish(&self, lease: &Lease, _now: Timestamp) -> Result<bool, PortError> {
        self.write("finishing a job", |state| {
            Ok(held(state, lease)
                .map(|entry| entry.state = JobState::Done)
                .is_some())
        })
    }

    async fn retry(
        &self,
        lease: &Lease,
        due_at: Timestamp,
        reason: &str,
    ) -> Result<bool, PortError> {
        self.write("putting a job back", |state| {
            Ok(held(state, lease)
                .map(|entry| {
                    entry.due_at = due_at;
                    entry.note = Some(reason.to_owned());
                })
                .is_some())
        })
    }

    async fn give_up(
        &self,
        lease: &Lease,
        _now: Timestamp,
        sentence: &str,
    ) -> Result<bool, PortError> {
        self.write("giving a job up", |state| {
            Ok(held(state, lease)
                .map(|entry| {
                    entry.state = JobState::Dead;
                    entry.note = Some(sentence.to_owned());
                })
                .is_some())
        })
    }

    async fn take_unpublished(
        &self,
        now: Timestamp,
        published_before: Timestamp,
        limit: u32,
    ) -> Result<Vec<JobId>, PortError> {
        self.write("taking unpublished jobs", |state| {
            let mut entries: Vec<_> = state.jobs.values_mut().collect();
            entries.retain(|entry| entry.is_due(now) && entry.published_at < published_before);
            entries.sort_by_key(|entry| (entry.due_at, entry.job.id));
            entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            for entry in &mut entries {
                entry.published_at = now;
            }
            Ok(entries.iter().map(|entry| entry.job.id).collect())
        })
    }

    async fn depth(&self) -> Result<QueueDepth, PortError> {
        Ok(self.read(|state| {
            let count = |wanted| state.jobs.values().filter(|e| e.state == wanted).count() as u64;
            let open = state.jobs.values().filter(|e| e.state == JobState::Open);
            QueueDepth {
                open: count(JobState::Open),
                dead: count(JobState::Dead),
                oldest: open.map(|entry| entry.scheduled_at).min(),
            }
        }))
    }
}

impl JobEntry {
    fn is_due(&self, now: Timestamp) -> bool {
        self.state == JobState::Open && self.due_at <= now
    }
}

fn identity(job: &Job) -> impl PartialEq + use<> {
    let step = job.step.as_str();
    (
        job.document,
        job.content_version,
        step,
        job.pipeline_version,
    )
}

fn held<'a>(state: &'a mut State, lease: &Lease) -> Option<&'a mut JobEntry> {
    let entry = state.jobs.get_mut(&lease.job.id);
    entry.filter(|entry| entry.state == JobState::Open && entry.attempt == lease.attempt)
}
