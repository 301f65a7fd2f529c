//! Tokens that people give to programs.

use async_trait::async_trait;

use crate::accounts::{ApiToken, User};
use crate::documents::Sha256;
use crate::fault::PortError;
use crate::ids::{ApiTokenId, UserId};
use crate::timestamp::Timestamp;

/// API tokens. A revoked one is gone.
#[async_trait]
pub trait ApiTokenRepo: Send + Sync {
    /// Adds a token whose secret has this digest.
    async fn add(&self, token: &ApiToken, digest: &Sha256) -> Result<(), PortError>;
    /// The tokens of a person, newest first, those that are over as well.
    async fn list(&self, user: UserId) -> Result<Vec<ApiToken>, PortError>;
    /// The token with this digest and its person, if neither is over at `now`: asked with every request.
    async fn live(
        &self,
        digest: &Sha256,
        now: Timestamp,
    ) -> Result<Option<(ApiToken, User)>, PortError>;
    /// Notes that a token was used at `now`, unless a later use is noted already.
    async fn note_use(&self, token: &ApiToken, now: Timestamp) -> Result<(), PortError>;
    /// Revokes a token of `user`; `false` when there is no such one.
    async fn revoke(&self, user: UserId, id: ApiTokenId) -> Result<bool, PortError>;
    /// Revokes all tokens of `user`; returns how many.
    async fn revoke_all(&self, user: UserId) -> Result<u64, PortError>;
}
