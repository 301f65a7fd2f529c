//! Signing in by another party that knows the person (OpenID Connect Core 1.0, authorization code flow).

use std::error::Error;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::documents::Sha256;
use crate::fault::PortError;
use crate::ids::UserId;
use crate::timestamp::Timestamp;

/// What has to be known again when the person comes back.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationSecrets {
    /// Must stand in the ID token.
    pub nonce: String,
    /// The verifier of the code challenge (RFC 7636).
    pub pkce_verifier: String,
}

/// Where a person is sent to.
#[derive(Clone)]
pub struct Authorization {
    /// The provider's address with everything it needs.
    pub url: String,
    /// What comes back with the person.
    pub state: String,
    /// What stays here.
    pub secrets: AuthorizationSecrets,
}

/// What the provider says of a person; its signature, issuer, audience, times and nonce were right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Who says it.
    pub issuer: String,
    /// Who it is, there and for ever. Together with the issuer the only name that counts.
    pub subject: String,
    /// An e-mail address.
    pub email: Option<String>,
    /// Whether the provider has seen to it that the address is the person's.
    pub email_verified: bool,
    /// What the person is called there.
    pub username: Option<String>,
    /// The person's name.
    pub name: Option<String>,
    /// The groups the person is in.
    pub groups: Vec<String>,
    /// When the person last proved to the provider who they are, where it was asked for.
    pub authenticated_at: Option<Timestamp>,
}

/// Why the provider's word was not had.
#[derive(Debug, Error)]
pub enum ProviderError {
    /// It does not answer, or its answer is none.
    #[error("the identity provider cannot be asked")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// It does not vouch for anybody, or what it says was not made by it for this sign-in.
    #[error("the identity provider's answer was not taken")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
}

/// An OpenID Connect provider.
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// Where to send a person. With `again` they are asked who they are even if they are signed in there.
    async fn authorize(&self, again: bool) -> Result<Authorization, ProviderError>;
    /// Trades the code that came back with the person. `issuer` is the parameter of that name, where
    /// there was one (RFC 9207).
    async fn claims(
        &self,
        code: &str,
        issuer: Option<&str>,
        secrets: &AuthorizationSecrets,
    ) -> Result<Claims, ProviderError>;
}

/// A person who was sent to the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoAttempt {
    /// The row.
    pub id: Uuid,
    /// Of the state.
    pub state: Sha256,
    /// Of the secret that the browser holds: another one cannot go on.
    pub browser: Sha256,
    /// What has to be known again, sealed.
    pub sealed: Vec<u8>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// An identity that waits for the password of the account it is to belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SsoLink {
    /// Who says it.
    pub issuer: String,
    /// Who it is there.
    pub subject: String,
    /// The account with the same e-mail address.
    pub user: UserId,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Identities at providers, and people on their way.
#[async_trait]
pub trait SsoRepo: Send + Sync {
    /// Notes that somebody was sent to the provider.
    async fn add_attempt(&self, attempt: &SsoAttempt) -> Result<(), PortError>;
    /// The attempt of this state and browser, unless it is over at `now`, and uses it up. Of many at once
    /// one gets it.
    async fn take_attempt(
        &self,
        state: &Sha256,
        browser: &Sha256,
        now: Timestamp,
    ) -> Result<Option<SsoAttempt>, PortError>;
    /// Whose identity it is.
    async fn account(&self, issuer: &str, subject: &str) -> Result<Option<UserId>, PortError>;
    /// Whether `user` has an identity.
    async fn has_identity(&self, user: UserId) -> Result<bool, PortError>;
    /// Makes it the identity of `user`; `false` when it is somebody's already.
    async fn add_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        now: Timestamp,
    ) -> Result<bool, PortError>;
    /// Takes all identities from `user`.
    async fn remove_identities(&self, user: UserId) -> Result<(), PortError>;
    /// Keeps a link whose secret has this digest.
    async fn add_link(&self, digest: &Sha256, link: &SsoLink) -> Result<(), PortError>;
    /// The link with this digest, unless it is over at `now`.
    async fn link(&self, digest: &Sha256, now: Timestamp) -> Result<Option<SsoLink>, PortError>;
    /// As [`Self::link`], and uses it up. Of many at once one gets it.
    async fn take_link(
        &self,
        digest: &Sha256,
        now: Timestamp,
    ) -> Result<Option<SsoLink>, PortError>;
    /// Removes attempts and links that were over before `before`; returns how many.
    async fn purge(&self, before: Timestamp) -> Result<u64, PortError>;
}
