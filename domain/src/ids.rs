//! Typed row ids. All are UUIDv7, so they sort by the time they were made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

typed_id! {
    /// An account.
    UserId,
    /// A document.
    DocumentId,
    /// A folder.
    FolderId,
    /// A topic.
    TopicId,
    /// A stored object's row in the object registry.
    ObjectId,
    /// A signed-in browser or program.
    SessionId,
    /// A personal API token.
    ApiTokenId,
    /// An invitation.
    InviteId,
    /// A mail that is to be sent.
    MailId,
    /// A job.
    JobId,
    /// An audit line.
    AuditId,
    /// A connection to a person's own cloud.
    ConnectionId,
    /// This installation: the same in the database and in the object store.
    InstanceId,
}

impl UserId {
    /// No account has this id.
    pub const NOBODY: Self = Self(Uuid::nil());
}
