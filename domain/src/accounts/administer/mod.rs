//! What administrators do with the accounts of others. They see names and sizes, never what is in
//! documents.

mod access;
mod create;
mod delete;
mod edit;

use std::sync::Arc;

use thiserror::Error;

pub use create::NewUser;
pub use edit::AccountEdits;

use super::administrator::{Changing, NotAllowed, changing, reading};
use super::{
    AccountFilter, AccountOverview, AccountQuery, Handle, ResetPassword, User, WeakPassword,
};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::UserId;
use crate::language::Language;
use crate::mail::Outbox;
use crate::page::Page;
use crate::ports::{AccountConflict, HashError, PasswordHasher, Repos, Tokens, UnitOfWork};
use crate::timestamp::Timestamp;

/// Lists, makes and changes accounts. Every verb asks for an administrator; every change for one who has
/// proved lately who they are.
pub struct AdministerUsers {
    /// Database, clock and ids.
    pub core: Core,
    /// Hashes passwords that nobody knows, until a person chooses one.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Makes such passwords.
    pub tokens: Arc<dyn Tokens>,
    /// Makes links.
    pub resets: Arc<ResetPassword>,
    /// Takes the mails.
    pub outbox: Arc<Outbox>,
    /// The quota of a new account.
    pub limit_bytes: u64,
    /// What the first topics are called in.
    pub language: Language,
}

/// Why an account was not made or changed.
#[derive(Debug, Error)]
pub enum AdministerError {
    /// The caller may not.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// There is no such account.
    #[error("There is no such account.")]
    NotFound,
    /// It is the caller's own.
    #[error("This is your own account. Another administrator has to do that.")]
    OwnAccount,
    /// There would be nobody left to administer the vault.
    #[error("This is the only administrator. Make somebody else one first.")]
    LastAdministrator,
    /// Somebody has, or had, the handle.
    #[error("This handle is taken. Choose another one.")]
    HandleTaken,
    /// Somebody has an account with this address.
    #[error("There is an account with this e-mail address already.")]
    EmailTaken,
    /// A password that cannot be taken.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// The password was not looked at.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<AccountConflict> for AdministerError {
    fn from(conflict: AccountConflict) -> Self {
        match conflict {
            AccountConflict::Handle => Self::HandleTaken,
            AccountConflict::Email => Self::EmailTaken,
            AccountConflict::Port(error) => Self::Port(error),
        }
    }
}

/// A link that an administrator hands to a person.
#[derive(Clone, Debug)]
pub struct HandedOutLink {
    /// Where the person chooses a password, once.
    pub url: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl AdministerUsers {
    /// A page of accounts.
    pub async fn list(
        &self,
        caller: &Caller,
        query: &AccountQuery,
    ) -> Result<Page<AccountOverview, Handle>, AdministerError> {
        reading(caller)?;
        Ok(self.core.store.users().list(query).await?)
    }

    /// How many accounts there are.
    pub async fn count(
        &self,
        caller: &Caller,
        filter: &AccountFilter,
    ) -> Result<u64, AdministerError> {
        reading(caller)?;
        Ok(self.core.store.users().count(filter).await?)
    }

    /// One account.
    pub async fn find(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<AccountOverview, AdministerError> {
        reading(caller)?;
        overview(&*self.core.store, id).await
    }

    /// Opens a unit of work in which the caller may change the account `id`, which is held.
    async fn hold(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<(Box<dyn UnitOfWork>, Changing, User), AdministerError> {
        let unit = self.core.begin().await?;
        let changing = changing(&*unit, caller, self.core.now()).await?;
        let user = unit.users().lock(id).await?;
        let user = user.ok_or(AdministerError::NotFound)?;
        Ok((unit, changing, user))
    }
}

async fn overview(
    repos: &(impl Repos + ?Sized),
    id: UserId,
) -> Result<AccountOverview, AdministerError> {
    let found = repos.users().overview(id).await?;
    found.ok_or(AdministerError::NotFound)
}
