use std::sync::Arc;
use std::time::Duration;

use super::outbox::open;
use crate::core::Core;
use crate::fault::{FaultKind, PortError, with_causes};
use crate::ports::{MailError, Mailer, QueuedMail, SecretBox};

/// How long a mail server may take, and half as long again.
const CLAIM_LEASE: Duration = Duration::from_mins(3);
/// With [`delay`] about ten hours: by then whoever waits for a link has asked again.
const MAX_ATTEMPTS: u32 = 24;
const FIRST_DELAY: Duration = Duration::from_secs(10);
const MAX_DELAY: Duration = Duration::from_mins(30);

/// Sends what was enqueued. Each mail leaves at least once; twice only when the vault dies between the
/// server's yes and writing it down. May run on any number of replicas.
pub struct DeliverMail {
    /// Database, clock and ids.
    pub core: Core,
    /// Opens texts.
    pub secrets: Arc<dyn SecretBox>,
    /// Takes mails away.
    pub mailer: Arc<dyn Mailer>,
}

/// What became of the mails that were due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Sent.
    pub sent: u64,
    /// To be tried again.
    pub later: u64,
    /// Given up.
    pub lost: u64,
}

impl DeliverMail {
    /// Sends all mails that are due, one after the other. To be called often: it costs one look at an
    /// index when there is none.
    pub async fn run(&self) -> Result<Delivered, PortError> {
        let mut delivered = Delivered::default();
        while self.core.store.mails().any_due(self.core.now()).await? {
            let now = self.core.now();
            let unit = self.core.begin().await?;
            let claimed = unit.mails().claim(now, now.plus(CLAIM_LEASE)).await?;
            unit.commit().await?;
            match claimed {
                Some((mail, attempt)) => self.deliver(mail, attempt, &mut delivered).await?,
                // Others have them.
                None => break,
            }
        }
        Ok(delivered)
    }

    async fn deliver(
        &self,
        mail: QueuedMail,
        attempt: u32,
        delivered: &mut Delivered,
    ) -> Result<(), PortError> {
        let id = mail.id;
        let outcome = match open(&*self.secrets, mail) {
            Ok(message) => self.mailer.send(&message).await,
            Err(error) if error.kind == FaultKind::Permanent => {
                Err(MailError::Refused(with_causes(&error)))
            }
            Err(error) => Err(MailError::Later(with_causes(&error))),
        };
        let unit = self.core.begin().await?;
        match outcome {
            Ok(()) => {
                unit.mails().remove(id).await?;
                delivered.sent += 1;
            }
            Err(MailError::Later(reason)) if attempt < MAX_ATTEMPTS => {
                tracing::warn!(mail = %id, attempt, reason, "a mail waits");
                let due_at = self.core.now().plus(delay(attempt));
                unit.mails().retry(id, attempt, due_at).await?;
                delivered.later += 1;
            }
            Err(error) => {
                tracing::error!(mail = %id, attempt, %error, "a mail was given up");
                unit.mails().remove(id).await?;
                delivered.lost += 1;
            }
        }
        unit.commit().await
    }
}

/// How long to wait after the `attempt`-th failure.
fn delay(attempt: u32) -> Duration {
    let doubled = FIRST_DELAY.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
    doubled.min(MAX_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_delays_double_up_to_a_limit() {
        assert_eq!(delay(1), FIRST_DELAY);
        assert_eq!(delay(3), FIRST_DELAY * 4);
        assert_eq!(delay(MAX_ATTEMPTS), MAX_DELAY);
        let all: Duration = (1..MAX_ATTEMPTS).map(delay).sum();
        assert!((Duration::from_hours(6)..Duration::from_hours(12)).contains(&all));
    }
}
