use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use docuvault_domain::accounts::{Password, RecoveryCode};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ports::{
    AccessClaims, ClientSecret, Enrolment, HashError, InvalidToken, Mac, MacKey, PasswordHash,
    PasswordHasher, SecondFactor, SecretBox, SecretContext, SigningKey, Tokens,
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
    keys: Mutex<Vec<String>>,
}

impl FakeTokens {
    /// The names of the keys in use, the one that signs first.
    pub fn keys(&self) -> Vec<String> {
        lock(&self.keys).clone()
    }

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

    fn use_keys(&self, keys: &[SigningKey]) -> Result<(), PortError> {
        *lock(&self.keys) = keys.iter().map(|key| key.id.clone()).collect();
        Ok(())
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

/// Its codes are the number of the step in six digits; its recovery codes count.
#[derive(Default)]
pub struct FakeFactor(AtomicU64);

impl FakeFactor {
    /// The code of `at`.
    pub fn code(at: Timestamp) -> String {
        format!("{:06}", step(at) % 1_000_000)
    }
}

fn step(at: Timestamp) -> u64 {
    u64::try_from(at.as_micros() / 30_000_000).unwrap_or_default()
}

impl SecondFactor for FakeFactor {
    fn new_secret(&self) -> Vec<u8> {
        self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes().to_vec()
    }

    fn matches(&self, _secret: &[u8], code: &str, now: Timestamp) -> Option<u64> {
        let now = step(now);
        let of = |step: &u64| format!("{:06}", step % 1_000_000) == code;
        [now, now - 1, now + 1].into_iter().find(of)
    }

    fn enrolment(&self, secret: &[u8], account: &str) -> Result<Enrolment, PortError> {
        Ok(Enrolment {
            secret_base32: hex::encode(secret),
            otpauth_url: format!("otpauth://totp/{account}"),
            qr_svg: "<svg/>".to_owned(),
        })
    }

    fn recovery_codes(&self) -> Vec<RecoveryCode> {
        let first = self.0.fetch_add(100, Ordering::SeqCst);
        let code = |n: usize| {
            let mut bytes = [0; RecoveryCode::CHARS];
            bytes[..8].copy_from_slice(&first.to_be_bytes().map(|byte| byte % 32));
            bytes[9] = u8::try_from(n).unwrap_or_default();
            RecoveryCode::from_random(bytes)
        };
        (0..RecoveryCode::SET).map(code).collect()
    }
}

/// Seals by writing the context before the text.
#[derive(Default)]
pub struct FakeSecretBox;

fn label(context: &SecretContext) -> Vec<u8> {
    format!("{context:?}: ").into_bytes()
}

impl SecretBox for FakeSecretBox {
    fn seal(&self, context: &SecretContext, plain: &[u8]) -> Result<Vec<u8>, PortError> {
        Ok([&label(context), plain].concat())
    }

    fn open(&self, context: &SecretContext, sealed: &[u8]) -> Result<Vec<u8>, PortError> {
        let plain = sealed.strip_prefix(&*label(context));
        let plain =
            plain.ok_or_else(|| PortError::permanent("opening a secret", "not this one"))?;
        Ok(plain.to_vec())
    }

    fn is_outdated(&self, _sealed: &[u8]) -> bool {
        false
    }
}

/// Codes that are told apart by key and message, and that anybody could make.
pub struct FakeMacKey(pub &'static str);

impl MacKey for FakeMacKey {
    fn mac(&self, message: &[u8]) -> Mac {
        let mut hasher = DefaultHasher::new();
        (self.0, message).hash(&mut hasher);
        Mac(format!("{:016x}", hasher.finish()))
    }

    fn verify(&self, message: &[u8], mac: &Mac) -> bool {
        self.mac(message) == *mac
    }
}
