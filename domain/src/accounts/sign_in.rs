use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::{Attempt, ManageSecondFactor, Password, Session, Tries, User};
use crate::audit::{Action, AuditLine, Resource};
use crate::caller::{Caller, Owner};
use crate::fault::PortError;
use crate::ids::{AuditId, SessionId, UserId};
use crate::ports::{
    AccessClaims, ClientSecret, Clock, HashError, Ids, Lifetimes, PasswordHash, PasswordHasher,
    Purpose, Rotation, Store, Tokens, UnitOfWork,
};

/// The longest that is kept of what a browser calls itself, in characters.
const MAX_USER_AGENT_CHARS: usize = 256;

/// Begins sessions and renews them.
pub struct SignIn {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Checks passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Bounds guessing.
    pub tries: Arc<Tries>,
    /// Checks second factors.
    pub second_factor: Arc<ManageSecondFactor>,
    /// Makes what the client holds.
    pub tokens: Arc<dyn Tokens>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// How long sessions last.
    pub lifetimes: Lifetimes,
    /// How long an access token lasts.
    pub access_for: Duration,
}

/// What somebody shows to sign in.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// A handle or an e-mail address.
    pub login: String,
    /// The password as typed.
    pub password: String,
    /// A code of the app or a recovery code, for accounts with a second factor.
    pub code: Option<String>,
    /// What the browser or program calls itself.
    pub user_agent: Option<String>,
}

/// Somebody who is signed in, with what their client needs from here on.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The session.
    pub session: Session,
    /// Opens the API for [`SignIn::access_for`].
    pub access_token: String,
    /// Renews the session, once.
    pub refresh: ClientSecret,
}

/// Why somebody is not signed in.
#[derive(Debug, Error)]
pub enum SignInError {
    /// Name or password is wrong, or the account is disabled: which of them is not told.
    #[error("Name or password is wrong.")]
    InvalidCredentials,
    /// The password is right, and a second factor is needed.
    #[error("Enter the code that your app shows, or a recovery code.")]
    CodeNeeded,
    /// The password is right, the second factor is not, or was used before.
    #[error("This code is not right, or was used already. Wait for the next one.")]
    WrongCode,
    /// It was tried too often with this name, or from this address.
    #[error("Too many tries. Nothing was checked; please wait before you try again.")]
    TooMany {
        /// No earlier than in so long.
        wait: Duration,
    },
    /// Too many sign in at once.
    #[error("Many people are signing in right now. Please try again in a few seconds.")]
    Busy,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<HashError> for SignInError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Port(error) => Self::Port(error),
        }
    }
}

