use std::collections::HashSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use docuvault_crypto::JwtTokens;
use docuvault_domain::Timestamp;
use docuvault_domain::ids::{SessionId, UserId};
use docuvault_domain::ports::{AccessClaims, InvalidToken, Purpose, SigningKey, Tokens};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sha2::{Sha256, Sha384, Sha512};
use uuid::Uuid;

const SECRET: [u8; 32] = [1; 32];
const ISSUER: &str = "vault-1";

/// Made with HMAC and base64 of Python's standard library.
const FOREIGN: &str = "eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJ2YXVsdC0xIiwiYXVkIjoiZG9jdXZhdWx0Iiwic3ViIjoiMDE4ZjAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxIiwic2lkIjoiMDE4ZjAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAyIiwicHVycG9zZSI6ImFjY2VzcyIsImlhdCI6MTc1MDAwMDAwMCwiZXhwIjoxNzUwMDAwOTAwfQ.Q4r3R5O7wS-4-zyg0cwKJJ_ErJYSS0opp4POfYbBU8s";

const ISSUED: Timestamp = Timestamp::from_micros(1_750_000_000_000_000);
const EXPIRES: Timestamp = Timestamp::from_micros(1_750_000_900_000_000);

fn key(id: &str, byte: u8) -> SigningKey {
    SigningKey {
        id: id.to_owned(),
        secret: vec![byte; 32],
    }
}

fn with(keys: &[SigningKey]) -> JwtTokens {
    let tokens = JwtTokens::new(ISSUER);
    tokens.use_keys(keys).unwrap();
    tokens
}

fn tokens() -> JwtTokens {
    with(&[key("k1", 1)])
}

fn claims() -> AccessClaims {
    AccessClaims {
        user: UserId(Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0001)),
        session: SessionId(Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0002)),
        purpose: Purpose::Access,
        issued_at: ISSUED,
        expires_at: EXPIRES,
    }
}

/// A header and claims that are fine, for forging one thing at a time.
fn fine() -> (Header, Value) {
    let header = Header {
        typ: Some("at+jwt".to_owned()),
        kid: Some("k1".to_owned()),
        ..Header::new(Algorithm::HS256)
    };
    let claims = json!({
        "iss": ISSUER,
        "aud": "docuvault",
        "sub": "018f0000-0000-7000-8000-000000000001",
        "sid": "018f0000-0000-7000-8000-000000000002",
        "purpose": "access",
        "iat": 1_750_000_000,
        "exp": 1_750_000_900,
    });
    (header, claims)
}

fn signed(header: &Header, claims: &Value) -> String {
    signed_with(&SECRET, header, claims)
}

fn signed_with(secret: &[u8], header: &Header, claims: &Value) -> String {
    // Installs what signs.
    tokens();
    encode(header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

/// Header and payload with a code by the given hash, which `jsonwebtoken` does not know here.
fn with_code<M: Mac + KeyInit>(message: &str) -> String {
    let code = <M as KeyInit>::new_from_slice(&SECRET).unwrap();
    let code = code.chain_update(message).finalize().into_bytes();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(code))
}

fn read(token: &str) -> Result<AccessClaims, InvalidToken> {
    tokens().read(token, ISSUED)
}

#[test]
fn there_and_back() {
    for purpose in [Purpose::Access, Purpose::Enrol] {
        let claims = AccessClaims {
            purpose,
            ..claims()
        };
        let token = tokens().sign(&claims).unwrap();
        assert_eq!(read(&token), Ok(claims));
    }
    let (header, claims) = fine();
    assert!(read(&signed(&header, &claims)).is_ok());
}

#[test]
fn what_others_make_of_it() {
    assert_eq!(tokens().sign(&claims()).unwrap(), FOREIGN);
    assert_eq!(read(FOREIGN), Ok(claims()));
}

#[test]
fn parts_of_a_second_are_dropped() {
    let bit = Duration::from_micros(999_999);
    let precise = AccessClaims {
        issued_at: ISSUED.plus(bit),
        expires_at: EXPIRES.plus(bit),
        ..claims()
    };
    let token = tokens().sign(&precise).unwrap();
    assert_eq!(read(&token), Ok(claims()));
}

#[test]
fn its_time_ends_exactly() {
    let token = tokens().sign(&claims()).unwrap();
    for early in [Duration::from_secs(1), Duration::from_micros(1)] {
        assert!(tokens().read(&token, EXPIRES.minus(early)).is_ok());
    }
    for late in [0, 1, 59, 1_000_000_000] {
        let now = EXPIRES.plus(Duration::from_secs(late));
        assert_eq!(tokens().read(&token, now), Err(InvalidToken));
    }
}

#[test]
fn only_the_one_algorithm() {
    let (header, claims) = fine();
    let fine = signed(&header, &claims);
    let (message, signature) = fine.rsplit_once('.').unwrap();
    let (_, payload) = message.split_once('.').unwrap();
    let coded = |alg: &str| {
        let header = json!({ "typ": "at+jwt", "alg": alg, "kid": "k1" }).to_string();
        format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header))
    };
    assert!(read(&with_code::<Hmac<Sha256>>(&coded("HS256"))).is_ok());
    for other in [
        with_code::<Hmac<Sha384>>(&coded("HS384")),
        with_code::<Hmac<Sha512>>(&coded("HS512")),
        with_code::<Hmac<Sha256>>(&coded("HS384")),
    ] {
        assert_eq!(read(&other), Err(InvalidToken));
    }
    for none in ["none", "None", "NONE", "", "RS256", "ES256", "EdDSA"] {
        for signature in ["", signature] {
            let token = format!("{}.{signature}", coded(none));
            assert_eq!(read(&token), Err(InvalidToken), "{none}");
        }
    }
}

