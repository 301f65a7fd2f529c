//! What proves who somebody is, and what keeps secrets: passwords, tokens, second factors, sealed
//! boxes. Cryptography lives in adapters only.

use async_trait::async_trait;
use thiserror::Error;
use uuid::Uuid;

use crate::accounts::{Password, RecoveryCode};
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
    #[error("Many people are signing in right now. Please try again in a few seconds.")]
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

/// A key that access tokens are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its name, which stands in every token.
    pub id: String,
    /// With 256 random bits in it.
    pub secret: Vec<u8>,
}

/// Makes and reads what clients hold.
pub trait Tokens: Send + Sync {
    /// A new secret.
    fn secret(&self) -> ClientSecret;
    /// The digest by which a secret is found: SHA-256, which is enough for 256 random bits.
    fn digest(&self, secret: &str) -> Sha256;
    /// From now on the first of `keys` signs and all of them verify: a key that was replaced stays on
    /// the list until the last of its tokens is over. Fails without a key, and when two have the same
    /// name; then the ones before stay in use.
    fn use_keys(&self, keys: &[SigningKey]) -> Result<(), PortError>;
    /// A signed access token (JWT, RFC 9068: `typ` `at+jwt`, own issuer and audience). Its times are
    /// whole seconds: parts of one are dropped.
    fn sign(&self, claims: &AccessClaims) -> Result<String, PortError>;
    /// What a token says, if its signature, kind, issuer, audience and time are right at `now`. At
    /// [`AccessClaims::expires_at`] its time is over.
    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, InvalidToken>;
}

/// What a new second factor is set up with.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret in base32, for typing it off.
    pub secret_base32: String,
    /// The same with all that belongs to it, for apps (`otpauth://`).
    pub otpauth_url: String,
    /// That address as a picture for a camera: one `<svg>` element without styles, scripts and
    /// references, black on white with a quiet zone.
    pub qr_svg: String,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// Codes from an app (TOTP, RFC 6238: SHA-1, six digits, thirty seconds, as all apps know it), and
/// the codes on paper for the day the app is gone.
pub trait SecondFactor: Send + Sync {
    /// A new secret of 160 random bits.
    fn new_secret(&self) -> Vec<u8>;
    /// The step whose code `code` is: that of `now`, the one before or the one after. `None` when it is
    /// of none of them. A code counts once: the caller remembers the step and takes later ones only.
    fn matches(&self, secret: &[u8], code: &str, now: Timestamp) -> Option<u64>;
    /// What `account` sets the factor up with. Fails on a name that is empty or has a colon in it.
    fn enrolment(&self, secret: &[u8], account: &str) -> Result<Enrolment, PortError>;
    /// [`RecoveryCode::SET`] new recovery codes, all different.
    fn recovery_codes(&self) -> Vec<RecoveryCode>;
}

/// Where a sealed secret belongs. It opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretContext {
    /// Whose secret it is; `None` for the instance's own.
    pub owner: Option<UserId>,
    /// The row it stands in.
    pub row: Uuid,
    /// What it is for. Part of what is sealed: it can never be renamed.
    pub purpose: &'static str,
}

/// Seals what the vault has to read again, such as credentials for other services. Whoever has the
/// database without the master key has nothing, and cannot put one row's secret into another.
pub trait SecretBox: Send + Sync {
    /// `plain`, encrypted and bound to `context`. Each time another text.
    fn seal(&self, context: &SecretContext, plain: &[u8]) -> Result<Vec<u8>, PortError>;
    /// What was sealed for the same context. Permanent when it was changed, belongs elsewhere, or was
    /// sealed with a key that is not there.
    fn open(&self, context: &SecretContext, sealed: &[u8]) -> Result<Vec<u8>, PortError>;
    /// Whether `sealed` was made with another master key than new ones are.
    fn is_outdated(&self, sealed: &[u8]) -> bool;
}

/// A message authentication code as text: which key made it, and what only that key can make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mac(pub String);

/// Tells what the vault wrote itself from what somebody else did who has the database, but not the master
/// key. A plain hash would not: whoever changes a row can hash it anew.
pub trait MacKey: Send + Sync {
    /// The code of `message`.
    fn mac(&self, message: &[u8]) -> Mac;
    /// Whether `mac` is the code of `message`, in constant time. Also no when its key is not there.
    fn verify(&self, message: &[u8], mac: &Mac) -> bool;
}
