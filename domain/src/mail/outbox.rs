use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Links, MailTemplate, Notice};
use crate::accounts::{Email, User};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::MailId;
use crate::language::Language;
use crate::ports::{Message, QueuedMail, SecretBox, SecretContext, UnitOfWork};

/// Enqueues mails in the transaction of what they tell of: whoever undoes it takes them back, and
/// nobody waits for a mail server.
pub struct Outbox {
    /// Seals texts, which hold one-time links.
    pub secrets: Arc<dyn SecretBox>,
    /// Database, clock and ids.
    pub core: Core,
    /// Where the vault is.
    pub links: Links,
    /// For people who have chosen no language.
    pub language: Language,
    /// Whether mail goes anywhere. Where it does not, nothing is enqueued.
    pub open: bool,
}

/// Who gets a mail.
#[derive(Clone, Copy, Debug)]
pub struct Recipient<'a> {
    /// Where it goes.
    pub email: &'a Email,
    /// What to call them.
    pub name: Option<&'a str>,
    /// Their language, a BCP 47 tag.
    pub locale: Option<&'a str>,
}

impl<'a> From<&'a User> for Recipient<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            email: &user.email,
            name: Some(&user.display_name),
            locale: user.locale.as_deref(),
        }
    }
}

impl Outbox {
    /// Enqueues `template` for `to`, once `unit` is committed.
    pub async fn enqueue(
        &self,
        unit: &dyn UnitOfWork,
        to: Recipient<'_>,
        template: &MailTemplate<'_>,
    ) -> Result<(), PortError> {
        if !self.open {
            return Ok(());
        }
        let language = Language::of_locale(to.locale).unwrap_or(self.language);
        let (subject, text) = template.write(language, to.name, self.links.home());
        let id = MailId(self.core.ids.v7());
        let mail = QueuedMail {
            id,
            to: to.email.clone(),
            sealed: seal(&*self.secrets, id, &Content { subject, text })?,
        };
        unit.mails().enqueue(&mail, self.core.now()).await
    }
}

impl Outbox {
    /// Enqueues a notice for `user` of what `caller` did just now.
    pub async fn notify(
        &self,
        unit: &dyn UnitOfWork,
        caller: &Caller,
        user: &User,
        what: Notice<'_>,
    ) -> Result<(), PortError> {
        self.notify_at(unit, caller, user.into(), what).await
    }

    /// The same at an address that is not the account's, or not any more.
    pub async fn notify_at(
        &self,
        unit: &dyn UnitOfWork,
        caller: &Caller,
        to: Recipient<'_>,
        what: Notice<'_>,
    ) -> Result<(), PortError> {
        let template = MailTemplate::Notice {
            what,
            at: self.core.now(),
            address: caller.address,
        };
        self.enqueue(unit, to, &template).await
    }
}

#[derive(Serialize, Deserialize)]
struct Content {
    subject: String,
    text: String,
}

fn seal(secrets: &dyn SecretBox, id: MailId, content: &Content) -> Result<Vec<u8>, PortError> {
    let plain = serde_json::to_vec(content)
        .map_err(|error| PortError::permanent("writing a mail", error))?;
    secrets.seal(&context(id), &plain)
}

/// The mail that was enqueued, as it leaves.
pub(super) fn open(secrets: &dyn SecretBox, mail: QueuedMail) -> Result<Message, PortError> {
    let plain = secrets.open(&context(mail.id), &mail.sealed)?;
    let Content { subject, text } = serde_json::from_slice(&plain)
        .map_err(|error| PortError::permanent("reading a mail", error))?;
    Ok(Message {
        to: mail.to,
        subject,
        text,
    })
}

const fn context(id: MailId) -> SecretContext {
    SecretContext {
        owner: None,
        row: id.0,
        purpose: "mail",
    }
}
