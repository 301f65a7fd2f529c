use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::PortError;
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

/// Which processes do a periodic work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// All, those that only serve HTTP as well.
    Everywhere,
    /// Those that work on jobs.
    Workers,
}

type Work<S> = Box<dyn Fn(Arc<S>) -> BoxFuture<'static, Result<(), PortError>> + Send + Sync>;

/// Work that returns by itself. It takes no input: it looks at the state of things, so it may run on any
/// number of replicas at once.
pub(super) struct Periodic<S> {
    name: &'static str,
    every: Duration,
    first_after: Duration,
    pub(super) runs: Where,
    work: Work<S>,
}

impl<S> Periodic<S> {
    pub(super) fn new<F>(
        name: &'static str,
        every: Duration,
        first_after: Duration,
        runs: Where,
        work: impl Fn(Arc<S>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), PortError>> + Send + 'static,
    {
        let work: Work<S> = Box::new(move |services| work(services).boxed());
        Self {
            name,
            every,
            first_after,
            runs,
            work,
        }
    }

    /// Does the work every so often until asked to stop; one that has begun is finished. Whatever becomes
    /// of it, it is begun again after the interval.
    pub(super) async fn run(self, services: Arc<S>, stopping: CancellationToken) {
        let name = self.name;
        let mut pause = self.first_after;
        while stopping
            .run_until_cancelled(tokio::time::sleep(pause))
            .await
            .is_some()
        {
            let work = AssertUnwindSafe((self.work)(services.clone())).catch_unwind();
            match work.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(work = name, %error, "will be tried again"),
                Err(_) => tracing::error!(work = name, "panicked; will be tried again"),
            }
            pause = self.every;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn work_that_panics_or_fails_is_begun_again() {
        let (runs, third) = (Arc::new(AtomicU32::new(0)), Arc::new(Notify::new()));
        let counted = (runs.clone(), third.clone());
        let work = move |_: Arc<()>| {
            let (runs, third) = counted.clone();
            async move {
                match runs.fetch_add(1, Ordering::SeqCst) {
                    0 => panic!("on purpose"),
                    1 => Err(PortError::transient("trying", "failed")),
                    _ => {
                        third.notify_one();
                        Ok(())
                    }
                }
            }
        };
        let moment = Duration::from_millis(1);
        let periodic = Periodic::new("test", moment, moment, Where::Workers, work);
        let stopping = CancellationToken::new();
        let running = tokio::spawn(periodic.run(Arc::new(()), stopping.clone()));
        third.notified().await;
        stopping.cancel();
        running.await.unwrap();
        assert!(runs.load(Ordering::SeqCst) >= 3);
    }
}
