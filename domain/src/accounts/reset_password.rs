use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::{Email, LimitedAction, Password, RateLimiter, User, WeakPassword};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::UserId;
use crate::mail::{MailTemplate, Notice, Outbox};
use crate::ports::{ClientSecret, HashError, PasswordHasher, ResetRequest, Tokens, UnitOfWork};
use crate::timestamp::Timestamp;

/// How long the link lasts that somebody asked for.
const ASKED_FOR_LASTS: Duration = Duration::from_mins(30);
/// How long the link lasts that an administrator made.
pub(super) const HANDED_OUT_LASTS: Duration = Duration::from_hours(7 * 24);

/// Lets people who have forgotten their password choose a new one, by a link in a mail.
pub struct ResetPassword {
    /// Database, clock and ids.
    pub core: Core,
    /// Hashes the new password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Makes the links' secrets.
    pub tokens: Arc<dyn Tokens>,
    /// Bounds what can be asked and guessed.
    pub rate_limiter: Arc<RateLimiter>,
    /// Whether people sign in by password. Where they do not, they cannot ask for links; one that an
    /// administrator hands out sets the password that links the person's identity.
    pub passwords: bool,
    /// Takes the mails.
    pub outbox: Arc<Outbox>,
}

/// Why a request was not taken.
#[derive(Debug, Error)]
pub enum ResetRequestError {
    /// The instance signs people in by its identity provider only.
    #[error("Passwords are not used here. Sign in by the provider.")]
    PasswordsOff,
    /// It was asked too often for this address, or from this network.
    #[error("Too many tries. Nothing was sent; please wait before you try again.")]
    TooMany {
        /// No earlier than in so long.
        wait: Duration,
    },
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Why the password stays.
#[derive(Debug, Error)]
pub enum ResetError {
    /// The link is none, was used, was replaced by a newer one, or is over.
    #[error("This link does not work any more. Ask for a new one.")]
    LinkInvalid,
    /// The new password cannot be taken. The link still works.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// It was tried too often.
    #[error("Too many tries. Nothing was changed; please wait before you try again.")]
    TooMany {
        /// No earlier than in so long.
        wait: Duration,
    },
    /// The password was not looked at.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl ResetPassword {
    /// Takes the request of somebody who has forgotten their password. Neither the answer nor its time
    /// tells whether there is an account: who it is, is looked up by [`Self::answer_requests`].
    pub async fn request(&self, caller: &Caller, email: &Email) -> Result<(), ResetRequestError> {
        if !self.passwords {
            return Err(ResetRequestError::PasswordsOff);
        }
        let tried = self
            .rate_limiter
            .take(caller, LimitedAction::ResetRequest, email.as_str());
        if let Some(wait) = tried.await? {
            return Err(ResetRequestError::TooMany { wait });
        }
        let now = self.core.now();
        let request = ResetRequest {
            id: self.core.ids.v7(),
            email: email.clone(),
            at: now,
        };
        let unit = self.core.begin().await?;
        unit.resets().ask(&request).await?;
        let nobody = Resource::Account(UserId::NOBODY);
        self.core
            .audit_line(caller, Action::PasswordResetRequested, nobody)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(())
    }

    /// Promises a mail with a link to each account that somebody has asked for; returns how many. To be
    /// called often, on any number of replicas: it costs one look when nobody has asked.
    pub async fn answer_requests(&self) -> Result<u64, PortError> {
        let mut answered = 0;
        while self.core.store.resets().any_asked().await? {
            let unit = self.core.begin().await?;
            let Some(request) = unit.resets().take_request().await? else {
                break;
            };
            let user = unit.users().find_by_email(&request.email).await?;
            if let Some(user) = user.filter(|user| user.disabled_at.is_none()) {
                let (secret, _) = self.make_link(&*unit, user.id, ASKED_FOR_LASTS).await?;
                let template = MailTemplate::PasswordReset {
                    link: &self.outbox.links.reset(&secret),
                    lasts: ASKED_FOR_LASTS,
                };
                self.outbox
                    .enqueue(&*unit, (&user).into(), &template)
                    .await?;
                let system = Caller::system(user.id);
                let resource = Resource::Account(user.id);
                self.core
                    .audit_line(&system, Action::PasswordResetOffered, resource)
                    .write(&*unit)
                    .await?;
                answered += 1;
            }
            unit.commit().await?;
        }
        Ok(answered)
    }

    /// Replaces the password of the person whose link `link` is from, and ends all of their sessions.
    /// The second factor stays.
    pub async fn confirm(&self, caller: &Caller, link: &str, new: &str) -> Result<(), ResetError> {
        let digest = self.tokens.digest(link);
        let tried = self
            .rate_limiter
            .take(caller, LimitedAction::ResetConfirm, digest.as_str());
        if let Some(wait) = tried.await? {
            return Err(ResetError::TooMany { wait });
        }
        let found = self
            .core
            .store
            .resets()
            .find(&digest, self.core.now())
            .await?;
        let user = self.enabled(found).await?;
        let names = [user.handle.as_str(), user.email.as_str()];
        let new = Password::choose(new, &names)?;
        let hash = self.hasher.hash(&new).await?;
        let now = self.core.now();
        let unit = self.core.begin().await?;
        let locked = unit.users().lock(user.id).await?;
        let enabled = locked.filter(|user| user.disabled_at.is_none());
        let user = enabled.ok_or(ResetError::LinkInvalid)?;
        if unit.resets().take(&digest, now).await? != Some(user.id) {
            return Err(ResetError::LinkInvalid);
        }
        unit.users().set_password(user.id, &hash, now).await?;
        unit.sessions().end_all(user.id, None, now).await?;
        self.core
            .audit_line(caller, Action::PasswordReset, Resource::Account(user.id))
            .owned_by(user.id)
            .write(&*unit)
            .await?;
        self.outbox
            .notify(&*unit, caller, &user, Notice::PasswordChanged)
            .await?;
        unit.commit().await?;
        self.rate_limiter
            .reset(LimitedAction::SignIn, &user.id.to_string())
            .await?;
        Ok(())
    }

    async fn enabled(&self, found: Option<UserId>) -> Result<User, ResetError> {
        let user = match found {
            Some(id) => self.core.store.users().find(id).await?,
            None => None,
        };
        user.filter(|user| user.disabled_at.is_none())
            .ok_or(ResetError::LinkInvalid)
    }

    /// A new link for `user`; an earlier one opens nothing any more.
    pub(super) async fn make_link(
        &self,
        unit: &dyn UnitOfWork,
        user: UserId,
        lasts: Duration,
    ) -> Result<(ClientSecret, Timestamp), PortError> {
        let (secret, now) = (self.tokens.secret(), self.core.now());
        let end = now.plus(lasts);
        let digest = self.tokens.digest(&secret.0);
        unit.resets().put(user, &digest, now, end).await?;
        Ok((secret, end))
    }
}
