use docuvault_domain::accounts::{AdministerUsers, ManageInvites, RemoveAccounts, TidyAccounts};

use super::accounts::Shared;
use crate::config::Config;

/// Looking after everybody's accounts.
pub(crate) struct Administration {
    pub(crate) users: AdministerUsers,
    pub(crate) invites: ManageInvites,
    pub(crate) remove_accounts: RemoveAccounts,
    pub(crate) tidy_accounts: TidyAccounts,
}

impl Administration {
    pub(super) fn new(shared: &Shared, config: &Config) -> Self {
        Self {
            users: AdministerUsers {
                core: shared.core.clone(),
                hasher: shared.credentials.hasher.clone(),
                tokens: shared.credentials.tokens.clone(),
                resets: shared.reset_password.clone(),
                outbox: shared.outbox.clone(),
                limit_bytes: config.accounts.quota_bytes,
                language: config.language,
            },
            invites: ManageInvites {
                core: shared.core.clone(),
                tokens: shared.credentials.tokens.clone(),
                outbox: shared.outbox.clone(),
            },
            remove_accounts: RemoveAccounts {
                core: shared.core.clone(),
            },
            tidy_accounts: TidyAccounts {
                core: shared.core.clone(),
                rate_limiter: shared.rate_limiter.clone(),
            },
        }
    }
}
