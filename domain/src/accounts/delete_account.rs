use std::sync::Arc;

use thiserror::Error;

use super::administrator::shut_out;
use super::{ConfirmError, ConfirmPerson, User};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::mail::{Notice, Outbox};
use crate::ports::UnitOfWork;
use crate::timestamp::Timestamp;

/// Deletes a person's own account. It is not there for anybody from then on; what belongs to it is
/// removed by and by, by [`super::RemoveAccounts`].
pub struct DeleteAccount {
    /// Database, clock and ids.
    pub core: Core,
    /// Asks who it is.
    pub confirm: Arc<ConfirmPerson>,
    /// Takes the notice.
    pub outbox: Arc<Outbox>,
}

/// Why an account stays.
#[derive(Debug, Error)]
pub enum DeleteAccountError {
    /// The handle that was typed is another one.
    #[error("Type your handle to confirm that your account is to be deleted.")]
    OtherHandle,
    /// There would be nobody left to administer the vault.
    #[error("You are the only administrator. Make somebody else one first.")]
    LastAdministrator,
    /// It may be somebody else.
    #[error(transparent)]
    Confirm(#[from] ConfirmError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl DeleteAccount {
    /// Deletes the caller's account, of which they type the handle and prove that it is theirs: by the
    /// password, or without one by having signed in by their provider lately.
    pub async fn run(
        &self,
        caller: &Caller,
        password: Option<&str>,
        code: Option<&str>,
        handle: &str,
    ) -> Result<(), DeleteAccountError> {
        let action = Action::AccountDeleted;
        let confirm = &self.confirm;
        let proof = match password {
            Some(password) => {
                let checked = confirm.check_password(caller, password, code, action);
                checked.await?
            }
            None => confirm.check_provider(caller).await?,
        };
        let user = &proof.user;
        if handle.trim().to_ascii_lowercase() != user.handle.key() {
            return Err(DeleteAccountError::OtherHandle);
        }
        let unit = self.core.begin().await?;
        if unit.users().lock_administrators().await? == [user.id] {
            return Err(DeleteAccountError::LastAdministrator);
        }
        let unit = confirm.use_code(caller, unit, &proof, code, action).await?;
        let now = self.core.now();
        self.outbox
            .notify(&*unit, caller, user, Notice::AccountDeleted)
            .await?;
        mark(&*unit, user, now).await?;
        self.core
            .audit_line(caller, action, Resource::Account(user.id))
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(())
    }
}

/// Ends everything by which somebody could act as `user`, and makes the account one that is not there.
pub(super) async fn mark(
    unit: &dyn UnitOfWork,
    user: &User,
    now: Timestamp,
) -> Result<(), PortError> {
    let id = user.id;
    unit.users().mark_deleted(id, now).await?;
    shut_out(unit, id, now).await?;
    unit.api_tokens().revoke_all(id).await?;
    unit.factors().set_recovery_codes(id, &[]).await?;
    unit.sso().remove_identities(id).await
}
