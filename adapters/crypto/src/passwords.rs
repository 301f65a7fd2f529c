use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{Error as Failure, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::accounts::Password;
use docuvault_domain::ports::{HashError, PasswordHash, PasswordHasher};

use crate::hash_limiter::{HashLimiter, HashLimits};
use crate::random::random;

/// What hashing one password takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// How often the memory is gone over.
    pub passes: u32,
    /// Lanes. One core does them all, one after the other.
    pub lanes: u32,
}

impl Default for Cost {
    /// The minimum of the OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            lanes: 1,
        }
    }
}

const SALT_BYTES: usize = 16;
const HASH_BYTES: usize = 32;

/// Argon2id, version 1.3, PHC strings.
///
/// A hash of other parameters is verified with its own, and so takes another time until its person
/// has signed in once and it is renewed.
pub struct Argon2Hasher {
    function: Argon2<'static>,
    params: Params,
    /// No password has it: stands in where there is no account.
    nobody: Phc,
    limiter: HashLimiter,
}

impl Argon2Hasher {
    /// Fails on parameters that Argon2 does not have.
    pub fn new(cost: Cost, limits: HashLimits) -> Result<Self, PortError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(HASH_BYTES))
            .map_err(|error| PortError::permanent("reading the cost of a password", error))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let nobody = argon2
            .hash_password_with_salt(&random::<HASH_BYTES>(), &random::<SALT_BYTES>())
            .map_err(|error| PortError::permanent("hashing a password", error))?;
        Ok(Self {
            function: argon2,
            params,
            nobody,
            limiter: HashLimiter::new(limits),
        })
    }
}

#[async_trait]
impl PasswordHasher for Argon2Hasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HashError> {
        let argon2 = self.function.clone();
        let password = password.clone();
        let hash = move || {
            argon2.hash_password_with_salt(password.reveal().as_bytes(), &random::<SALT_BYTES>())
        };
        match self.limiter.run(hash).await? {
            Ok(hash) => Ok(PasswordHash(hash.to_string())),
            Err(error) => Err(PortError::permanent("hashing a password", error).into()),
        }
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HashError> {
        let exists = hash.is_some();
        let hash = hash.map_or_else(|| Ok(self.nobody.clone()), parse)?;
        let argon2 = self.function.clone();
        let password = password.clone();
        let verify = move || argon2.verify_password(password.reveal().as_bytes(), &hash);
        match self.limiter.run(verify).await? {
            Ok(()) => Ok(exists),
            Err(Failure::PasswordInvalid) => Ok(false),
            Err(error) => Err(unreadable(error).into()),
        }
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        let current = |hash: &Phc| {
            hash.algorithm == Algorithm::Argon2id.ident()
                && hash.version == Some(Version::V0x13.into())
                && Params::try_from(hash).is_ok_and(|params| params == self.params)
        };
        !parse(hash).is_ok_and(|hash| current(&hash))
    }
}

fn parse(hash: &PasswordHash) -> Result<Phc, PortError> {
    let phc = Phc::new(&hash.0).map_err(unreadable)?;
    // Without these two any password would be wrong, and nobody would learn why.
    if phc.salt.is_none() || phc.hash.is_none() {
        return Err(unreadable("salt or digest is missing"));
    }
    Ok(phc)
}

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PortError {
    PortError::permanent("reading a stored password", error)
}
