use super::{AdministerError, AdministerUsers, overview};
use crate::accounts::administrator::shut_out;
use crate::accounts::{AccountOverview, Role};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::ids::UserId;

/// What to change of an account; `None` stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountEdits {
    /// What it may do.
    pub role: Option<Role>,
    /// Whether it may not sign in any more.
    pub disabled: Option<bool>,
    /// How much it may keep. What it keeps already stays, however much that is.
    pub limit_bytes: Option<u64>,
}

impl AdministerUsers {
    /// Changes an account; all of the edits or none. Whoever is disabled or no administrator any more is
    /// signed out at once, and their open invitations end.
    pub async fn edit(
        &self,
        caller: &Caller,
        id: UserId,
        edits: AccountEdits,
    ) -> Result<AccountOverview, AdministerError> {
        let (unit, changing, mut user) = self.hold(caller, id).await?;
        let now = self.core.now();
        let role = edits.role.filter(|role| *role != user.role);
        let disabled = edits
            .disabled
            .filter(|it| *it != user.disabled_at.is_some());
        if changing.by == Some(id) && (role.is_some() || disabled.is_some()) {
            return Err(AdministerError::OwnAccount);
        }
        let steps_down = role == Some(Role::User) || disabled == Some(true);
        if steps_down && changing.is_last(id) {
            return Err(AdministerError::LastAdministrator);
        }
        let mut actions = Vec::new();
        if let Some(role) = role {
            user.role = role;
            actions.push(Action::AccountRoleChanged);
        }
        if let Some(disabled) = disabled {
            user.disabled_at = disabled.then_some(now);
            actions.push(if disabled {
                Action::AccountDisabled
            } else {
                Action::AccountEnabled
            });
        }
        if !actions.is_empty() {
            user.updated_at = now;
            unit.users().update(&user).await?;
        }
        if steps_down {
            shut_out(&*unit, id, now).await?;
        }
        if let Some(limit_bytes) = edits.limit_bytes {
            unit.users().set_limit(id, limit_bytes).await?;
            actions.push(Action::AccountQuotaChanged);
        }
        for action in &actions {
            self.core
                .audit_line(caller, *action, Resource::Account(id))
                .owned_by(id)
                .write(&*unit)
                .await?;
        }
        let edited = overview(&*unit, id).await?;
        if !actions.is_empty() {
            unit.commit().await?;
        }
        Ok(edited)
    }
}
