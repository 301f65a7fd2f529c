use super::{JobHandler, JobRun, Outcome};
use crate::fault::with_causes;
use crate::ports::{JobEnd, Lease};

/// One run of a leased job by its handler, `attempts` times at most (`None`: for as long as it takes).
/// A job that was to be stopped, or whose earlier tries all ended with their worker, is not begun.
pub async fn run_job(handler: &dyn JobHandler, attempts: Option<u32>, run: &JobRun) -> Outcome {
    let lease = &run.lease;
    if lease.stop_requested {
        return abandon(handler, lease, JobEnd::Stopped).await;
    }
    let exhausted = JobEnd::GaveUp(handler.exhausted());
    if attempts.is_some_and(|most| lease.attempt > most) {
        return abandon(handler, lease, exhausted).await;
    }
    match handler.run(run).await {
        Outcome::Retry { reason, .. } if attempts.is_some_and(|most| lease.attempt >= most) => {
            tracing::error!(job = %lease.job.id, kind = %lease.job.kind, reason, "the last try failed");
            abandon(handler, lease, exhausted).await
        }
        outcome => outcome,
    }
}

/// Ends the job by `end` without its effect; tries again later when that cannot be written.
pub async fn abandon(handler: &dyn JobHandler, lease: &Lease, end: JobEnd<'_>) -> Outcome {
    match handler.abandon(lease, end).await {
        Ok(true) => match end {
            JobEnd::GaveUp(sentence) => Outcome::GaveUp(sentence.to_owned()),
            JobEnd::Stopped => Outcome::Stopped,
            JobEnd::Done(_) => Outcome::Done,
        },
        Ok(false) => Outcome::LeaseLost,
        Err(error) => Outcome::retry(with_causes(&error)),
    }
}
