use docuvault_domain::accounts::{ChangePassword, DeleteAccount, EditProfile, ManageTokens};

use super::accounts::Shared;

/// What people do to their own account.
pub(crate) struct Profile {
    pub(crate) edit: EditProfile,
    pub(crate) change_password: ChangePassword,
    pub(crate) api_tokens: ManageTokens,
    pub(crate) delete: DeleteAccount,
}

impl Profile {
    pub(super) fn new(shared: &Shared) -> Self {
        Self {
            edit: EditProfile {
                core: shared.core.clone(),
                outbox: shared.outbox.clone(),
            },
            change_password: ChangePassword {
                core: shared.core.clone(),
                hasher: shared.credentials.hasher.clone(),
                rate_limiter: shared.rate_limiter.clone(),
                outbox: shared.outbox.clone(),
            },
            api_tokens: ManageTokens {
                core: shared.core.clone(),
                tokens: shared.credentials.tokens.clone(),
                outbox: shared.outbox.clone(),
            },
            delete: DeleteAccount {
                core: shared.core.clone(),
                confirm: shared.confirm.clone(),
                outbox: shared.outbox.clone(),
            },
        }
    }
}
