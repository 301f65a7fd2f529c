use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::PortError;
use tokio_util::sync::CancellationToken;

use crate::services::Services;

/// How often what is long over is looked for.
const TIDIES_EVERY: u32 = 60;

/// Removes what belongs to deleted accounts, and what of accounts is long over.
pub(super) async fn run(services: Arc<Services>, every: Duration, stopping: CancellationToken) {
    for turn in (0..TIDIES_EVERY).cycle() {
        if let Err(error) = tidy(&services, turn == 0).await {
            tracing::warn!(%error, "accounts could not be tidied");
        }
        let pause = tokio::time::sleep(every);
        if stopping.run_until_cancelled(pause).await.is_none() {
            return;
        }
    }
}

async fn tidy(services: &Services, thoroughly: bool) -> Result<(), PortError> {
    services.administration.remove_accounts.run().await?;
    if thoroughly {
        let gone = services.administration.tidy_accounts.run().await?;
        tracing::debug!(rows = gone, "what of accounts was long over is gone");
    }
    Ok(())
}
