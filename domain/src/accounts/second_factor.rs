use std::sync::Arc;

use thiserror::Error;

use super::password::is_right;
use super::{LimitedAction, RateLimiter, RecoveryCode, User};
use crate::audit::{Action, Resource};
use crate::caller::{Caller, Identity};
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::{SessionId, UserId};
use crate::mail::{Notice, Outbox};
use crate::ports::{
    Enrolment, HashError, PasswordHasher, SecondFactor, SecretBox, SecretContext, Tokens,
    UnitOfWork,
};

/// Sets up, checks and removes the second factor of a person.
pub struct ManageSecondFactor {
    /// Database, clock and ids.
    pub core: Core,
    /// Checks the password before the factor goes.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Bounds guessing.
    pub rate_limiter: Arc<RateLimiter>,
    /// Makes and checks codes.
    pub factor: Arc<dyn SecondFactor>,
    /// Seals the secret.
    pub secrets: Arc<dyn SecretBox>,
    /// Digests recovery codes.
    pub tokens: Arc<dyn Tokens>,
    /// Takes notices.
    pub outbox: Arc<Outbox>,
}

/// Why a second factor stays as it is.
#[derive(Debug, Error)]
pub enum SecondFactorError {
    /// One is in use.
    #[error("Two-step sign-in is on already. Turn it off first to set it up anew.")]
    AlreadyOn,
    /// None is in use, or none waits for its first code.
    #[error("Two-step sign-in is not set up.")]
    NotSetUp,
    /// The code is none of now, or was used.
    #[error("This code is not right, or was used already. Wait for the next one.")]
    WrongCode,
    /// The password is another one.
    #[error("Your password is another one. Nothing was changed.")]
    WrongPassword,
    /// It was tried too often.
    #[error("Too many tries. Nothing was checked; please wait before you try again.")]
    TooMany {
        /// No earlier than in so long.
        wait: std::time::Duration,
    },
    /// The password was not looked at.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// Nobody is signed in any more.
    #[error("You have been signed out. Please sign in again.")]
    SignedOut,
    /// A port failed. Whoever cannot be checked is not let in.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl ManageSecondFactor {
    /// Begins: a new secret, which is asked for once the person has given a first code of it.
    pub async fn enrol(&self, caller: &Caller) -> Result<Enrolment, SecondFactorError> {
        let (user, _) = self.enrolling(caller).await?;
        let secret = self.factor.new_secret();
        let sealed = self.secrets.seal(&context(user.id), &secret)?;
        let enrolment = self.factor.enrolment(&secret, user.handle.as_str())?;
        let unit = self.core.begin().await?;
        if !unit.factors().offer(user.id, &sealed).await? {
            return Err(SecondFactorError::AlreadyOn);
        }
        unit.commit().await?;
        Ok(enrolment)
    }

    /// Puts it in use by a first code. The recovery codes are shown this once. Whoever had to do so before
    /// they could sign in can do so now.
    pub async fn confirm(
        &self,
        caller: &Caller,
        code: &str,
    ) -> Result<Vec<RecoveryCode>, SecondFactorError> {
        let (user, enrolment) = self.enrolling(caller).await?;
        if user.totp_enabled {
            return Err(SecondFactorError::AlreadyOn);
        }
        self.take_try(caller, user.id).await?;
        let unit = self.core.begin().await?;
        if !self.take_code(&*unit, user.id, code).await? {
            return Err(SecondFactorError::WrongCode);
        }
        let codes = self.new_recovery_codes(&*unit, user.id).await?;
        if let Some(session) = enrolment {
            let now = self.core.now();
            unit.sessions().end(user.id, session, now).await?;
        }
        self.core
            .audit_line(caller, Action::SecondFactorOn, Resource::Account(user.id))
            .owned_by(user.id)
            .write(&*unit)
            .await?;
        self.outbox
            .notify(&*unit, caller, &user, Notice::SecondFactorOn)
            .await?;
        unit.commit().await?;
        Ok(codes)
    }

    /// Turns it off, for the person's password and a code of it.
    pub async fn remove(
        &self,
        caller: &Caller,
        password: &str,
        code: &str,
    ) -> Result<(), SecondFactorError> {
        let user = self.asking(caller).await?;
        self.take_try(caller, user.id).await?;
        let stored = self.core.store.users().password(user.id).await?;
        if !is_right(&*self.hasher, password, stored.as_ref()).await? {
            return Err(SecondFactorError::WrongPassword);
        }
        let unit = self.core.begin().await?;
        if !self.takes(caller, &*unit, &user, code).await? {
            return Err(SecondFactorError::WrongCode);
        }
        if !unit.factors().remove(user.id).await? {
            return Err(SecondFactorError::NotSetUp);
        }
        self.core
            .audit_line(caller, Action::SecondFactorOff, Resource::Account(user.id))
            .owned_by(user.id)
            .write(&*unit)
            .await?;
        self.outbox
            .notify(&*unit, caller, &user, Notice::SecondFactorOff)
            .await?;
        unit.commit().await?;
        Ok(())
    }

