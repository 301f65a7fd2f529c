use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use docuvault_domain::accounts::Password;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ports::{
    AccessClaims, ClientSecret, HashError, InvalidToken, PasswordHash, PasswordHasher, Tokens,
};
use docuvault_domain::{PortError, Timestamp};

use super::lock;
use crate::builders::digest;

/// Hashes nothing: what is stored is the password behind the name of a round. Counts what it was asked.
#[derive(Default)]
pub struct FakeHasher {
    checks: AtomicU64,
    rounds: AtomicU64,
    busy: AtomicBool,
}

impl FakeHasher {
    /// How many passwords were checked, those of nobody too.
    pub fn checks(&self) -> u64 {
        self.checks.load(Ordering::SeqCst)
    }

    /// From now on hashes are made otherwise.
    pub fn change_parameters(&self) {
        self.rounds.fetch_add(1, Ordering::SeqCst);
    }

    /// From now on there is no time for anybody.
    pub fn be_busy(&self) {
        self.busy.store(true, Ordering::SeqCst);
    }

    fn prefix(&self) -> String {
        format!("round {}: ", self.rounds.load(Ordering::SeqCst))
    }

    /// Lets others go on meanwhile, as hashing does.
    async fn turn(&self) -> Result<(), HashError> {
        tokio::task::yield_now().await;
        if self.busy.load(Ordering::SeqCst) {
            return Err(HashError::Busy);
        }
        Ok(())
    }
}

#[async_trait]
impl PasswordHasher for FakeHasher {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HashError> {
        self.turn().await?;
        Ok(PasswordHash(self.prefix() + password.reveal()))
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HashError> {
        self.turn().await?;
        self.checks.fetch_add(1, Ordering::SeqCst);
        let behind = hash.and_then(|hash| hash.0.split_once(": "));
        Ok(behind.is_some_and(|(_, stored)| stored == password.reveal()))
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        !hash.0.starts_with(&self.prefix())
    }
}

/// Counts its secrets and remembers what its tokens say.
#[derive(Default)]
pub struct FakeTokens {
    made: AtomicU64,
    signed: Mutex<HashMap<String, AccessClaims>>,
}

impl FakeTokens {
    fn next(&self, kind: &str) -> String {
        format!("{kind}-{}", self.made.fetch_add(1, Ordering::SeqCst))
    }
}

impl Tokens for FakeTokens {
    fn secret(&self) -> ClientSecret {
        ClientSecret(self.next("secret"))
    }

    fn digest(&self, secret: &str) -> Sha256 {
        digest(secret.as_bytes())
    }

    fn sign(&self, claims: &AccessClaims) -> Result<String, PortError> {
        let token = self.next("access");
        lock(&self.signed).insert(token.clone(), *claims);
        Ok(token)
    }

    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, InvalidToken> {
        let claims = lock(&self.signed).get(token).copied();
        claims
            .filter(|claims| now < claims.expires_at)
            .ok_or(InvalidToken)
    }
}
