use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::PortError;
use tokio_util::sync::CancellationToken;

use crate::services::Services;

const EVERY: Duration = Duration::from_secs(5);
const BATCH: u32 = 200;

/// Whoever commits a job publishes it at once; what nobody took up within this time, because
/// dispatch lost it, is published again.
const REPUBLISH_AFTER: Duration = Duration::from_secs(20);

/// Publishes due jobs again that dispatch may have lost.
pub(super) async fn run(services: Arc<Services>, stopping: CancellationToken) {
    let pause = || stopping.run_until_cancelled(tokio::time::sleep(EVERY));
    while pause().await.is_some() {
        if let Err(error) = publish(&services).await {
            tracing::warn!(%error, "jobs could not be published again");
        }
    }
}

async fn publish(services: &Services) -> Result<(), PortError> {
    let jobs = services
        .processing
        .jobs
        .take_unpublished(REPUBLISH_AFTER, BATCH)
        .await?;
    if jobs.is_empty() {
        return Ok(());
    }
    tracing::debug!(jobs = jobs.len(), "published again");
    services.dispatch.queue.publish(&jobs).await
}
