//! Accounts and invitations as administrators see them.

use docuvault_domain::Timestamp;
use docuvault_domain::accounts::{AccountOverview, Invite, InviteState};
use docuvault_domain::ids::UserId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::auth::{QuotaView, RoleView, UserView};

/// An account, as administrators see it: nothing of what is in its documents.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminUser)]
pub(crate) struct AdminUserView {
    #[serde(flatten)]
    user: UserView,
    /// Whether signing in is refused.
    disabled: bool,
    /// When a session or a token was last used, to the quarter of an hour.
    #[schema(format = DateTime)]
    last_seen_at: Option<String>,
    quota: QuotaView,
    /// Those in the trash as well.
    document_count: u64,
}

impl From<AccountOverview> for AdminUserView {
    fn from(found: AccountOverview) -> Self {
        Self {
            disabled: found.user.disabled_at.is_some(),
            user: found.user.into(),
            last_seen_at: found.last_seen_at.map(Timestamp::to_rfc3339),
            quota: QuotaView {
                used_bytes: found.used_bytes,
                limit_bytes: found.limit_bytes,
            },
            document_count: found.documents,
        }
    }
}

/// A page of accounts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdminUserPage {
    pub(crate) items: Vec<AdminUserView>,
    pub(crate) next_cursor: Option<String>,
    /// How many there are, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<u64>,
}

/// Where an invitation is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InviteState)]
pub(crate) enum InviteStateView {
    /// It can be used.
    Open,
    /// It was.
    Used,
    /// It is over.
    Expired,
}

/// A person by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AccountName)]
pub(crate) struct NameView {
    id: Uuid,
    handle: String,
}

impl NameView {
    pub(crate) fn new(id: UserId, handle: String) -> Self {
        Self { id: id.0, handle }
    }
}

/// An invitation; its address is not kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invite)]
pub(crate) struct InviteView {
    id: Uuid,
    /// The one address it is for, if it is for one only.
    email: Option<String>,
    /// What the new account may do.
    role: RoleView,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: String,
    state: InviteStateView,
    /// Who made it, while there is such an account.
    created_by: Option<NameView>,
}

impl InviteView {
    pub(crate) fn of(invite: Invite, maker: Option<NameView>, now: Timestamp) -> Self {
        Self {
            id: invite.id.0,
            state: match invite.state(now) {
                InviteState::Open => InviteStateView::Open,
                InviteState::Used => InviteStateView::Used,
                InviteState::Expired => InviteStateView::Expired,
            },
            email: invite.email.map(|email| email.as_str().to_owned()),
            role: invite.role.into(),
            created_at: invite.created_at.to_rfc3339(),
            expires_at: invite.expires_at.to_rfc3339(),
            created_by: maker,
        }
    }
}
