use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::password::is_right;
use super::{LimitedAction, Password, RateLimiter, WeakPassword};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::mail::{Notice, Outbox};
use crate::ports::{HashError, PasswordHasher};

/// Replaces a person's password.
pub struct ChangePassword {
    /// Database, clock and ids.
    pub core: Core,
    /// Checks the old one, hashes the new one.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Bounds guessing: who has found an open browser must not find out the password.
    pub rate_limiter: Arc<RateLimiter>,
    /// Takes the notice.
    pub outbox: Arc<Outbox>,
}

/// Why a password stays.
#[derive(Debug, Error)]
pub enum ChangePasswordError {
    /// The present password was another one.
    #[error("Your present password is another one. Nothing was changed.")]
    WrongPassword,
    /// The new one cannot be taken.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The present password was tried too often.
    #[error("Too many tries. Nothing was checked; please wait before you try again.")]
    TooMany {
        /// No earlier than in so long.
        wait: Duration,
    },
    /// The password was not looked at.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// Nobody is signed in any more.
    #[error("You have been signed out. Please sign in again.")]
    SignedOut,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl ChangePassword {
    /// Replaces the caller's password, of which they must know the present one, and ends their other
    /// sessions. The second factor stays.
    pub async fn run(
        &self,
        caller: &Caller,
        current: &str,
        new: &str,
    ) -> Result<(), ChangePasswordError> {
        let (id, session) = caller.session().ok_or(ChangePasswordError::SignedOut)?;
        let users = self.core.store.users();
        let user = users.find(id).await?;
        let user = user.ok_or(ChangePasswordError::SignedOut)?;
        let names = [user.handle.as_str(), user.email.as_str()];
        let new = Password::choose(new, &names)?;
        let account = id.to_string();
        let tried = self
            .rate_limiter
            .take(caller, LimitedAction::SignIn, &account);
        if let Some(wait) = tried.await? {
            return Err(ChangePasswordError::TooMany { wait });
        }
        let stored = users.password(id).await?;
        let right = is_right(&*self.hasher, current, stored.as_ref()).await?;
        let now = self.core.now();
        let line = self
            .core
            .audit_line(caller, Action::PasswordChanged, Resource::Account(id));
        if !right {
            let unit = self.core.begin().await?;
            line.refused().write(&*unit).await?;
            unit.commit().await?;
            return Err(ChangePasswordError::WrongPassword);
        }
        let hash = self.hasher.hash(&new).await?;
        let unit = self.core.begin().await?;
        unit.users().set_password(id, &hash, now).await?;
        unit.sessions().end_all(id, Some(session), now).await?;
        line.write(&*unit).await?;
        self.outbox
            .notify(&*unit, caller, &user, Notice::PasswordChanged)
            .await?;
        unit.commit().await?;
        self.rate_limiter
            .reset(LimitedAction::SignIn, &account)
            .await?;
        Ok(())
    }
}
