use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::services::Services;

/// Sweeps on start and then every so often.
pub(super) async fn run(services: Arc<Services>, every: Duration, stopping: CancellationToken) {
    loop {
        match services.processing.sweep.run().await {
            Ok(swept) => {
                metrics::counter!("docuvault_swept_total", "kind" => "object")
                    .increment(swept.objects);
                metrics::counter!("docuvault_swept_total", "kind" => "document")
                    .increment(swept.requeued);
                if swept.objects + swept.requeued > 0 {
                    let (objects, documents) = (swept.objects, swept.requeued);
                    tracing::info!(
                        objects,
                        documents,
                        "the sweep finished what was left behind"
                    );
                }
            }
            Err(error) => tracing::warn!(%error, "the sweep could not finish"),
        }
        let pause = tokio::time::sleep(every);
        if stopping.run_until_cancelled(pause).await.is_none() {
            return;
        }
    }
}
