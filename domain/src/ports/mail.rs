//! Mail: what is enqueued in the database, and who takes it away.

use async_trait::async_trait;
use thiserror::Error;
use uuid::Uuid;

use crate::accounts::Email;
use crate::fault::PortError;
use crate::ids::MailId;
use crate::timestamp::Timestamp;

/// A mail as it leaves.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub to: Email,
    /// One line, without control characters.
    pub subject: String,
    /// Plain text with `\n` between lines.
    pub text: String,
}

/// Texts hold one-time links.
impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Why a mail did not leave. The sentence is the server's, for administrators.
#[derive(Debug, Error)]
pub enum MailError {
    /// The server will never take it.
    #[error("the mail server refuses: {0}")]
    Refused(String),
    /// Worth another try.
    #[error("the mail server cannot take it now: {0}")]
    Later(String),
}

/// Takes mails away.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands `message` over. Once it returns the mail is somebody else's to deliver; after an error it
    /// may have left all the same.
    async fn send(&self, message: &Message) -> Result<(), MailError>;
}

/// A mail that was enqueued.
#[derive(Clone, PartialEq, Eq)]
pub struct QueuedMail {
    /// Its row.
    pub id: MailId,
    /// To whom.
    pub to: Email,
    /// Subject and text, sealed: they hold one-time links.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for QueuedMail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "mail {}", self.id)
    }
}

/// Somebody who asked for a new password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResetRequest {
    /// Its row.
    pub id: Uuid,
    /// The address that was named, which need not be anybody's.
    pub email: Email,
    /// When.
    pub at: Timestamp,
}

/// Mails that were enqueued in the transaction of what they tell of. A row goes once its mail was sent
/// or given up.
#[async_trait]
pub trait MailRepo: Send + Sync {
    /// Promises a mail.
    async fn enqueue(&self, mail: &QueuedMail, now: Timestamp) -> Result<(), PortError>;
    /// Whether any mail may be claimed at `now`. Cheap.
    async fn any_due(&self, now: Timestamp) -> Result<bool, PortError>;
    /// The mail that has been due longest, nobody else's until `until`, and how often it was claimed by
    /// now. Parallel claims get different mails.
    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(QueuedMail, u32)>, PortError>;
    /// To be tried again at `due_at`, if `attempt` is still the last claim.
    async fn retry(&self, id: MailId, attempt: u32, due_at: Timestamp) -> Result<(), PortError>;
    /// Sent or given up: the row goes, whoever has claimed it meanwhile.
    async fn remove(&self, id: MailId) -> Result<(), PortError>;
}
