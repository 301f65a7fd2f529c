use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{SessionId, UserId};
use docuvault_domain::ports::{
    AccessClaims, ClientSecret, InvalidToken, Purpose, SigningKey, Tokens,
};
use docuvault_domain::{PortError, Timestamp};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::hs256;
use crate::random::random;

/// RFC 9068: a token of another kind that was signed with the same key is no access token.
const KIND: &str = "at+jwt";
const AUDIENCE: &str = "docuvault";

/// Access tokens as JWT with HS256: nobody but the vault itself reads them.
pub struct JwtTokens {
    issuer: String,
    validation: Validation,
    keys: RwLock<Option<Arc<Keys>>>,
}

struct Keys {
    header: Header,
    signing: EncodingKey,
    known: HashMap<String, DecodingKey>,
}

impl JwtTokens {
    /// Tokens of the instance `issuer`. Nothing is signed or read before [`Tokens::use_keys`].
    pub fn new(issuer: impl Into<String>) -> Self {
        hs256::install();
        let issuer = issuer.into();
        Self {
            validation: validation(&issuer),
            issuer,
            keys: RwLock::new(None),
        }
    }

    fn keys(&self) -> Option<Arc<Keys>> {
        // Nothing can panic while it is held.
        self.keys
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Keys {
    fn of(keys: &[SigningKey]) -> Result<Self, PortError> {
        let invalid = |why: &'static str| PortError::permanent("reading the signing keys", why);
        let first = keys.first().ok_or_else(|| invalid("there is none"))?;
        let known: HashMap<_, _> = keys
            .iter()
            .map(|key| (key.id.clone(), DecodingKey::from_secret(&key.secret)))
            .collect();
        if known.len() != keys.len() {
            return Err(invalid("two have the same name"));
        }
        Ok(Self {
            header: Header {
                typ: Some(KIND.to_owned()),
                kid: Some(first.id.clone()),
                ..Header::new(Algorithm::HS256)
            },
            signing: EncodingKey::from_secret(&first.secret),
            known,
        })
    }
}

/// All but the time, which is compared with the clock of the vault and without leeway.
fn validation(issuer: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[AUDIENCE]);
    validation.validate_exp = false;
    validation
}

impl Tokens for JwtTokens {
    fn secret(&self) -> ClientSecret {
        ClientSecret(URL_SAFE_NO_PAD.encode(random::<32>()))
    }

    #[expect(clippy::expect_used, reason = "what `hex` writes is hexadecimal")]
    fn digest(&self, secret: &str) -> Sha256 {
        let digest = hex::encode(sha2::Sha256::digest(secret));
        Sha256::parse(digest).expect("64 digits")
    }

    fn use_keys(&self, keys: &[SigningKey]) -> Result<(), PortError> {
        let keys = Arc::new(Keys::of(keys)?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(keys);
        Ok(())
    }

    fn sign(&self, claims: &AccessClaims) -> Result<String, PortError> {
        let failed = "signing an access token";
        let keys = self
            .keys()
            .ok_or_else(|| PortError::permanent(failed, "there is no key"))?;
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: AUDIENCE.to_owned(),
            sub: claims.user,
            sid: claims.session,
            purpose: claims.purpose,
            iat: seconds(claims.issued_at),
            exp: seconds(claims.expires_at),
        };
        encode(&keys.header, &claims, &keys.signing)
            .map_err(|error| PortError::permanent(failed, error))
    }

    fn read(&self, token: &str, now: Timestamp) -> Result<AccessClaims, InvalidToken> {
        let header = decode_header(token).map_err(|_| InvalidToken)?;
        // `crit` names extensions that must be understood (RFC 7515, 4.1.11): there are none.
        if header.typ.as_deref() != Some(KIND) || header.crit.is_some() {
            return Err(InvalidToken);
        }
        let keys = self.keys().ok_or(InvalidToken)?;
        let key = header.kid.and_then(|id| keys.known.get(&id));
        let token = decode::<Claims>(token, key.ok_or(InvalidToken)?, &self.validation);
        let claims = token.map_err(|_| InvalidToken)?.claims;
        let expires_at = timestamp(claims.exp)?;
        if now >= expires_at {
            return Err(InvalidToken);
        }
        Ok(AccessClaims {
            user: claims.sub,
            session: claims.sid,
            purpose: claims.purpose,
            issued_at: timestamp(claims.iat)?,
            expires_at,
        })
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    sid: SessionId,
    #[serde(with = "PurposeName")]
    purpose: Purpose,
    iat: i64,
    exp: i64,
}

/// How [`Purpose`] stands in a token.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Purpose", rename_all = "snake_case")]
enum PurposeName {
    Access,
    Enrol,
}

const MICROS: i64 = 1_000_000;

fn seconds(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(MICROS)
}

fn timestamp(seconds: i64) -> Result<Timestamp, InvalidToken> {
    let micros = seconds.checked_mul(MICROS).ok_or(InvalidToken)?;
    Ok(Timestamp::from_micros(micros))
}
