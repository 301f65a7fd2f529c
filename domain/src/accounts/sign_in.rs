use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::device::is_known;
use super::password::is_right;
use super::{LimitedAction, ManageSecondFactor, Password, RateLimiter, Role, Session, User};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::{SessionId, UserId};
use crate::mail::{Notice, Outbox};
use crate::ports::{
    AccessClaims, ClientSecret, HashError, Lifetimes, PasswordHash, PasswordHasher, Purpose,
    Rotation, Tokens, UnitOfWork,
};
use crate::timestamp::Timestamp;

/// The longest that is kept of what a browser calls itself, in characters.
const MAX_USER_AGENT_CHARS: usize = 256;

/// How long a browser and a network are remembered.
const SEEN_LATELY: Duration = Duration::from_hours(90 * 24);

/// Begins sessions and renews them.
pub struct SignIn {
    /// Database, clock and ids.
    pub core: Core,
    /// Checks passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Bounds guessing.
    pub rate_limiter: Arc<RateLimiter>,
    /// Checks second factors.
    pub second_factor: Arc<ManageSecondFactor>,
    /// Makes what the client holds.
    pub tokens: Arc<dyn Tokens>,
    /// Takes notices.
    pub outbox: Arc<Outbox>,
    /// Of whom the instance demands a second factor.
    pub factor_policy: FactorPolicy,
    /// Whether a password opens a session. Where it does not, it still links an identity to an account.
    pub passwords: bool,
    /// How long sessions last.
    pub lifetimes: Lifetimes,
    /// How long an access token lasts.
    pub access_for: Duration,
}

/// Of whom the instance demands a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FactorPolicy {
    /// Nobody.
    #[default]
    Optional,
    /// Administrators.
    Admins,
    /// Everybody.
    Everyone,
}

impl FactorPolicy {
    /// Whether `user` must set one up before they can sign in.
    pub fn is_missing(self, user: &User) -> bool {
        let demanded = match self {
            Self::Optional => false,
            Self::Admins => user.role == Role::Admin,
            Self::Everyone => true,
        };
        demanded && !user.totp_enabled
    }
}