    /// New recovery codes in the place of the old ones, for a code of the app.
    pub async fn renew_recovery_codes(
        &self,
        caller: &Caller,
        code: &str,
    ) -> Result<Vec<RecoveryCode>, SecondFactorError> {
        let user = self.asking(caller).await?;
        if !user.totp_enabled {
            return Err(SecondFactorError::NotSetUp);
        }
        self.take_try(caller, user.id).await?;
        let unit = self.core.begin().await?;
        if !self.take_code(&*unit, user.id, code).await? {
            return Err(SecondFactorError::WrongCode);
        }
        let codes = self.new_recovery_codes(&*unit, user.id).await?;
        self.core
            .audit_line(
                caller,
                Action::RecoveryCodesRenewed,
                Resource::Account(user.id),
            )
            .owned_by(user.id)
            .write(&*unit)
            .await?;
        self.outbox
            .notify(&*unit, caller, &user, Notice::RecoveryCodesRenewed)
            .await?;
        unit.commit().await?;
        Ok(codes)
    }

    /// Uses up what somebody shows as the second factor of `user`: a code of the app or a recovery
    /// code. `false` when it is neither, or was used before. To be committed with what it opens.
    pub async fn takes(
        &self,
        caller: &Caller,
        unit: &dyn UnitOfWork,
        user: &User,
        code: &str,
    ) -> Result<bool, PortError> {
        if !user.totp_enabled {
            return Ok(false);
        }
        if let Some(code) = RecoveryCode::parse(code) {
            let digest = self.tokens.digest(code.reveal());
            let factors = unit.factors();
            let taken = factors.take_recovery_code(user.id, &digest).await?;
            if taken {
                let left = factors.count_recovery_codes(user.id).await?;
                let notice = Notice::RecoveryCodeUsed { left };
                self.outbox.notify(unit, caller, user, notice).await?;
            }
            return Ok(taken);
        }
        self.take_code(unit, user.id, code).await
    }

    async fn take_code(
        &self,
        unit: &dyn UnitOfWork,
        user: UserId,
        code: &str,
    ) -> Result<bool, PortError> {
        let Some(stored) = unit.factors().find(user).await? else {
            return Ok(false);
        };
        let secret = self.secrets.open(&context(user), &stored.sealed)?;
        // Apps show `123 456`.
        let code: String = code.split_whitespace().collect();
        match self.factor.matches(&secret, &code, self.core.now()) {
            Some(step) => unit.factors().take_step(user, step).await,
            None => Ok(false),
        }
    }

    async fn new_recovery_codes(
        &self,
        unit: &dyn UnitOfWork,
        user: UserId,
    ) -> Result<Vec<RecoveryCode>, PortError> {
        let codes = self.factor.recovery_codes();
        let digests = codes.iter().map(|code| self.tokens.digest(code.reveal()));
        let digests: Vec<_> = digests.collect();
        unit.factors().set_recovery_codes(user, &digests).await?;
        Ok(codes)
    }

    async fn take_try(&self, caller: &Caller, user: UserId) -> Result<(), SecondFactorError> {
        let name = user.to_string();
        match self
            .rate_limiter
            .take(caller, LimitedAction::SecondFactor, &name)
            .await?
        {
            Some(wait) => Err(SecondFactorError::TooMany { wait }),
            None => Ok(()),
        }
    }

    /// Whoever is signed in, or must set up a factor before they are; and the session that was begun for
    /// this alone.
    async fn enrolling(
        &self,
        caller: &Caller,
    ) -> Result<(User, Option<SessionId>), SecondFactorError> {
        let (id, session) = match caller.identity {
            Identity::Enrolling { user, session } => (user, Some(session)),
            _ => return Ok((self.asking(caller).await?, None)),
        };
        let user = self.core.store.users().find(id).await?;
        let user = user.ok_or(SecondFactorError::SignedOut)?;
        Ok((user, session))
    }

    async fn asking(&self, caller: &Caller) -> Result<User, SecondFactorError> {
        let (id, _) = caller.session().ok_or(SecondFactorError::SignedOut)?;
        let user = self.core.store.users().find(id).await?;
        user.ok_or(SecondFactorError::SignedOut)
    }
}

/// The secret stands in the row of its account.
const fn context(user: UserId) -> SecretContext {
    SecretContext {
        owner: Some(user),
        row: user.0,
        purpose: "totp",
    }
}
