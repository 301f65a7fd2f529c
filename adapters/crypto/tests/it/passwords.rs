use std::num::NonZero;
use std::time::{Duration, Instant};

use docuvault_crypto::{Argon2Hasher, Cost, HashLimits};
use docuvault_domain::FaultKind;
use docuvault_domain::accounts::Password;
use docuvault_domain::ports::{HashError, PasswordHash, PasswordHasher};

/// Argon2 needs eight blocks; the rest would be waiting.
const CHEAP: Cost = Cost {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
};

/// Made by the reference implementation (argon2-cffi) at [`CHEAP`] cost.
const FOREIGN: &str = "$argon2id$v=19$m=64,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$VYd2oowjLaKFDCuPzjEbwOnRLksrkQE1AXAXWa+/2xg";
/// The same with Argon2i, which this vault never used.
const OTHER_ALGORITHM: &str =
    "$argon2i$v=19$m=64,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$3Az8ZSH7PZHLpl6o9P1DyGFgXtz3/pT6a+G9J+Uv3yw";

fn hasher(cost: Cost) -> Argon2Hasher {
    Argon2Hasher::new(cost, HashLimits::default()).unwrap()
}

fn given(text: &str) -> Password {
    Password::given(text).unwrap()
}

fn stored(hash: &str) -> PasswordHash {
    PasswordHash(hash.to_owned())
}

#[tokio::test]
async fn right_and_wrong() {
    let hasher = hasher(Cost::default());
    let password = given("correct horse battery");
    let hash = hasher.hash(&password).await.unwrap();
    assert!(hash.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    let salt = hash.0.split('$').nth(4).unwrap();
    assert_eq!(salt.len(), 22, "16 bytes in base64: {salt}");

    assert!(hasher.verify(&password, Some(&hash)).await.unwrap());
    for wrong in [
        "correct horse batterz",
        "Correct horse battery",
        "correct horse battery ",
        "",
    ] {
        assert!(!hasher.verify(&given(wrong), Some(&hash)).await.unwrap());
    }
    assert!(!hasher.verify(&password, None).await.unwrap());
}

#[tokio::test]
async fn each_hash_has_a_salt_of_its_own() {
    let hasher = hasher(CHEAP);
    let password = given("correct horse battery");
    let one = hasher.hash(&password).await.unwrap();
    let other = hasher.hash(&password).await.unwrap();
    assert_ne!(one, other);
    assert!(hasher.verify(&password, Some(&one)).await.unwrap());
    assert!(hasher.verify(&password, Some(&other)).await.unwrap());
}

#[tokio::test]
async fn hashes_of_other_implementations_and_costs() {
    // Each hash brings its own cost.
    for cost in [CHEAP, Cost::default()] {
        let hasher = hasher(cost);
        for hash in [FOREIGN, OTHER_ALGORITHM] {
            let hash = stored(hash);
            let right = given("correct horse battery");
            assert!(hasher.verify(&right, Some(&hash)).await.unwrap());
            let wrong = given("correct horse batterz");
            assert!(!hasher.verify(&wrong, Some(&hash)).await.unwrap());
        }
    }
}

#[tokio::test]
async fn what_is_no_hash_is_a_fault_and_not_a_wrong_password() {
    let hasher = hasher(CHEAP);
    for broken in [
        "",
        "correct horse battery",
        "$2y$10$abcdefghijklmnopqrstuv",
        "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$VYd2oowjLaKFDCuPzjEbwOnRLksrkQE1AXAXWa+/2xg",
        "$argon2id$v=19$m=64,t=1,p=1",
        "$argon2id$v=19$m=64,t=1,p=1$AAECAwQFBgcICQoLDA0ODw",
        "$argon2id$v=19$m=1,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$VYd2oowjLaKFDCuPzjEbwOnRLksrkQE1AXAXWa+/2xg",
        "$argon2id$v=99$m=64,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$VYd2oowjLaKFDCuPzjEbwOnRLksrkQE1AXAXWa+/2xg",
        &FOREIGN[..FOREIGN.len() - 1],
    ] {
        let hash = stored(broken);
        let password = given("correct horse battery");
        match hasher.verify(&password, Some(&hash)).await {
            Err(HashError::Port(error)) => assert_eq!(error.kind, FaultKind::Permanent),
            other => panic!("{broken}: {other:?}"),
        }
        assert!(hasher.is_outdated(&hash), "{broken}");
    }
}

#[tokio::test]
async fn outdated_by_algorithm_version_or_parameters() {
    let hasher = hasher(CHEAP);
    let current = hasher.hash(&given("correct horse battery")).await.unwrap();
    assert!(!hasher.is_outdated(&current));
    assert!(!hasher.is_outdated(&stored(FOREIGN)));
    assert!(hasher.is_outdated(&stored(OTHER_ALGORITHM)));
    for (now, before) in [
        ("v=19", "v=16"),
        ("v=19$", ""),
        ("m=64", "m=65"),
        ("t=1", "t=2"),
        ("p=1", "p=2"),
    ] {
        let hash = stored(&FOREIGN.replace(now, before));
        assert!(hasher.is_outdated(&hash), "{}", hash.0);
    }
}

#[tokio::test]
async fn more_than_wait_are_sent_away() {
    let hasher = Argon2Hasher::new(
        CHEAP,
        HashLimits {
            at_once: NonZero::<u16>::MIN,
            waiting: 2,
            patience: Duration::from_mins(10),
        },
    )
    .unwrap();
    let password = given("correct horse battery");
    // All four come before the first has its answer: this test's thread looks at each of them once.
    let (first, second, third, fourth) = tokio::join!(
        hasher.hash(&password),
        hasher.verify(&password, None),
        hasher.hash(&password),
        hasher.verify(&password, None),
    );
    assert!(first.is_ok());
    assert!(!second.unwrap());
    assert!(third.is_ok());
    assert!(matches!(fourth, Err(HashError::Busy)));
    assert!(hasher.hash(&password).await.is_ok());
}

#[tokio::test]
async fn nobody_takes_as_long_as_somebody() {
    let hasher = hasher(Cost::default());
    let password = given("correct horse battery");
    let hash = hasher.hash(&password).await.unwrap();
    let wrong = given("correct horse batterz");
    let mut quickest = [Duration::MAX; 2];
    // The quickest of several is the one that nothing disturbed.
    for _ in 0..7 {
        for (quickest, hash) in quickest.iter_mut().zip([None, Some(&hash)]) {
            let started = Instant::now();
            assert!(!hasher.verify(&wrong, hash).await.unwrap());
            *quickest = started.elapsed().min(*quickest);
        }
    }
    let [nobody, somebody] = quickest;
    assert!(nobody * 2 > somebody, "{nobody:?}, {somebody:?}");
    assert!(somebody * 2 > nobody, "{nobody:?}, {somebody:?}");
}

#[test]
fn impossible_costs() {
    for cost in [
        Cost {
            memory_kib: 7,
            ..CHEAP
        },
        Cost { passes: 0, ..CHEAP },
        Cost { lanes: 0, ..CHEAP },
        Cost { lanes: 9, ..CHEAP },
    ] {
        assert!(Argon2Hasher::new(cost, HashLimits::default()).is_err());
    }
}