/// By what somebody has proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProvedBy {
    /// Password and second factor.
    Password,
    /// The same, and from now on the provider's word.
    Linked,
    /// The provider's word.
    Provider {
        /// When they proved it there, if it says so.
        at: Option<Timestamp>,
    },
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
    /// The instance signs people in by its identity provider only.
    #[error("Passwords are not used here. Sign in by the provider.")]
    PasswordsOff,
    /// Name or password is wrong, or the account is disabled: which of them is not told.
    #[error("Name or password is wrong.")]
    InvalidCredentials,
    /// The password is right, and a second factor is needed.
    #[error("Enter the code that your app shows, or a recovery code.")]
    CodeNeeded,
    /// The password is right, the second factor is not, or was used before.
    #[error("This code is not right, or was used already. Wait for the next one.")]
    WrongCode,
    /// The password is right, and the instance demands a second factor that is not set up.
    #[error("Two-step sign-in is needed here. Set it up, then sign in with a code.")]
    EnrolmentNeeded {
        /// Opens setting it up, and nothing else.
        token: String,
    },
    /// It was tried too often with this name, or from this address.
    #[error("Too many tries. Nothing was checked; please wait before you try again.")]
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
    pub async fn run(
        &self,
        caller: &Caller,
        credentials: Credentials,
    ) -> Result<SignedIn, SignInError> {
        if !self.passwords {
            return Err(SignInError::PasswordsOff);
        }
        let (unit, user) = self.prove(caller, &credentials).await?;
        if self.factor_policy.is_missing(&user) {
            let error = self.begin_enrolment(caller, unit, &user, credentials.user_agent);
            return Err(error.await?);
        }
        let name = user.id.to_string();
        let started = self.start(
            caller,
            unit,
            user,
            credentials.user_agent,
            ProvedBy::Password,
        );
        let signed_in = started.await?;
        self.reset_rate_limits(&name).await?;
        Ok(signed_in)
    }

    /// Checks name, password and second factor. Returns the unit of work in which the code is used up.
    pub(super) async fn prove(
        &self,
        caller: &Caller,
        credentials: &Credentials,
    ) -> Result<(Box<dyn UnitOfWork>, User), SignInError> {
        let found = self
            .core
            .store
            .users()
            .find_by_login(&credentials.login)
            .await?;
        // An account has two names, and is guessed at by either.
        let account = found.as_ref().map(|(user, _)| user.id.to_string());
        let account = account.unwrap_or_else(|| credentials.login.clone());
        let tried = self
            .rate_limiter
            .take(caller, LimitedAction::SignIn, &account);
        if let Some(wait) = tried.await? {
            return Err(SignInError::TooMany { wait });
        }
        let (user, hash) = found.unzip();
        let right = is_right(&*self.hasher, &credentials.password, hash.as_ref()).await?;
        let (Some(user), Some(hash)) = (user, hash) else {
            return Err(self.refuse(caller, None).await?);
        };
        if !right || user.disabled_at.is_some() {
            return Err(self.refuse(caller, Some(user.id)).await?);
        }
        if user.totp_enabled {
            self.may_try_code(caller, &user, credentials.code.as_deref())
                .await?;
        }
        let renewed = self.renewed_hash(&credentials.password, &hash).await?;
        let mut unit = self.core.begin().await?;
        // Changed meanwhile? Then all sessions were ended, and this one must not begin after that.
        let current = unit.users().password(user.id).await?;
        if current.as_ref() != Some(&hash) {
            drop(unit);
            return Err(self.refuse(caller, Some(user.id)).await?);
        }
        if user.totp_enabled {
            let code = credentials.code.as_deref().unwrap_or_default();
            unit = self.check_code(caller, unit, &user, code).await?;
        }
        if let Some(renewed) = renewed {
            let now = self.core.now();
            unit.users().set_password(user.id, &renewed, now).await?;
        }
        Ok((unit, user))
    }

    /// Begins a session of somebody who has proved who they are, and commits `unit`.
    pub(super) async fn start(
        &self,
        caller: &Caller,
        unit: Box<dyn UnitOfWork>,
        user: User,
        user_agent: Option<String>,
        proof: ProvedBy,
    ) -> Result<SignedIn, PortError> {
        let now = self.core.now();
        let session = Session {
            single_sign_on: proof != ProvedBy::Password,
            confirmed_at: match proof {
                ProvedBy::Password | ProvedBy::Linked => now,
                // Somebody whom the provider knows still has shown nothing today.
                ProvedBy::Provider { at } => at.map_or(Timestamp::from_micros(0), |at| at.min(now)),
            },
            expires_at: self.lifetimes.end(now, now),
            ..self.session(caller, &user, user_agent)
        };
        self.notice_new_device(caller, &*unit, &user, &session)
            .await?;
        let signed_in = self.begin(&*unit, user, session).await?;
        let resource = Resource::Session(signed_in.session.id);
        self.core
            .audit_line(caller, Action::SignedIn, resource)
            .by(signed_in.user.id)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(signed_in)
    }

    /// Forgets the tries with an account whose person has just proved who they are.
    pub(super) async fn reset_rate_limits(&self, account: &str) -> Result<(), PortError> {
        self.rate_limiter
            .reset(LimitedAction::SignIn, account)
            .await?;
        self.rate_limiter
            .reset(LimitedAction::SecondFactor, account)
            .await
    }

    /// A session that ends with its first access token.
    fn session(&self, caller: &Caller, user: &User, user_agent: Option<String>) -> Session {
        let now = self.core.now();
        Session {
            id: SessionId(self.core.ids.v7()),
            user: user.id,
            user_agent: user_agent.map(|name| shortened(&name)),
            address: caller.address,
            created_at: now,
            last_used_at: now,
            confirmed_at: now,
            expires_at: now.plus(self.access_for),
            single_sign_on: false,
        }
    }

    /// Trades a refresh token for new ones. A token that was used before ends its session, for
    /// somebody has a copy of it.
    pub async fn refresh(&self, caller: &Caller, token: &str) -> Result<SignedIn, RefreshError> {
        let now = self.core.now();
        let (presented, refresh) = (self.tokens.digest(token), self.tokens.secret());
        let next = self.tokens.digest(&refresh.0);
        let unit = self.core.begin().await?;
        let sessions = unit.sessions();
        let rotation = sessions.rotate(&presented, &next, now, self.lifetimes, caller.address);
        match rotation.await? {
            Rotation::Rotated(session) => {
                let user = unit.users().find(session.user).await?;
                let user = user.ok_or(RefreshError::Revoked)?;
                if !session.single_sign_on && self.factor_policy.is_missing(&user) {
                    // Demanded since this session began: they set it up when they sign in.
                    unit.sessions().end(user.id, session.id, now).await?;
                    unit.commit().await?;
                    return Err(RefreshError::Revoked);
                }
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
                let line = self
                    .core
                    .audit_line(caller, Action::RefreshTokenReused, resource);
                line.refused().owned_by(session.user).write(&*unit).await?;
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
            .rate_limiter
            .take(caller, LimitedAction::SecondFactor, &name)
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
        if self.second_factor.takes(caller, &*unit, user, code).await? {
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

    /// Begins a session that opens nothing but setting up a second factor, and that nothing renews.
    async fn begin_enrolment(
        &self,
        caller: &Caller,
        unit: Box<dyn UnitOfWork>,
        user: &User,
        user_agent: Option<String>,
    ) -> Result<SignInError, PortError> {
        let session = self.session(caller, user, user_agent);
        self.notice_new_device(caller, &*unit, user, &session)
            .await?;
        let unused = self.tokens.digest(&self.tokens.secret().0);
        unit.sessions().begin(&session, &unused).await?;
        let token = self.token(&session, Purpose::Enrol)?;
        let resource = Resource::Session(session.id);
        let line = self
            .core
            .audit_line(caller, Action::EnrolmentBegun, resource);
        line.by(session.user).write(&*unit).await?;
        unit.commit().await?;
        Ok(SignInError::EnrolmentNeeded { token })
    }

    /// Tells the person of a sign-in from a browser or network that was not seen lately. The first one of
    /// an account is no news.
    async fn notice_new_device(
        &self,
        caller: &Caller,
        unit: &dyn UnitOfWork,
        user: &User,
        session: &Session,
    ) -> Result<(), PortError> {
        let since = session.created_at.minus(SEEN_LATELY);
        let devices = unit.sessions().devices(user.id, since).await?;
        let first = devices.is_empty() && session.created_at.since(user.created_at) < SEEN_LATELY;
        if first || is_known(&devices, session.user_agent.as_deref(), session.address) {
            return Ok(());
        }
        let user_agent = session.user_agent.as_deref();
        let notice = Notice::NewDevice { user_agent };
        self.outbox.notify(unit, caller, user, notice).await
    }

    fn access_token(&self, session: &Session) -> Result<String, PortError> {
        self.token(session, Purpose::Access)
    }

    fn token(&self, session: &Session, purpose: Purpose) -> Result<String, PortError> {
        let now = session.last_used_at;
        self.tokens.sign(&AccessClaims {
            user: session.user,
            session: session.id,
            purpose,
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
        let line = self.core.audit_line(caller, Action::SignedIn, resource);
        let unit = self.core.begin().await?;
        line.refused().write(&*unit).await?;
        unit.commit().await?;
        Ok(SignInError::InvalidCredentials)
    }
}

fn shortened(name: &str) -> String {
    let printable = name.chars().filter(|c| !c.is_control());
    printable.take(MAX_USER_AGENT_CHARS).collect()
}
