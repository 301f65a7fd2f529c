use docuvault_crypto::{AeadBox, MasterKey};
use docuvault_domain::FaultKind;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{SecretBox, SecretContext};
use uuid::Uuid;

const ADA: UserId = UserId(Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0001));
const BOB: UserId = UserId(Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0002));
const ROW: Uuid = Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_00aa);

const HERE: SecretContext = SecretContext {
    owner: Some(ADA),
    row: ROW,
    purpose: "totp",
};
const OF_THE_INSTANCE: SecretContext = SecretContext {
    owner: None,
    ..HERE
};

/// Made with another implementation (`PyCryptodome`) from what the documentation of `AeadBox` says: key 7
/// of 32 sevens, nonce 0 to 23.
const FOREIGN: &str = "0100000007000102030405060708090a0b0c0d0e0f1011121314151617593e4c831e79111bfb9825af413feedc2f77bd972eaa6a3f";
const FOREIGN_OF_THE_INSTANCE: &str = "0100000007000102030405060708090a0b0c0d0e0f101112131415161776c44673b0f1863b7fbc11e5541d1deec913be663f239182";

fn key(id: u32, byte: u8) -> MasterKey {
    MasterKey {
        id,
        secret: [byte; 32],
    }
}

fn secrets() -> AeadBox {
    AeadBox::new(vec![key(7, 7)]).unwrap()
}

fn assert_closed(secrets: &AeadBox, context: &SecretContext, sealed: &[u8]) {
    let error = secrets.open(context, sealed).expect_err("it must not open");
    assert_eq!(error.kind, FaultKind::Permanent);
}

#[test]
fn there_and_back() {
    let long = vec![42; 100_000];
    for plain in [b"".as_slice(), b"a secret", &long] {
        for context in [HERE, OF_THE_INSTANCE] {
            let sealed = secrets().seal(&context, plain).unwrap();
            assert_eq!(sealed.len(), 1 + 4 + 24 + plain.len() + 16);
            assert_eq!(secrets().open(&context, &sealed).unwrap(), plain);
        }
    }
}

#[test]
fn what_others_make_of_it() {
    for (context, sealed) in [(HERE, FOREIGN), (OF_THE_INSTANCE, FOREIGN_OF_THE_INSTANCE)] {
        let sealed = hex::decode(sealed).unwrap();
        assert_eq!(secrets().open(&context, &sealed).unwrap(), b"a secret");
    }
}

#[test]
fn never_twice_the_same() {
    let one = secrets().seal(&HERE, b"a secret").unwrap();
    let other = secrets().seal(&HERE, b"a secret").unwrap();
    assert_ne!(one[5..29], other[5..29], "the nonce");
    assert_ne!(one[29..], other[29..]);
}

#[test]
fn opens_nowhere_else() {
    let sealed = secrets().seal(&HERE, b"a secret").unwrap();
    for elsewhere in [
        SecretContext {
            owner: Some(BOB),
            ..HERE
        },
        OF_THE_INSTANCE,
        SecretContext {
            row: Uuid::from_u128(0xbb),
            ..HERE
        },
        SecretContext {
            purpose: "connection",
            ..HERE
        },
        SecretContext {
            purpose: "totp2",
            ..HERE
        },
        SecretContext {
            purpose: "",
            ..HERE
        },
    ] {
        assert_closed(&secrets(), &elsewhere, &sealed);
        let there = secrets().seal(&elsewhere, b"a secret").unwrap();
        assert_closed(&secrets(), &HERE, &there);
    }
}

#[test]
fn every_bit_counts() {
    let sealed = secrets().seal(&HERE, b"a secret").unwrap();
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            assert_closed(&secrets(), &HERE, &changed);
        }
    }
    for end in 0..sealed.len() {
        assert_closed(&secrets(), &HERE, &sealed[..end]);
    }
    assert_closed(&secrets(), &HERE, &[sealed.as_slice(), &[0]].concat());
}

#[test]
fn a_changed_master_key_opens_what_is_there() {
    let old = secrets().seal(&HERE, b"a secret").unwrap();
    assert!(!secrets().is_outdated(&old));

    let rotated = AeadBox::new(vec![key(8, 8), key(7, 7)]).unwrap();
    assert_eq!(rotated.open(&HERE, &old).unwrap(), b"a secret");
    assert!(rotated.is_outdated(&old));
    let new = rotated.seal(&HERE, b"a secret").unwrap();
    assert_eq!(rotated.open(&HERE, &new).unwrap(), b"a secret");
    assert!(!rotated.is_outdated(&new));
    assert_closed(&secrets(), &HERE, &new);

    let done = AeadBox::new(vec![key(8, 8)]).unwrap();
    assert_closed(&done, &HERE, &old);
    assert_eq!(done.open(&HERE, &new).unwrap(), b"a secret");
    assert!(done.is_outdated(b""));
}

#[test]
fn a_key_under_the_number_of_another_opens_nothing() {
    let sealed = secrets().seal(&HERE, b"a secret").unwrap();
    let other = AeadBox::new(vec![key(7, 8)]).unwrap();
    assert_closed(&other, &HERE, &sealed);
    // The same key under another number: the number is part of what was sealed.
    let renumbered = AeadBox::new(vec![key(8, 7)]).unwrap();
    let mut sealed = sealed;
    sealed[4] = 8;
    assert_closed(&renumbered, &HERE, &sealed);
}

#[test]
fn keys_have_numbers_of_their_own() {
    assert!(AeadBox::new(Vec::new()).is_err());
    assert!(AeadBox::new(vec![key(1, 1), key(2, 2), key(1, 3)]).is_err());
}
