use std::sync::Arc;

use thiserror::Error;

use super::{Links, MailTemplate, Recipient};
use crate::accounts::{Email, NotAllowed, changing};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::UserId;
use crate::language::Language;
use crate::ports::{MailError, Mailer, Message};

/// Sends a mail that says only that mail works: at once, so that whoever has set it up hears what the
/// server says.
pub struct TryMail {
    /// Database, clock and ids.
    pub core: Core,
    /// Takes the mail away; none where the vault has no server.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Where the vault is.
    pub links: Links,
    /// The mail's language.
    pub language: Language,
}

/// Why no mail went out.
#[derive(Debug, Error)]
pub enum TryMailError {
    /// The caller may not.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// There is no server.
    #[error(
        "This vault has no mail server. Set mail.host, mail.from and url in its configuration."
    )]
    NotConfigured,
    /// The server did not take it.
    #[error("The mail was not sent: {0}.")]
    Mail(#[from] MailError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl TryMail {
    /// Sends the mail to `to`. Returns once the server has taken it.
    pub async fn run(&self, caller: &Caller, to: &Email) -> Result<(), TryMailError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        changing(&*unit, caller, now).await?;
        let mailer = self.mailer.as_ref().ok_or(TryMailError::NotConfigured)?;
        let resource = Resource::Account(UserId::NOBODY);
        self.core
            .audit_line(caller, Action::MailTried, resource)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        let to = Recipient {
            email: to,
            name: None,
            locale: None,
        };
        let (subject, text) = MailTemplate::Test.write(self.language, to.name, self.links.home());
        let message = Message {
            to: to.email.clone(),
            subject,
            text,
        };
        Ok(mailer.send(&message).await?)
    }
}
