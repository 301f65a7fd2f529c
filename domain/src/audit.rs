//! The audit trail: who did what to which resource, written in the transaction of the act.

use crate::caller::{Caller, Identity, Owner};
use crate::ids::{AuditId, DocumentId, SessionId, TopicId, UserId};
use crate::timestamp::Timestamp;

/// What was done. The stored names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A document was taken in.
    DocumentUploaded,
    /// A person changed a document's title, date or topics.
    DocumentEdited,
    /// Moved to the trash.
    DocumentTrashed,
    /// Brought back from the trash.
    DocumentRestored,
    /// Deleted for ever, bytes included.
    DocumentDeleted,
    /// A person asked to read and file it again.
    DocumentReprocessed,
    /// A topic was made.
    TopicCreated,
    /// A topic was renamed or described anew.
    TopicEdited,
    /// A topic was deleted.
    TopicDeleted,
    /// A topic was merged into another.
    TopicMerged,
    /// An account was made.
    AccountCreated,
    /// Somebody changed their own handle, address, name or language.
    AccountEdited,
    /// A password was replaced.
    PasswordChanged,
    /// A second factor was put in use.
    SecondFactorOn,
    /// A second factor was removed.
    SecondFactorOff,
    /// Recovery codes were replaced by new ones.
    RecoveryCodesRenewed,
    /// Somebody signed in, or tried to.
    SignedIn,
    /// A session was ended by its person.
    SignedOut,
    /// All sessions of a person were ended, perhaps but one.
    SignedOutEverywhere,
    /// A used refresh token was shown again, which ended its session: there is a copy.
    RefreshTokenReused,
}

impl Action {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DocumentUploaded => "document.uploaded",
            Self::DocumentEdited => "document.edited",
            Self::DocumentTrashed => "document.trashed",
            Self::DocumentRestored => "document.restored",
            Self::DocumentDeleted => "document.deleted",
            Self::DocumentReprocessed => "document.reprocessed",
            Self::TopicCreated => "topic.created",
            Self::TopicEdited => "topic.edited",
            Self::TopicDeleted => "topic.deleted",
            Self::TopicMerged => "topic.merged",
            Self::AccountCreated => "account.created",
            Self::AccountEdited => "account.edited",
            Self::PasswordChanged => "account.password_changed",
            Self::SecondFactorOn => "account.second_factor_on",
            Self::SecondFactorOff => "account.second_factor_off",
            Self::RecoveryCodesRenewed => "account.recovery_codes_renewed",
            Self::SignedIn => "session.signed_in",
            Self::SignedOut => "session.signed_out",
            Self::SignedOutEverywhere => "session.signed_out_everywhere",
            Self::RefreshTokenReused => "session.refresh_token_reused",
        }
    }
}

/// What it was done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A document.
    Document(DocumentId),
    /// A topic.
    Topic(TopicId),
    /// An account; [`UserId::NOBODY`] where somebody tried a name that is none.
    Account(UserId),
    /// A session.
    Session(SessionId),
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

/// One line of the trail. Lines are added, never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its own id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// The acting account, where there is one.
    pub actor: Option<UserId>,
    /// `person`, `anonymous`, `local` or `system`.
    pub actor_kind: &'static str,
    /// Whose resource it is.
    pub owner: Owner,
    /// What was done.
    pub action: Action,
    /// To what.
    pub resource: Resource,
    /// How it went. What fails for another reason is rolled back, its line with it.
    pub outcome: Outcome,
    /// From which address.
    pub address: Option<String>,
    /// In which request.
    pub request_id: Option<uuid::Uuid>,
}

impl AuditLine {
    /// `caller` did `action` to `resource`.
    pub fn new(
        id: AuditId,
        at: Timestamp,
        caller: &Caller,
        action: Action,
        resource: Resource,
    ) -> Self {
        let owner = caller.owner();
        Self {
            id,
            at,
            actor: owner.0.filter(|&actor| actor != UserId::NOBODY),
            actor_kind: match caller.identity {
                Identity::Anonymous => "anonymous",
                Identity::Person { .. } => "person",
                Identity::Local => "local",
                Identity::System(_) => "system",
            },
            owner,
            action,
            resource,
            outcome: Outcome::Done,
            address: caller.address.map(|address| address.to_string()),
            request_id: caller.request_id,
        }
    }

    /// The same, refused.
    #[must_use]
    pub const fn refused(mut self) -> Self {
        self.outcome = Outcome::Refused;
        self
    }
}
