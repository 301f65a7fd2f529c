use super::{Handle, Role, User};
use crate::page::Limit;
use crate::timestamp::Timestamp;

/// An account as administrators see it. Nothing of what is in its documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOverview {
    /// The account.
    pub user: User,
    /// When a session or token of it was last used, to the quarter of an hour.
    pub last_seen_at: Option<Timestamp>,
    /// How much it keeps.
    pub used_bytes: u64,
    /// How much it may keep.
    pub limit_bytes: u64,
    /// How many documents, those in the trash as well.
    pub documents: u64,
}

/// Which accounts. All conditions hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Handle, e-mail address or name contain this, without regard to ASCII case.
    pub text: Option<String>,
    /// With this role.
    pub role: Option<Role>,
    /// Disabled, or not.
    pub disabled: Option<bool>,
}

/// A page of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountQuery {
    /// Which.
    pub filter: AccountFilter,
    /// How many.
    pub limit: Limit,
    /// From where on: the last handle of the page before.
    pub after: Option<Handle>,
}
