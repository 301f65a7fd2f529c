use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::{
    Attempt, Email, Handle, InvalidEmail, InvalidHandle, InvalidLocale, Locale, Password, Role,
    Tries, User, WeakPassword,
};
use crate::audit::{Action, AuditLine, Resource};
use crate::caller::{Caller, Owner};
use crate::fault::PortError;
use crate::ids::{AuditId, UserId};
use crate::ports::{
    AccountConflict, Clock, HashError, Ids, PasswordHasher, Store, Tokens, UnitOfWork,
};
use crate::topics::{StarterLanguage, starter_topics};

/// Who may make an account for themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegistrationPolicy {
    /// Anybody.
    Open,
    /// Nobody; administrators make accounts.
    Closed,
}

/// Makes accounts.
pub struct Register {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Hashes the password.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Bounds guessing.
    pub tries: Arc<Tries>,
    /// Compares the setup code.
    pub tokens: Arc<dyn Tokens>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Who may.
    pub policy: RegistrationPolicy,
    /// The quota of a new account.
    pub limit_bytes: u64,
    /// What the first topics are called in.
    pub language: StarterLanguage,
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
    /// Too many passwords are being checked.
    #[error("Many people are signing in right now. Please try again in a few seconds.")]
    Busy,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<HashError> for RegisterError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Port(error) => Self::Port(error),
        }
    }
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
    /// Makes an account with the starter topics. The first one carries the setup code and becomes an
    /// administrator: of many who try at once with the right code, one does.
    pub async fn run(&self, caller: &Caller, new: NewAccount) -> Result<User, RegisterError> {
        let handle = Handle::parse(&new.handle)?;
        let email = Email::parse(&new.email)?;
        let locale = new.locale.as_deref().map(Locale::parse).transpose()?;
        let password = Password::choose(&new.password, &[handle.as_str(), email.as_str()])?;
        let tried = self.tries.take(caller, Attempt::Register, email.as_str());
        if let Some(wait) = tried.await? {
            return Err(RegisterError::TooMany { wait });
        }
        // Asked before the costly part, and once more where it counts.
        let first = !self.store.users().any().await?;
        if !first && self.policy == RegistrationPolicy::Closed {
            return Err(RegisterError::Closed);
        }
        if first {
            self.compare(new.setup_code.as_deref()).await?;
        }
        let hash = self.hasher.hash(&password).await?;
        let unit = self.store.begin().await?;
        let role = if first {
            self.take_setup_code(&*unit, new.setup_code.as_deref())
                .await?;
            Role::Admin
        } else {
            Role::User
        };
        let now = self.clock.now();
        let user = User {
            id: UserId(self.ids.v7()),
            display_name: handle.as_str().to_owned(),
            email,
            handle,
            role,
            totp_enabled: false,
            locale: locale.map(|locale| locale.as_str().to_owned()),
            disabled_at: None,
            created_at: now,
            updated_at: now,
        };
        unit.users().add(&user, &hash, self.limit_bytes).await?;
        let owner = Owner(Some(user.id));
        let topics = starter_topics(owner, self.language, &*self.clock, &*self.ids);
        unit.topics().add(&topics).await?;
        let (audit, resource) = (AuditId(self.ids.v7()), Resource::Account(user.id));
        let mut line = AuditLine::new(audit, now, caller, Action::AccountCreated, resource);
        line.owner = owner;
        unit.audit().append(&[line]).await?;
        unit.commit().await?;
        Ok(user)
    }

    async fn compare(&self, code: Option<&str>) -> Result<(), RegisterError> {
        let digest = code.map(|code| self.tokens.digest(code.trim()));
        let wanted = self.store.instance().setup_code().await?;
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
        let digest = self.tokens.digest(code.unwrap_or_default().trim());
        if unit.instance().take_setup_code(&digest).await? {
            Ok(())
        } else {
            Err(RegisterError::SetupCode)
        }
    }
}
