//! Starting and stopping in order.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tells everything that runs when to stop, and waits until it has.
#[derive(Clone, Default)]
pub(crate) struct Lifecycle {
    /// Cancelled when the process is asked to stop: claim nothing new, end long answers.
    pub(crate) stopping: CancellationToken,
    /// The loops that run beside HTTP.
    pub(crate) tasks: TaskTracker,
}

impl Lifecycle {
    /// Cancels `stopping` at the first SIGTERM or SIGINT; a second one ends the process at once.
    pub(crate) fn listen_for_signals(&self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut term = signal(SignalKind::terminate())?;
        let mut int = signal(SignalKind::interrupt())?;
        let stopping = self.stopping.clone();
        tokio::spawn(async move {
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            tracing::info!("stopping: finishing what is under way");
            stopping.cancel();
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            tracing::warn!("stopping at once; unfinished jobs are taken up again later");
            std::process::exit(130);
        });
        Ok(())
    }

    /// Waits for the loops, at most for `grace`.
    pub(crate) async fn finish(&self, grace: Duration) {
        self.tasks.close();
        if tokio::time::timeout(grace, self.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("some work did not finish in time; its leases run out by themselves");
        }
    }
}
