use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::{
    Email, Handle, InvalidEmail, InvalidHandle, InvalidLocale, Invite, LimitedAction, Locale,
    Password, RateLimiter, Role, User, WeakPassword,
};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::documents::Sha256;
use crate::fault::PortError;
use crate::ids::UserId;
use crate::language::Language;
use crate::mail::{MailTemplate, Outbox};
use crate::ports::{AccountConflict, HashError, PasswordHasher, Tokens, UnitOfWork};
use crate::topics::starter_topics;

/// Who may make an account for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationPolicy {
    /// Anybody.
    Open,
    /// Whoever has an invitation.
    Invite,
    /// Nobody but whoever has an invitation; administrators make accounts.
    Closed,
}

/// Makes accounts.
pub struct Register {
    /// Database, clock and ids.
    pub core: Core,
    /// Hashes the password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Bounds guessing.
    pub rate_limiter: Arc<RateLimiter>,
    /// Compares the setup code.
    pub tokens: Arc<dyn Tokens>,
    /// Takes the mails.
    pub outbox: Arc<Outbox>,
    /// Whether mail reaches people. Then nobody learns by registering who has an account: whoever has one
    /// hears of it by mail.
    pub discreet: bool,
    /// Whether people sign in by password. Where they do not, only the first account is made here.
    pub passwords: bool,
    /// Who may.
    pub policy: RegistrationPolicy,
    /// The quota of a new account.
    pub limit_bytes: u64,
    /// What the first topics are called in.
    pub language: Language,
}

/// What somebody who wants an account says.
#[derive(Clone, Debug, Default)]
pub struct NewAccount {
    /// The e-mail address as typed.
    pub email: String,
    /// The handle as typed.
    pub handle: String,
    /// The password as typed.
    pub password: String,
    /// The code that the vault has printed for the first account.
    pub setup_code: Option<String>,
    /// The secret of an invitation.
    pub invite: Option<String>,
    /// The language of the person, a BCP 47 tag.
    pub locale: Option<String>,
}

/// Why there is no new account.
#[derive(Debug, Error)]
pub enum RegisterError {
    /// No handle.
    #[error(transparent)]
    Handle(#[from] InvalidHandle),
    /// No e-mail address.
    #[error(transparent)]
    Email(#[from] InvalidEmail),
    /// No language.
    #[error(transparent)]
    Locale(#[from] InvalidLocale),
    /// A password that cannot be taken.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// Accounts are made by administrators here.
    #[error("Accounts are made by the administrator here. Please ask for one.")]
    Closed,
    /// The instance signs people in by its identity provider only.
    #[error("Passwords are not used here. Sign in by the provider.")]
    PasswordsOff,
    /// An invitation is needed.
    #[error(
        "You need an invitation to make an account here. Please ask the administrator for one."
    )]
    InviteNeeded,
    /// The invitation was used, is over, was taken back, or is for another e-mail address.
    #[error(
        "This invitation does not work: it was used, is over, or is for another e-mail address."
    )]
    InviteInvalid,
    /// This is the first account, and the code is missing or another one.
    #[error(
        "This is the first account. Enter the setup code that the vault printed when it was started."
    )]
    SetupCode,
    /// Somebody has the handle.
    #[error("This handle is taken. Choose another one.")]
    HandleTaken,
    /// Somebody has an account with this address.
    #[error("There is an account with this e-mail address already.")]
    AccountExists,
    /// It was tried too often with this address, or from this network.
    #[error("Too many tries. Nothing was made; please wait before you try again.")]
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

impl From<AccountConflict> for RegisterError {
    fn from(conflict: AccountConflict) -> Self {
        match conflict {
            AccountConflict::Handle => Self::HandleTaken,
            AccountConflict::Email => Self::AccountExists,
            AccountConflict::Port(error) => Self::Port(error),
        }
    }
}

