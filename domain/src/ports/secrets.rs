//! What proves who somebody is: passwords and tokens. Cryptography lives in adapters only.

use async_trait::async_trait;
use thiserror::Error;

use crate::accounts::Password;
use crate::documents::Sha256;
use crate::fault::PortError;
use crate::ids::{SessionId, UserId};
use crate::timestamp::Timestamp;

/// A stored password: a PHC string, with algorithm, parameters and salt in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordHash(pub String);

/// Why a password was not looked at.
#[derive(Debug, Error)]
pub enum HashError {
    /// More are waiting than can have their turn in time. Worth another try.
    #[error("too many passwords are being checked")]
    Busy,
    /// The hash in the database is none.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Hashes passwords slowly, a few at a time: the memory that a flood of sign-ins takes is bounded.
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// With a salt of its own each time.
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HashError>;
    /// Whether `password` is the one behind `hash`. Without a hash the answer is no and takes as long,
    /// so that nobody can tell from the time whether an account exists.
    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HashError>;
    /// Whether `hash` was made with other parameters than new ones are.
    fn is_outdated(&self, hash: &PasswordHash) -> bool;
}

/// A secret of 256 random bits that a client keeps and shows, as base64url without padding (43
/// characters). The vault keeps its digest only.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(pub String);

impl std::fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// What an access token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Whatever its person may do.
    Access,
    /// Setting up the second factor that the instance demands, and nothing else.
    Enrol,
}

/// What an access token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    /// Whose it is.
    pub user: UserId,
    /// The session it belongs to; signing out of it ends the token as well.
    pub session: SessionId,
    /// What it opens.
    pub purpose: Purpose,
    /// When it was made.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// The token is not one of ours, or its time is over. Which of both is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a valid access token")]
pub struct InvalidToken;

/// Makes and reads what clients hold.
pub trait Tokens: Send + Sync {
    /// A new secret.
    fn secret(&self) -> ClientSecret;
    /// The digest by which a secret is found: SHA-256, which is enough for 256 random bits.
    fn digest(&self, secret: &str) -> Sha256;
    /// A signed access token (JWT, RFC 9068: `typ` `at+jwt`, own issuer and audience).
    fn sign(&self, claims: &AccessClaims) -> Result<String, PortError>;
    /// What a token says, if its signature, kind, audience and time are right at `now`.
    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, InvalidToken>;
}
