//! Accounts and sessions in the database.

use std::net::IpAddr;
use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;

use super::PasswordHash;
use crate::accounts::{AccountFilter, AccountOverview, AccountQuery, Email, Handle, Session, User};
use crate::documents::Sha256;
use crate::fault::PortError;
use crate::ids::{SessionId, UserId};
use crate::page::Page;
use crate::timestamp::Timestamp;

/// Why an account was not written.
#[derive(Debug, Error)]
pub enum AccountConflict {
    /// Another account has this handle.
    #[error("the handle is taken")]
    Handle,
    /// Another account has this e-mail address.
    #[error("the e-mail address is taken")]
    Email,
    /// The database failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Accounts.
#[async_trait]
pub trait UserRepo: Send + Sync {
    /// Whether anybody has an account.
    async fn any(&self) -> Result<bool, PortError>;
    /// The account that all was given to which was kept before there were accounts. It has no names and
    /// no password, and is nobody's until the first person takes it over.
    async fn unclaimed(&self) -> Result<Option<UserId>, PortError>;
    /// Adds an account with its password and a quota of `limit_bytes`, or takes over the unclaimed one
    /// when `user` has its id. Nobody gets a handle that somebody else has or once had. After a conflict
    /// the unit of work can go on.
    async fn add(
        &self,
        user: &User,
        password: &PasswordHash,
        limit_bytes: u64,
    ) -> Result<(), AccountConflict>;
    /// The account with this id.
    async fn find(&self, id: UserId) -> Result<Option<User>, PortError>;
    /// As [`Self::find`], and no other unit of work can change the account until this one ends.
    async fn lock(&self, id: UserId) -> Result<Option<User>, PortError>;
    /// The account with this e-mail address, without regard to case.
    async fn find_by_email(&self, email: &Email) -> Result<Option<User>, PortError>;
    /// The account whose handle or e-mail address is `login`, without regard to case.
    async fn find_by_login(&self, login: &str) -> Result<Option<(User, PasswordHash)>, PortError>;
    /// Writes everything but the password and the second factor. After a conflict the unit of work must
    /// not be committed. A handle that is given up stays the person's own.
    async fn update(&self, user: &User) -> Result<(), AccountConflict>;
    /// Replaces the password.
    async fn set_password(
        &self,
        id: UserId,
        password: &PasswordHash,
        now: Timestamp,
    ) -> Result<(), PortError>;
    /// The stored password.
    async fn password(&self, id: UserId) -> Result<Option<PasswordHash>, PortError>;
    /// The enabled administrators; nobody else can change any of them until this unit of work ends. To be
    /// called before any account is locked, so that two units never wait for each other.
    async fn lock_administrators(&self) -> Result<Vec<UserId>, PortError>;
    /// Replaces the limit of the account's quota.
    async fn set_limit(&self, id: UserId, limit_bytes: u64) -> Result<(), PortError>;
    /// The account with what administrators see of it.
    async fn overview(&self, id: UserId) -> Result<Option<AccountOverview>, PortError>;
    /// A page of accounts in the order of their handles, without regard to case.
    async fn list(&self, query: &AccountQuery) -> Result<Page<AccountOverview, Handle>, PortError>;
    /// How many accounts the filter matches.
    async fn count(&self, filter: &AccountFilter) -> Result<u64, PortError>;
    /// From now on the account is not there for anybody: its names and password are gone, its e-mail
    /// address is free, its handle is never anybody's again. What belongs to it stays until
    /// [`Self::remove`]; `false` when there is no such account.
    async fn mark_deleted(&self, id: UserId, now: Timestamp) -> Result<bool, PortError>;
    /// Up to `limit` accounts that are marked as deleted, the longest first.
    async fn deleted(&self, limit: u32) -> Result<Vec<UserId>, PortError>;
    /// Removes an account that is marked as deleted with everything of it but documents; a conflict
    /// while it has any.
    async fn remove(&self, id: UserId) -> Result<(), PortError>;
}

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Unused.
    pub idle: Duration,
    /// However much they are used.
    pub absolute: Duration,
}