/// Why a session was not renewed.
#[derive(Debug, Error)]
pub enum RefreshError {
    /// It is over, or the token was used before, which ended it.
    #[error("You have been signed out. Please sign in again.")]
    Revoked,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl SignIn {
    /// Checks name and password and begins a session. Takes as long for a name that is none.
    pub async fn run(&self, caller: &Caller, shown: Credentials) -> Result<SignedIn, SignInError> {
        let found = self.store.users().find_by_login(&shown.login).await?;
        // An account has two names, and is guessed at by either.
        let account = found.as_ref().map(|(user, _)| user.id.to_string());
        let account = account.unwrap_or_else(|| shown.login.clone());
        let tried = self.tries.take(caller, Attempt::SignIn, &account);
        if let Some(wait) = tried.await? {
            return Err(SignInError::TooMany { wait });
        }
        let (user, hash) = found.unzip();
        let right = match Password::given(&shown.password) {
            Some(password) => self.hasher.verify(&password, hash.as_ref()).await?,
            None => false,
        };
        let (Some(user), Some(hash)) = (user, hash) else {
            return Err(self.refuse(caller, None).await?);
        };
        if !right || user.disabled_at.is_some() {
            return Err(self.refuse(caller, Some(user.id)).await?);
        }
        if user.totp_enabled {
            self.may_try_code(caller, &user, shown.code.as_deref())
                .await?;
        }
        let renewed = self.renewed_hash(&shown.password, &hash).await?;
        let mut unit = self.store.begin().await?;
        // Changed meanwhile? Then all sessions were ended, and this one must not begin after that.
        let current = unit.users().password(user.id).await?;
        if current.as_ref() != Some(&hash) {
            drop(unit);
            return Err(self.refuse(caller, Some(user.id)).await?);
        }
        if user.totp_enabled {
            let code = shown.code.as_deref().unwrap_or_default();
            unit = self.check_code(caller, unit, &user, code).await?;
        }
        let now = self.clock.now();
        if let Some(renewed) = renewed {
            unit.users().set_password(user.id, &renewed, now).await?;
        }
        let session = Session {
            id: SessionId(self.ids.v7()),
            user: user.id,
            user_agent: shown.user_agent.map(|name| shortened(&name)),
            address: caller.address,
            created_at: now,
            last_used_at: now,
            expires_at: self.lifetimes.end(now, now),
        };
        let signed_in = self.begin(&*unit, user, session).await?;
        let resource = Resource::Session(signed_in.session.id);
        let mut line = self.line(caller, Action::SignedIn, resource);
        line.actor = Some(signed_in.user.id);
        unit.audit().append(&[line]).await?;
        unit.commit().await?;
        self.tries.forget(Attempt::SignIn, &account).await?;
        self.tries.forget(Attempt::SecondFactor, &account).await?;
        Ok(signed_in)
    }

    /// Trades a refresh token for new ones. A token that was used before ends its session, for
    /// somebody has a copy of it.
    pub async fn refresh(&self, caller: &Caller, shown: &str) -> Result<SignedIn, RefreshError> {
        let now = self.clock.now();
        let (shown, refresh) = (self.tokens.digest(shown), self.tokens.secret());
        let next = self.tokens.digest(&refresh.0);
        let unit = self.store.begin().await?;
        let sessions = unit.sessions();
        let rotation = sessions.rotate(&shown, &next, now, self.lifetimes, caller.address);
        match rotation.await? {
            Rotation::Rotated(session) => {
                let user = unit.users().find(session.user).await?;
                let user = user.ok_or(RefreshError::Revoked)?;
                let access_token = self.access_token(&session)?;
                unit.commit().await?;
                Ok(SignedIn {
                    user,
                    session,
                    access_token,
                    refresh,
                })
            }
            Rotation::Reused(session) => {
                let resource = Resource::Session(session.id);
                let mut line = self
                    .line(caller, Action::RefreshTokenReused, resource)
                    .refused();
                line.owner = Owner(Some(session.user));
                unit.audit().append(&[line]).await?;
                unit.commit().await?;
                tracing::warn!(session = %session.id, "a used refresh token was shown again");
                Err(RefreshError::Revoked)
            }
            Rotation::Unknown => Err(RefreshError::Revoked),
        }
    }

    /// Counts a try with the second factor. Asking for it costs none.
    async fn may_try_code(
        &self,
        caller: &Caller,
        user: &User,
        code: Option<&str>,
    ) -> Result<(), SignInError> {
        if code.is_none_or(str::is_empty) {
            return Err(SignInError::CodeNeeded);
        }
        let name = user.id.to_string();
        match self
            .tries
            .take(caller, Attempt::SecondFactor, &name)
            .await?
        {
            Some(wait) => Err(SignInError::TooMany { wait }),
            None => Ok(()),
        }
    }

    async fn check_code(
        &self,
        caller: &Caller,
        unit: Box<dyn UnitOfWork>,
        user: &User,
        code: &str,
    ) -> Result<Box<dyn UnitOfWork>, SignInError> {
        if self.second_factor.takes(&*unit, user, code).await? {
            return Ok(unit);
        }
        drop(unit);
        self.refuse(caller, Some(user.id)).await?;
        Err(SignInError::WrongCode)
    }

    async fn begin(
        &self,
        unit: &dyn UnitOfWork,
        user: User,
        session: Session,
    ) -> Result<SignedIn, PortError> {
        let refresh = self.tokens.secret();
        let digest = self.tokens.digest(&refresh.0);
        unit.sessions().begin(&session, &digest).await?;
        let access_token = self.access_token(&session)?;
        Ok(SignedIn {
            user,
            session,
            access_token,
            refresh,
        })
    }

    fn access_token(&self, session: &Session) -> Result<String, PortError> {
        let now = session.last_used_at;
        self.tokens.sign(&AccessClaims {
            user: session.user,
            session: session.id,
            purpose: Purpose::Access,
            issued_at: now,
            expires_at: now.plus(self.access_for),
        })
    }

    /// The password hashed as new ones are, when it was hashed otherwise.
    async fn renewed_hash(
        &self,
        password: &str,
        hash: &PasswordHash,
    ) -> Result<Option<PasswordHash>, HashError> {
        match Password::given(password) {
            Some(password) if self.hasher.is_outdated(hash) => {
                Ok(Some(self.hasher.hash(&password).await?))
            }
            _ => Ok(None),
        }
    }

    /// Writes down that somebody was refused who tried the name of `user`, or a name that is none.
    async fn refuse(
        &self,
        caller: &Caller,
        user: Option<UserId>,
    ) -> Result<SignInError, PortError> {
        let resource = Resource::Account(user.unwrap_or(UserId::NOBODY));
        let line = self.line(caller, Action::SignedIn, resource).refused();
        let unit = self.store.begin().await?;
        unit.audit().append(&[line]).await?;
        unit.commit().await?;
        Ok(SignInError::InvalidCredentials)
    }

    fn line(&self, caller: &Caller, action: Action, resource: Resource) -> AuditLine {
        let (id, now) = (AuditId(self.ids.v7()), self.clock.now());
        AuditLine::new(id, now, caller, action, resource)
    }
}

fn shortened(name: &str) -> String {
    let printable = name.chars().filter(|c| !c.is_control());
    printable.take(MAX_USER_AGENT_CHARS).collect()
}
