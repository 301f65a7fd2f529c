use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::audit::LookBack;
use tokio_util::sync::CancellationToken;

use crate::services::Services;

const EVERY: Duration = Duration::from_secs(30);

/// How often all of the trail is looked through for lines without a link: once a day, and not as the process
/// starts.
const THOROUGH_EVERY: u32 = 2 * 60 * 24;
const THOROUGH_AT: u32 = 2 * 10;

/// Seals what was added to the audit trail.
pub(super) async fn run(services: Arc<Services>, stopping: CancellationToken) {
    for turn in (0..THOROUGH_EVERY).cycle() {
        let look_back = if turn == THOROUGH_AT {
            LookBack::Whole
        } else {
            LookBack::Recent
        };
        if let Err(error) = services.audit.seal.run(look_back).await {
            tracing::warn!(%error, "the audit trail could not be sealed");
        }
        let pause = tokio::time::sleep(EVERY);
        if stopping.run_until_cancelled(pause).await.is_none() {
            return;
        }
    }
}