impl Register {
    /// Makes an account with the starter topics. An invitation whose code is given is used up and tells the role,
    /// also where nobody else may register. The first account carries the setup code and becomes an
    /// administrator: of many who try at once with the right code, one does.
    pub async fn run(&self, caller: &Caller, new: NewAccount) -> Result<User, RegisterError> {
        let handle = Handle::parse(&new.handle)?;
        let email = Email::parse(&new.email)?;
        let locale = new.locale.as_deref().map(Locale::parse).transpose()?;
        let password = Password::choose(&new.password, &[handle.as_str(), email.as_str()])?;
        let tried = self
            .rate_limiter
            .take(caller, LimitedAction::Register, email.as_str());
        if let Some(wait) = tried.await? {
            return Err(RegisterError::TooMany { wait });
        }
        // Asked before the costly part, and once more where it counts.
        let first = !self.core.store.users().any().await?;
        if !self.passwords && !first {
            return Err(RegisterError::PasswordsOff);
        }
        let invite = if first {
            self.compare(new.setup_code.as_deref()).await?;
            None
        } else {
            self.invitation(new.invite.as_deref(), &email).await?
        };
        let hash = self.hasher.hash(&password).await?;
        let unit = self.core.begin().await?;
        let role = if first {
            self.take_setup_code(&*unit, new.setup_code.as_deref())
                .await?;
            Role::Admin
        } else {
            invite.as_ref().map_or(Role::User, |invite| invite.role)
        };
        let now = self.core.now();
        let unclaimed = unit.users().unclaimed().await?;
        let id = unclaimed.unwrap_or_else(|| UserId(self.core.ids.v7()));
        let user = User {
            locale: locale.map(|locale| locale.as_str().to_owned()),
            ..User::new(id, handle, email, role, now)
        };
        if let Some(invite) = &invite {
            self.use_up(&*unit, caller, invite, user.id).await?;
        }
        match unit.users().add(&user, &hash, self.limit_bytes).await {
            Err(AccountConflict::Email) if self.discreet && !first => {
                drop(unit);
                self.tell_owner(caller, &user.email).await?;
                return Ok(user);
            }
            added => added?,
        }
        if unclaimed.is_none() {
            let topics = starter_topics(user.id, self.language, &*self.core.clock, &*self.core.ids);
            unit.topics().add(&topics).await?;
        }
        let resource = Resource::Account(user.id);
        let line = self
            .core
            .audit_line(caller, Action::AccountCreated, resource);
        line.owned_by(user.id).write(&*unit).await?;
        unit.commit().await?;
        Ok(user)
    }

    /// The open invitation that somebody shows, if one is needed. A given one must work even where none
    /// is needed: it may be for an administrator.
    async fn invitation(
        &self,
        code: Option<&str>,
        email: &Email,
    ) -> Result<Option<Invite>, RegisterError> {
        let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
            return match self.policy {
                RegistrationPolicy::Open => Ok(None),
                RegistrationPolicy::Invite => Err(RegisterError::InviteNeeded),
                RegistrationPolicy::Closed => Err(RegisterError::Closed),
            };
        };
        let digest = self.tokens.digest(code);
        let found = self
            .core
            .store
            .invites()
            .find(&digest, self.core.now())
            .await?;
        let theirs = |invite: &Invite| {
            let named = invite.email.as_ref();
            named.is_none_or(|named| named.key() == email.key())
        };
        let invite = found.filter(theirs);
        Ok(Some(invite.ok_or(RegisterError::InviteInvalid)?))
    }

    async fn use_up(
        &self,
        unit: &dyn UnitOfWork,
        caller: &Caller,
        invite: &Invite,
        user: UserId,
    ) -> Result<(), RegisterError> {
        let now = self.core.now();
        if !unit.invites().take(invite.id, user, now).await? {
            return Err(RegisterError::InviteInvalid);
        }
        self.core
            .audit_line(caller, Action::InviteUsed, Resource::Invite(invite.id))
            .write(unit)
            .await?;
        Ok(())
    }

    /// Tells whoever has an account with this address that somebody tried to make another.
    async fn tell_owner(&self, caller: &Caller, email: &Email) -> Result<(), PortError> {
        let unit = self.core.begin().await?;
        let Some(owner) = unit.users().find_by_email(email).await? else {
            return Ok(());
        };
        let template = MailTemplate::AddressInUse;
        self.outbox
            .enqueue(&*unit, (&owner).into(), &template)
            .await?;
        let resource = Resource::Account(owner.id);
        let line = self
            .core
            .audit_line(caller, Action::AccountCreated, resource);
        line.refused().write(&*unit).await?;
        unit.commit().await
    }

    /// Makes `code` the one that the first registration must carry. `false` when there is an account
    /// already, and no such code any more.
    pub async fn expect_setup_code(&self, code: &str) -> Result<bool, PortError> {
        let unit = self.core.begin().await?;
        if unit.users().any().await? {
            return Ok(false);
        }
        let digest = self.digest(code);
        unit.instance().set_setup_code(&digest).await?;
        unit.commit().await?;
        Ok(true)
    }

    /// However it was typed off: capitals, hyphens and spaces do not count.
    fn digest(&self, code: &str) -> Sha256 {
        let typed = code.chars().filter(char::is_ascii_alphanumeric);
        let typed: String = typed.map(|c| c.to_ascii_uppercase()).collect();
        self.tokens.digest(&typed)
    }

    async fn compare(&self, code: Option<&str>) -> Result<(), RegisterError> {
        let digest = code.map(|code| self.digest(code));
        let wanted = self.core.store.instance().setup_code().await?;
        if digest.is_some() && digest == wanted {
            Ok(())
        } else {
            Err(RegisterError::SetupCode)
        }
    }

    async fn take_setup_code(
        &self,
        unit: &dyn UnitOfWork,
        code: Option<&str>,
    ) -> Result<(), RegisterError> {
        let digest = self.digest(code.unwrap_or_default());
        if unit.instance().take_setup_code(&digest).await? {
            Ok(())
        } else {
            Err(RegisterError::SetupCode)
        }
    }
}
