use async_trait::async_trait;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{
    Claimable, Job, JobEnd, JobKind, JobRepo, JobState, JobStatus, Lease, LeaseState, Progress,
    QueueDepth, WorkerId,
};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::{State, conflict};

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
                if let Some(document) = job.document()
                    && !state.documents.contains_key(&document)
                {
                    return Err(conflict(CONTEXT, "no such document"));
                }
                let same = |other: &JobStatus| {
                    other.state == JobState::Open
                        && job.key.is_some()
                        && (&other.job.kind, &other.job.key) == (&job.kind, &job.key)
                };
                if !state.jobs.values().any(same) {
                    state.jobs.insert(job.id, waiting(job, now, due_at));
                }
            }
            Ok(())
        })
    }

    async fn claim(
        &self,
        _worker: &WorkerId,
        kinds: &[Claimable],
        now: Timestamp,
    ) -> Result<Option<Lease>, PortError> {
        self.write("claiming a job", |state| {
            let term = |job: &Job| {
                let kind = kinds.iter().find(|claimable| claimable.kind == job.kind);
                kind.map(|claimable| claimable.lease)
            };
            let due = state.jobs.values_mut().filter(|job| is_due(job, now));
            let known = due.filter_map(|job| Some((term(&job.job)?, job)));
            let next = known.min_by_key(|(_, job)| (job.job.priority, job.due_at, job.job.id));
            Ok(next.map(|(term, job)| {
                job.attempts += 1;
                job.due_at = now.plus(term);
                job.claimed = true;
                Lease {
                    job: job.job.clone(),
                    attempt: job.attempts,
                    until: job.due_at,
                    stop_requested: job.stop_requested,
                }
            }))
        })
    }

    async fn extend(
        &self,
        lease: &Lease,
        until: Timestamp,
        progress: Option<Progress>,
    ) -> Result<LeaseState, PortError> {
        self.write("extending a lease", |state| {
            let Some(job) = held(state, lease) else {
                return Ok(LeaseState::Lost);
            };
            job.due_at = until;
            job.progress = progress.or(job.progress);
            Ok(if job.stop_requested {
                LeaseState::StopRequested
            } else {
                LeaseState::Held
            })
        })
    }

    async fn finish(
        &self,
        lease: &Lease,
        now: Timestamp,
        end: JobEnd<'_>,
    ) -> Result<bool, PortError> {
        self.write("finishing a job", |state| {
            let Some(job) = held(state, lease) else {
                return Ok(false);
            };
            job.finished_at = Some(now);
            match end {
                JobEnd::Done(result) => {
                    job.state = JobState::Done;
                    job.result = result.cloned();
                }
                JobEnd::GaveUp(sentence) => {
                    job.state = JobState::Dead;
                    job.note = Some(sentence.to_owned());
                }
                JobEnd::Stopped => job.state = JobState::Stopped,
            }
            Ok(true)
        })
    }

    async fn retry(
        &self,
        lease: &Lease,
        due_at: Timestamp,
        reason: &str,
    ) -> Result<bool, PortError> {
        self.write("putting a job back", |state| {
            let Some(job) = held(state, lease) else {
                return Ok(false);
            };
            job.due_at = due_at;
            job.claimed = false;
            job.note = Some(reason.to_owned());
            Ok(true)
        })
    }

    async fn request_stop(&self, id: JobId, now: Timestamp) -> Result<bool, PortError> {
        self.write("stopping a job", |state| {
            let job = state.jobs.get_mut(&id);
            let Some(job) = job.filter(|job| job.state == JobState::Open) else {
                return Ok(false);
            };
            job.stop_requested = true;
            if !job.claimed {
                job.due_at = now;
            }
            Ok(true)
        })
    }

    async fn find(&self, id: JobId) -> Result<Option<JobStatus>, PortError> {
        Ok(self.read(|state| state.jobs.get(&id).cloned()))
    }

    async fn list(&self, wanted: JobState, limit: u32) -> Result<Vec<JobStatus>, PortError> {
        Ok(self.read(|state| {
            let jobs = state.jobs.values().filter(|job| job.state == wanted);
            let mut jobs: Vec<_> = jobs.cloned().collect();
            jobs.sort_by_key(|job| std::cmp::Reverse((job.created_at, job.job.id)));
            jobs.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            jobs
        }))
    }

    async fn purge(&self, before: Timestamp, limit: u32) -> Result<u64, PortError> {
        self.write("removing finished jobs", |state| {
            let over = |job: &&JobStatus| {
                matches!(job.state, JobState::Done | JobState::Stopped)
                    && job.finished_at.is_some_and(|at| at < before)
            };
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let jobs = state.jobs.values().filter(over).take(limit);
            let ids: Vec<_> = jobs.map(|job| job.job.id).collect();
            for id in &ids {
                state.jobs.remove(id);
            }
            Ok(ids.len() as u64)
        })
    }

    async fn unfinished(&self, kinds: &[JobKind]) -> Result<u64, PortError> {
        Ok(self.read(|state| {
            let open = state.jobs.values().filter(|j| j.state == JobState::Open);
            open.filter(|job| kinds.contains(&job.job.kind)).count() as u64
        }))
    }

    async fn depth(&self) -> Result<QueueDepth, PortError> {
        Ok(self.read(|state| {
            let count = |wanted| state.jobs.values().filter(|j| j.state == wanted).count() as u64;
            let open = state.jobs.values().filter(|j| j.state == JobState::Open);
            QueueDepth {
                open: count(JobState::Open),
                dead: count(JobState::Dead),
                oldest: open.map(|job| job.created_at).min(),
            }
        }))
    }
}

fn waiting(job: &Job, now: Timestamp, due_at: Timestamp) -> JobStatus {
    JobStatus {
        job: job.clone(),
        state: JobState::Open,
        claimed: false,
        attempts: 0,
        due_at,
        progress: None,
        result: None,
        note: None,
        stop_requested: false,
        created_at: now,
        finished_at: None,
    }
}

fn is_due(job: &JobStatus, now: Timestamp) -> bool {
    job.state == JobState::Open && job.due_at <= now
}

fn held<'a>(state: &'a mut State, lease: &Lease) -> Option<&'a mut JobStatus> {
    let job = state.jobs.get_mut(&lease.job.id);
    job.filter(|job| job.state == JobState::Open && job.claimed && job.attempts == lease.attempt)
}