#[test]
fn only_this_kind() {
    let (header, claims) = fine();
    for typ in [
        None,
        Some("JWT"),
        Some("jwt"),
        Some("AT+JWT"),
        Some("rt+jwt"),
    ] {
        let header = Header {
            typ: typ.map(str::to_owned),
            ..header.clone()
        };
        assert_eq!(read(&signed(&header, &claims)), Err(InvalidToken));
    }
    let critical = Header {
        crit: Some(vec!["b64".to_owned()]),
        ..header
    };
    assert_eq!(read(&signed(&critical, &claims)), Err(InvalidToken));
}

#[test]
fn only_with_all_claims_right() {
    let (header, claims) = fine();
    for (claim, wrong) in [
        ("iss", json!("vault-2")),
        ("iss", json!(["vault-1"])),
        ("aud", json!("other")),
        ("aud", json!(["docuvault"])),
        ("aud", json!(["docuvault", "other"])),
        ("sub", json!("ada")),
        ("sid", json!(7)),
        ("purpose", json!("root")),
        ("purpose", json!("Access")),
        ("iat", json!("now")),
        ("iat", json!(i64::MAX)),
        ("exp", json!("later")),
        ("exp", json!(i64::MAX)),
        ("exp", json!(1e300)),
        ("exp", json!(-1)),
    ] {
        let mut claims = claims.clone();
        claims[claim] = wrong;
        let token = signed(&header, &claims);
        assert_eq!(read(&token), Err(InvalidToken), "{claims}");
    }
    for claim in ["iss", "aud", "sub", "sid", "purpose", "iat", "exp"] {
        let mut claims = claims.clone();
        claims.as_object_mut().unwrap().remove(claim);
        let token = signed(&header, &claims);
        assert_eq!(read(&token), Err(InvalidToken), "without {claim}");
    }
}

#[test]
fn only_with_a_key_of_ours() {
    let (header, claims) = fine();
    for kid in [None, Some(""), Some("k2"), Some("K1"), Some("../k1")] {
        let header = Header {
            kid: kid.map(str::to_owned),
            ..header.clone()
        };
        assert_eq!(read(&signed(&header, &claims)), Err(InvalidToken));
    }
    // The right name on the wrong key, and nothing that is a key.
    for secret in [[2; 32].as_slice(), b"", b"k1"] {
        let token = signed_with(secret, &header, &claims);
        assert_eq!(read(&token), Err(InvalidToken));
    }
}

#[test]
fn a_changed_key_signs_nobody_out() {
    let old = tokens().sign(&claims()).unwrap();
    let rotated = with(&[key("k2", 2), key("k1", 1)]);
    assert_eq!(rotated.read(&old, ISSUED), Ok(claims()));
    let new = rotated.sign(&claims()).unwrap();
    assert_eq!(rotated.read(&new, ISSUED), Ok(claims()));
    assert_eq!(read(&new), Err(InvalidToken));
    let done = with(&[key("k2", 2)]);
    assert_eq!(done.read(&old, ISSUED), Err(InvalidToken));
    assert_eq!(done.read(&new, ISSUED), Ok(claims()));
}

#[test]
fn every_character_counts() {
    for (at, _) in FOREIGN.char_indices() {
        let mut changed = FOREIGN.as_bytes().to_vec();
        changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
        let changed = String::from_utf8(changed).unwrap();
        assert_eq!(read(&changed), Err(InvalidToken), "at {at}");
    }
    for broken in [
        "",
        ".",
        "..",
        "a.b.c",
        "a.b.c.d",
        &FOREIGN[..FOREIGN.len() - 1],
        &format!("{FOREIGN}="),
        &format!("{FOREIGN}.x"),
        &format!(" {FOREIGN}"),
    ] {
        assert_eq!(read(broken), Err(InvalidToken), "{broken:?}");
    }
}

#[test]
fn keys_have_names_of_their_own() {
    let tokens = JwtTokens::new(ISSUER);
    assert!(tokens.sign(&claims()).is_err());
    assert!(tokens.use_keys(&[]).is_err());
    assert!(tokens.use_keys(&[key("k1", 1), key("k1", 2)]).is_err());
    tokens.use_keys(&[key("k1", 1)]).unwrap();
    assert!(tokens.use_keys(&[]).is_err());
    assert!(tokens.sign(&claims()).is_ok(), "the ones before stay");
}

#[test]
fn secrets_are_new_each_time() {
    let secrets: HashSet<String> = (0..1_000).map(|_| tokens().secret().0).collect();
    assert_eq!(secrets.len(), 1_000);
    for secret in secrets {
        assert_eq!(secret.len(), 43);
        assert_eq!(URL_SAFE_NO_PAD.decode(secret).unwrap().len(), 32);
    }
}

#[test]
fn digests_are_sha_256() {
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        tokens().digest("abc").as_str(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}
