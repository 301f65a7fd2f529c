//! The audit trail: who did what to which resource, written in the transaction of the act.

mod activity;
mod chain;
mod read;
mod seal;
mod verify;

pub use activity::{ReadActivity, ReadActivityError};
pub use chain::{ChainEnd, ChainPosition, Link, StoredLine};
pub use read::{
    Actor, AuditCursor, AuditEntry, AuditFilter, AuditQuery, ReadAudit, ReadAuditError,
};
pub use seal::{LookBack, SealAudit};
pub use verify::{ChainFault, Unsealed, Verification, VerifyAudit};

use crate::caller::{Caller, Credential, Identity};
use crate::fault::PortError;
use crate::ids::{ApiTokenId, AuditId, DocumentId, InviteId, SessionId, TopicId, UserId};
use crate::ports::Repos;
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
    /// A new key signs access tokens.
    SigningKeyReplaced,
    /// A person made an API token.
    ApiTokenCreated,
    /// A person revoked an API token.
    ApiTokenRevoked,
    /// An administrator made an account an administrator's, or an ordinary one.
    AccountRoleChanged,
    /// An administrator disabled an account.
    AccountDisabled,
    /// An administrator let a disabled account sign in again.
    AccountEnabled,
    /// An administrator changed how much an account may keep.
    AccountQuotaChanged,
    /// Somebody asked for a link to a new password.
    PasswordResetRequested,
    /// A link to a new password was made.
    PasswordResetOffered,
    /// A password was replaced by a link.
    PasswordReset,
    /// An administrator made an invitation.
    InviteCreated,
    /// An administrator took an invitation back.
    InviteRevoked,
    /// Somebody must set up a second factor before they can sign in.
    EnrolmentBegun,
    /// Somebody who is signed in proved anew who they are, or tried to.
    PersonConfirmed,
    /// An account was deleted, or somebody tried to delete theirs.
    AccountDeleted,
    /// Everything of a deleted account is gone.
    AccountRemoved,
    /// Somebody made an account by an invitation.
    InviteUsed,
    /// An administrator had a mail sent to see whether that works.
    MailTried,
    /// An administrator took the trail away.
    AuditExported,
    /// An identity at a provider now opens an account.
    IdentityLinked,
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
            Self::SigningKeyReplaced => "instance.signing_key_replaced",
            Self::ApiTokenCreated => "api_token.created",
            Self::ApiTokenRevoked => "api_token.revoked",
            Self::AccountRoleChanged => "account.role_changed",
            Self::AccountDisabled => "account.disabled",
            Self::AccountEnabled => "account.enabled",
            Self::AccountQuotaChanged => "account.quota_changed",
            Self::PasswordResetRequested => "account.password_reset_requested",
            Self::PasswordResetOffered => "account.password_reset_offered",
            Self::PasswordReset => "account.password_reset",
            Self::InviteCreated => "invite.created",
            Self::InviteRevoked => "invite.revoked",
            Self::InviteUsed => "invite.used",
            Self::EnrolmentBegun => "session.enrolment_begun",
            Self::PersonConfirmed => "session.confirmed",
            Self::AccountDeleted => "account.deleted",
            Self::AccountRemoved => "account.removed",
            Self::MailTried => "instance.mail_tried",
            Self::AuditExported => "instance.audit_exported",
            Self::IdentityLinked => "account.identity_linked",
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
    /// An account; [`UserId::NOBODY`] where somebody tried a name that is none, or it is about the vault.
    Account(UserId),
    /// A session.
    Session(SessionId),
    /// An API token.
    ApiToken(ApiTokenId),
    /// An invitation.
    Invite(InviteId),
}

impl Resource {
    /// Its kind, by the stored name, and its id.
    pub const fn parts(self) -> (&'static str, uuid::Uuid) {
        match self {
            Self::Document(id) => ("document", id.0),
            Self::Topic(id) => ("topic", id.0),
            Self::Account(id) => ("account", id.0),
            Self::Session(id) => ("session", id.0),
            Self::ApiToken(id) => ("api_token", id.0),
            Self::Invite(id) => ("invite", id.0),
        }
    }
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

impl AuditOutcome {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "ok",
            Self::Refused => "refused",
        }
    }
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
    /// `person`, `token`, `anonymous`, `operator` or `system`.
    pub actor_kind: &'static str,
    /// Whose resource it is.
    pub owner: UserId,
    /// What was done.
    pub action: Action,
    /// To what.
    pub resource: Resource,
    /// How it went. What fails for another reason is rolled back, its line with it.
    pub outcome: AuditOutcome,
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
            actor: match caller.identity {
                Identity::Person { user, .. } | Identity::Enrolling { user, .. } => Some(user),
                Identity::Anonymous | Identity::Operator(_) | Identity::System(_) => None,
            },
            actor_kind: match caller.identity {
                Identity::Anonymous => "anonymous",
                Identity::Person {
                    by: Credential::Token { .. },
                    ..
                } => "token",
                Identity::Person { .. } | Identity::Enrolling { .. } => "person",
                Identity::Operator(_) => "operator",
                Identity::System(_) => "system",
            },
            owner,
            action,
            resource,
            outcome: AuditOutcome::Done,
            address: caller.address.map(|address| address.to_string()),
            request_id: caller.request_id,
        }
    }

    /// The same, refused.
    #[must_use]
    pub const fn refused(mut self) -> Self {
        self.outcome = AuditOutcome::Refused;
        self
    }

    /// The same, about something of `owner`.
    #[must_use]
    pub const fn owned_by(mut self, owner: UserId) -> Self {
        self.owner = owner;
        self
    }

    /// The same, by somebody whom the caller turned out to be.
    #[must_use]
    pub const fn by(mut self, actor: UserId) -> Self {
        self.actor = Some(actor);
        self
    }

    /// Adds the line, in the transaction that does what it tells.
    pub async fn write(self, repos: &dyn Repos) -> Result<(), PortError> {
        repos.audit().append(&[self]).await
    }
}
