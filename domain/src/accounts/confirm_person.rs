use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::password::is_right;
use super::{CONFIRMED_FOR, LimitedAction, ManageSecondFactor, RateLimiter, User};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ports::{HashError, PasswordHash, PasswordHasher, UnitOfWork};

/// Asks somebody who is signed in once more who they are, before what cannot be undone: a browser may
/// stand open.
pub struct ConfirmPerson {
    /// Database, clock and ids.
    pub core: Core,
    /// Checks passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Bounds guessing.
    pub rate_limiter: Arc<RateLimiter>,
    /// Checks second factors.
    pub second_factor: Arc<ManageSecondFactor>,
}

/// Why somebody has not proved who they are.
#[derive(Debug, Error)]
pub enum ConfirmError {
    /// The password is another one.
    #[error("Your password is another one. Nothing was changed.")]
    WrongPassword,
    /// The password is right, and a second factor is needed.
    #[error("Enter the code that your app shows, or a recovery code.")]
    CodeNeeded,
    /// The password is right, the second factor is not, or was used before.
    #[error("This code is not right, or was used already. Wait for the next one.")]
    WrongCode,
    /// It was tried too often.
    #[error("Too many tries. Nothing was checked; please wait before you try again.")]
    TooMany {
        /// No earlier than in so long.
        wait: Duration,
    },
    /// The password was not looked at.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// Nobody is signed in, or a program asks.
    #[error("You have been signed out. Please sign in again.")]
    SignedOut,
    /// No password was shown, and the provider has not vouched for the person lately.
    #[error("Sign in by your provider again first. Nothing was changed.")]
    SignInAgain,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Somebody whose password was right.
pub(super) struct Proof {
    pub(super) user: User,
    hash: Option<PasswordHash>,
}

impl ConfirmPerson {
    /// Notes in the session that its person has just proved who they are.
    pub async fn run(
        &self,
        caller: &Caller,
        password: &str,
        code: Option<&str>,
    ) -> Result<(), ConfirmError> {
        let (_, session) = caller.session().ok_or(ConfirmError::SignedOut)?;
        let action = Action::PersonConfirmed;
        let proof = self.check_password(caller, password, code, action).await?;
        let unit = self.core.begin().await?;
        let unit = self.use_code(caller, unit, &proof, code, action).await?;
        unit.sessions().confirm(session, self.core.now()).await?;
        let resource = Resource::Account(proof.user.id);
        self.core
            .audit_line(caller, action, resource)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        let account = proof.user.id.to_string();
        self.rate_limiter
            .reset(LimitedAction::SignIn, &account)
            .await?;
        self.rate_limiter
            .reset(LimitedAction::SecondFactor, &account)
            .await?;
        Ok(())
    }

    /// Checks the password of the caller, and counts the try that `code` will be. Who is refused leaves a line about `action`.
    pub(super) async fn check_password(
        &self,
        caller: &Caller,
        password: &str,
        code: Option<&str>,
        action: Action,
    ) -> Result<Proof, ConfirmError> {
        let (id, _) = caller.session().ok_or(ConfirmError::SignedOut)?;
        let users = self.core.store.users();
        let user = users.find(id).await?.ok_or(ConfirmError::SignedOut)?;
        self.take(caller, LimitedAction::SignIn, &user).await?;
        let hash = users.password(id).await?;
        if is_right(&*self.hasher, password, hash.as_ref()).await? {
            if user.totp_enabled && code.is_some_and(|code| !code.is_empty()) {
                self.take(caller, LimitedAction::SecondFactor, &user)
                    .await?;
            }
            return Ok(Proof { user, hash });
        }
        self.refuse(caller, action, &user).await?;
        Err(ConfirmError::WrongPassword)
    }

    /// Takes a sign-in by the caller's provider that was lately in place of a password, which the caller may
    /// not have.
    pub(super) async fn check_provider(&self, caller: &Caller) -> Result<Proof, ConfirmError> {
        let (id, session) = caller.session().ok_or(ConfirmError::SignedOut)?;
        let (store, now) = (&self.core.store, self.core.now());
        let live = store.sessions().live(session, now).await?;
        let (session, user) = live.ok_or(ConfirmError::SignedOut)?;
        let lately = now.since(session.confirmed_at) < CONFIRMED_FOR;
        if !lately || !session.single_sign_on {
            return Err(ConfirmError::SignInAgain);
        }
        let hash = store.users().password(id).await?;
        Ok(Proof { user, hash })
    }

    /// Uses up a code in `unit`, where the person has a second factor: to be committed with what it opens.
    pub(super) async fn use_code(
        &self,
        caller: &Caller,
        unit: Box<dyn UnitOfWork>,
        proof: &Proof,
        code: Option<&str>,
        action: Action,
    ) -> Result<Box<dyn UnitOfWork>, ConfirmError> {
        let user = &proof.user;
        // Changed meanwhile? Then all sessions were ended.
        if unit.users().password(user.id).await? != proof.hash {
            return Err(ConfirmError::SignedOut);
        }
        if !user.totp_enabled {
            return Ok(unit);
        }
        let code = code.filter(|code| !code.is_empty());
        let code = code.ok_or(ConfirmError::CodeNeeded)?;
        if self.second_factor.takes(caller, &*unit, user, code).await? {
            return Ok(unit);
        }
        drop(unit);
        self.refuse(caller, action, user).await?;
        Err(ConfirmError::WrongCode)
    }

    async fn take(
        &self,
        caller: &Caller,
        attempt: LimitedAction,
        user: &User,
    ) -> Result<(), ConfirmError> {
        let account = user.id.to_string();
        match self.rate_limiter.take(caller, attempt, &account).await? {
            Some(wait) => Err(ConfirmError::TooMany { wait }),
            None => Ok(()),
        }
    }

    async fn refuse(&self, caller: &Caller, action: Action, user: &User) -> Result<(), PortError> {
        let unit = self.core.begin().await?;
        let resource = Resource::Account(user.id);
        let line = self.core.audit_line(caller, action, resource);
        line.refused().write(&*unit).await?;
        unit.commit().await
    }
}
