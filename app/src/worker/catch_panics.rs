use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::jobs::{JobHandler, JobRun, Outcome};
use docuvault_domain::ports::{JobEnd, Lease};
use futures::FutureExt;

/// Makes a panic in a handler a failed try like any other.
pub(super) struct CatchPanics(pub(super) Arc<dyn JobHandler>);

#[async_trait]
impl JobHandler for CatchPanics {
    async fn run(&self, run: &JobRun) -> Outcome {
        let running = AssertUnwindSafe(self.0.run(run)).catch_unwind();
        running.await.unwrap_or_else(|panic| {
            let message = message(&*panic);
            let (job, kind) = (run.lease.job.id, &run.lease.job.kind);
            tracing::error!(%job, %kind, message, "a job's handler panicked");
            Outcome::retry(format!("the handler panicked: {message}"))
        })
    }

    async fn abandon(&self, lease: &Lease, end: JobEnd<'_>) -> Result<bool, PortError> {
        let abandoning = AssertUnwindSafe(self.0.abandon(lease, end)).catch_unwind();
        abandoning.await.unwrap_or_else(|panic| {
            let message = message(&*panic).to_owned();
            Err(PortError::permanent("ending a job", message))
        })
    }

    fn exhausted(&self) -> &'static str {
        self.0.exhausted()
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
