use async_trait::async_trait;
use docuvault_domain::ports::{MailError, Mailer, Message};

/// Writes mails to the log: for a vault on one machine, whose owner reads the log to get a link.
pub struct LogMailer;

#[async_trait]
impl Mailer for LogMailer {
    async fn send(&self, message: &Message) -> Result<(), MailError> {
        tracing::info!(
            to = %message.to,
            subject = message.subject,
            text = message.text,
            "no mail server is set: this mail stays here"
        );
        Ok(())
    }
}