impl Lifetimes {
    /// The end of a session that began at `created_at` and is used `now`.
    pub fn end(self, created_at: Timestamp, now: Timestamp) -> Timestamp {
        now.plus(self.idle).min(created_at.plus(self.absolute))
    }
}

/// A person's second factor as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredFactor {
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// The last step whose code was taken; `None` until the person has presented a first one, before which
    /// the factor is not asked for.
    pub last_step: Option<u64>,
}

/// Second factors and the codes for the day they are lost.
#[async_trait]
pub trait FactorRepo: Send + Sync {
    /// What is stored of a person.
    async fn find(&self, user: UserId) -> Result<Option<StoredFactor>, PortError>;
    /// Stores a secret that waits for its first code, in the place of another that waits. `false` when
    /// there is one in use.
    async fn offer(&self, user: UserId, sealed: &[u8]) -> Result<bool, PortError>;
    /// Takes the code of `step`, if that is later than the last one taken: a code counts once, however
    /// many show it at the same time. The first one puts the factor in use.
    async fn take_step(&self, user: UserId, step: u64) -> Result<bool, PortError>;
    /// Removes the factor and its recovery codes; `false` when there was none in use.
    async fn remove(&self, user: UserId) -> Result<bool, PortError>;
    /// Replaces the recovery codes by those with these digests.
    async fn set_recovery_codes(&self, user: UserId, digests: &[Sha256]) -> Result<(), PortError>;
    /// Uses up the recovery code with this digest; `false` when the person has no such one.
    async fn take_recovery_code(&self, user: UserId, digest: &Sha256) -> Result<bool, PortError>;
    /// How many recovery codes are left.
    async fn count_recovery_codes(&self, user: UserId) -> Result<u32, PortError>;
}

/// What came of showing a refresh token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It was the current one of this session, and is no more.
    Rotated(Session),
    /// It was used before: somebody has a copy. The session was ended.
    Reused(Session),
    /// No session has it, or the session is over.
    Unknown,
}

/// Sessions and their refresh tokens, of which each session has one current one.
#[async_trait]
pub trait SessionRepo: Send + Sync {
    /// Begins a session whose first refresh token has this digest.
    async fn begin(&self, session: &Session, token: &Sha256) -> Result<(), PortError>;
    /// Trades the refresh token `presented` for `next`. Of many parallel trades of one token one is
    /// `Rotated`; each later one ends the session (RFC 9700, 4.14.2). Moves `last_used_at` to `now`, the
    /// end as far as `lifetimes` allow, and the address. To be committed whatever comes of it.
    async fn rotate(
        &self,
        presented: &Sha256,
        next: &Sha256,
        now: Timestamp,
        lifetimes: Lifetimes,
        address: Option<IpAddr>,
    ) -> Result<Rotation, PortError>;
    /// The session and its person, if neither is over at `now`: asked with every request.
    async fn live(
        &self,
        id: SessionId,
        now: Timestamp,
    ) -> Result<Option<(Session, User)>, PortError>;
    /// The live sessions of a person, last used first.
    async fn list(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, PortError>;
    /// Notes that the person has proved anew at `now` who they are.
    async fn confirm(&self, id: SessionId, now: Timestamp) -> Result<(), PortError>;
    /// What the sessions that `user` began at or after `since` called themselves and where they were last
    /// used, ended ones as well: at most a thousand, newest first.
    async fn devices(
        &self,
        user: UserId,
        since: Timestamp,
    ) -> Result<Vec<(Option<String>, Option<IpAddr>)>, PortError>;
    /// Ends one session of `user`; `false` when there is no such live one.
    async fn end(&self, user: UserId, id: SessionId, now: Timestamp) -> Result<bool, PortError>;
    /// Ends the live session that has or had this refresh token, and returns it.
    async fn end_by_token(
        &self,
        token: &Sha256,
        now: Timestamp,
    ) -> Result<Option<Session>, PortError>;
    /// Ends all sessions of `user` but `kept`; returns how many.
    async fn end_all(
        &self,
        user: UserId,
        kept: Option<SessionId>,
        now: Timestamp,
    ) -> Result<u64, PortError>;
    /// Removes what ended or expired before `before`; returns how many sessions.
    async fn purge(&self, before: Timestamp) -> Result<u64, PortError>;
}
