//! What the periodic works of the registry do: each one use case, and what is counted of it.

use std::sync::Arc;

use docuvault_domain::PortError;
use docuvault_domain::audit::LookBack;

use crate::services::Services;

/// Answers requests for links, and sends the mails in the outbox.
pub(super) async fn deliver_mail(services: Arc<Services>) -> Result<(), PortError> {
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

/// Finishes what crashes left behind of uploads, deletions and jobs.
pub(super) async fn sweep(services: Arc<Services>) -> Result<(), PortError> {
    let swept = services.processing.sweep.run().await?;
    metrics::counter!("docuvault_swept_total", "kind" => "object").increment(swept.objects);
    metrics::counter!("docuvault_swept_total", "kind" => "document").increment(swept.requeued);
    if swept.objects + swept.requeued > 0 {
        let (objects, documents) = (swept.objects, swept.requeued);
        tracing::info!(
            objects,
            documents,
            "the sweep finished what was left behind"
        );
    }
    Ok(())
}

/// Removes what belongs to deleted accounts.
pub(super) async fn remove_accounts(services: Arc<Services>) -> Result<(), PortError> {
    services
        .administration
        .remove_accounts
        .run()
        .await
        .map(drop)
}

/// Removes sessions, links, counts and finished jobs that nobody needs any more.
pub(super) async fn purge_expired(services: Arc<Services>) -> Result<(), PortError> {
    let accounts = services.administration.tidy_accounts.run().await?;
    let jobs = services.processing.jobs.purge().await?;
    tracing::debug!(accounts, jobs, "expired rows are gone");
    Ok(())
}

/// Seals what was added to the audit trail.
pub(super) async fn seal_audit(
    services: Arc<Services>,
    look_back: LookBack,
) -> Result<(), PortError> {
    services.audit.seal.run(look_back).await.map(drop)
}

/// Learns of new keys for access tokens.
pub(super) async fn refresh_signing_keys(services: Arc<Services>) -> Result<(), PortError> {
    services.accounts.signing_keys.refresh().await
}
