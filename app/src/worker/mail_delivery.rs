use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::PortError;
use tokio_util::sync::CancellationToken;

use crate::services::Services;

/// Somebody waits for a link.
const EVERY: Duration = Duration::from_secs(2);

/// Answers requests for links, and sends mails that were promised.
pub(super) async fn run(services: Arc<Services>, stopping: CancellationToken) {
    let pause = || stopping.run_until_cancelled(tokio::time::sleep(EVERY));
    while pause().await.is_some() {
        if let Err(error) = deliver(&services).await {
            tracing::warn!(%error, "mails could not be sent");
        }
    }
}

async fn deliver(services: &Services) -> Result<(), PortError> {
    services.accounts.reset_password.answer_requests().await?;
    if let Some(mail) = &services.mail.deliver {
        let delivered = mail.run().await?;
        for (outcome, count) in [
            ("sent", delivered.sent),
            ("later", delivered.later),
            ("lost", delivered.lost),
        ] {
            metrics::counter!("docuvault_outbox_total", "outcome" => outcome).increment(count);
        }
    }
    Ok(())
}
