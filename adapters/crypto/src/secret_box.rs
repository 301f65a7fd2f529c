use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use docuvault_domain::PortError;
use docuvault_domain::ports::{SecretBox, SecretContext};

use crate::MasterKey;
use crate::random::random;

const VERSION: u8 = 1;
const ID_BYTES: usize = size_of::<u32>();
const NONCE_BYTES: usize = 24;

/// XChaCha20-Poly1305 with a key for each owner and purpose, derived by HKDF-SHA256.
///
/// | bytes | of what is sealed                        |
/// |-------|------------------------------------------|
/// | 1     | version, 1                               |
/// | 4     | the master key's id, big-endian          |
/// | 24    | nonce, random: long enough for that      |
/// | rest  | ciphertext and tag                       |
///
/// The derivation's `info` is `docuvault secret box 1`, owner and purpose. The associated data is
/// version, key id, owner, row and purpose. The owner is a zero byte for the instance, otherwise a one
/// and the id's 16 bytes; the purpose comes last, so that nothing can be read in two ways.
pub struct AeadBox {
    keys: Vec<MasterKey>,
}

impl AeadBox {
    /// The first key seals, all of them open: one that was replaced stays on the list until nothing is
    /// sealed with it any more. Fails without a key, and when two have the same id.
    pub fn new(keys: Vec<MasterKey>) -> Result<Self, PortError> {
        let invalid = |why: &'static str| PortError::permanent("reading the master keys", why);
        if keys.is_empty() {
            return Err(invalid("there is none"));
        }
        let mut ids: Vec<u32> = keys.iter().map(|key| key.id).collect();
        ids.sort_unstable();
        if !ids.is_sorted_by(|one, next| one < next) {
            return Err(invalid("two have the same id"));
        }
        Ok(Self { keys })
    }

    fn first(&self) -> &MasterKey {
        // `new` saw that there is one.
        &self.keys[0]
    }
}

impl SecretBox for AeadBox {
    fn seal(&self, context: &SecretContext, plain: &[u8]) -> Result<Vec<u8>, PortError> {
        let key = self.first();
        let nonce = random::<NONCE_BYTES>();
        let payload = Payload {
            msg: plain,
            aad: &associated(context, key.id),
        };
        let ciphertext = key
            .cipher(context)
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|error| PortError::permanent("sealing a secret", error))?;
        Ok([
            &[VERSION],
            key.id.to_be_bytes().as_slice(),
            &nonce,
            &ciphertext,
        ]
        .concat())
    }

    fn open(&self, context: &SecretContext, sealed: &[u8]) -> Result<Vec<u8>, PortError> {
        let failed = |why: &'static str| PortError::permanent("opening a sealed secret", why);
        let (id, rest) = split(sealed).ok_or_else(|| failed("it has another form"))?;
        let (nonce, ciphertext) = rest
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or_else(|| failed("it is too short"))?;
        let key = self.keys.iter().find(|key| key.id == id);
        let key = key.ok_or_else(|| failed("its master key is not there"))?;
        let payload = Payload {
            msg: ciphertext,
            aad: &associated(context, id),
        };
        key.cipher(context)
            .decrypt(&XNonce::from(*nonce), payload)
            .map_err(|_| failed("it was changed, or belongs elsewhere"))
    }

    fn is_outdated(&self, sealed: &[u8]) -> bool {
        split(sealed).is_none_or(|(id, _)| id != self.first().id)
    }
}

/// The master key's id, and nonce and ciphertext.
fn split(sealed: &[u8]) -> Option<(u32, &[u8])> {
    let (id, rest) = sealed
        .strip_prefix(&[VERSION])?
        .split_first_chunk::<ID_BYTES>()?;
    Some((u32::from_be_bytes(*id), rest))
}

impl MasterKey {
    fn cipher(&self, context: &SecretContext) -> XChaCha20Poly1305 {
        let info = [
            b"docuvault secret box 1".as_slice(),
            &owner(context),
            context.purpose.as_bytes(),
        ];
        XChaCha20Poly1305::new(&self.derive(&info).into())
    }
}

fn associated(context: &SecretContext, key: u32) -> Vec<u8> {
    [
        &[VERSION],
        key.to_be_bytes().as_slice(),
        &owner(context),
        context.row.as_bytes(),
        context.purpose.as_bytes(),
    ]
    .concat()
}

fn owner(context: &SecretContext) -> Vec<u8> {
    match context.owner {
        Some(user) => [&[1], user.0.as_bytes().as_slice()].concat(),
        None => vec![0],
    }
}
