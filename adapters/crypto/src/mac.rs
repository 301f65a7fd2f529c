use docuvault_domain::PortError;
use docuvault_domain::ports::{Mac, MacKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::MasterKey;

/// HMAC-SHA256 (RFC 2104) with a key derived from each master key by HKDF-SHA256. A code is written as the
/// master key's id, a dash and 64 hexadecimal digits.
pub struct HmacKeys {
    newest: HmacKey,
    older: Vec<HmacKey>,
}

struct HmacKey {
    id: u32,
    start: Hmac<Sha256>,
}

impl HmacKeys {
    /// New codes are made with `newest`; those of `older` keys are known still.
    pub fn new(newest: &MasterKey, older: &[MasterKey]) -> Result<Self, PortError> {
        Ok(Self {
            newest: HmacKey::of(newest)?,
            older: older.iter().map(HmacKey::of).collect::<Result<_, _>>()?,
        })
    }
}

impl HmacKey {
    fn of(master: &MasterKey) -> Result<Self, PortError> {
        let key: [u8; 32] = master.derive(&[b"docuvault mac 1"]);
        let start = Hmac::new_from_slice(&key)
            .map_err(|error| PortError::permanent("making the key of the audit trail", error))?;
        let id = master.id;
        Ok(Self { id, start })
    }
}

impl MacKey for HmacKeys {
    fn mac(&self, message: &[u8]) -> Mac {
        let HmacKey { id, start } = &self.newest;
        let code = start.clone().chain_update(message).finalize().into_bytes();
        Mac(format!("{id}-{}", hex::encode(code)))
    }

    fn verify(&self, message: &[u8], mac: &Mac) -> bool {
        let Some((id, code)) = mac.0.split_once('-') else {
            return false;
        };
        let key = std::iter::once(&self.newest)
            .chain(&self.older)
            .find(|key| key.id.to_string() == id);
        let (Some(key), Ok(code)) = (key, hex::decode(code)) else {
            return false;
        };
        let start = key.start.clone().chain_update(message);
        start.verify_slice(&code).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn master(id: u32, byte: u8) -> MasterKey {
        let secret = std::array::from_fn(|n| byte.wrapping_add(u8::try_from(n).unwrap()));
        MasterKey { id, secret }
    }

    #[test]
    fn a_code_is_of_its_message_and_its_key() {
        let (first, second) = (master(1, 7), master(2, 90));
        let keys = HmacKeys::new(&first, &[]).unwrap();
        let code = keys.mac(b"one line");
        assert!(keys.verify(b"one line", &code));
        assert!(!keys.verify(b"one Line", &code));
        assert!(!keys.verify(b"one line", &Mac(code.0.replacen("1-", "2-", 1))));
        for nonsense in ["", "1", "1-", "1-zz", "-", "1-00"] {
            assert!(!keys.verify(b"one line", &Mac(nonsense.to_owned())));
        }
        // The key was replaced: its codes hold while it is known.
        let both = HmacKeys::new(&second, std::slice::from_ref(&first)).unwrap();
        assert!(both.verify(b"one line", &code));
        assert!(both.mac(b"one line").0.starts_with("2-"));
        let new_only = HmacKeys::new(&second, &[]).unwrap();
        assert!(!new_only.verify(b"one line", &code));
        // The same number, another key.
        let other = HmacKeys::new(&master(1, 8), &[]).unwrap();
        assert!(!other.verify(b"one line", &code));
    }

    #[test]
    fn what_is_stored_stays_valid() {
        let keys = HmacKeys::new(&master(1, 7), &[]).unwrap();
        // As Python's hmac and hashlib compute it by RFC 5869 and RFC 2104.
        let code = "1-c8b45c16e9c77af34a4786c6f9e619756333fa7b29814c9a6cd673a06a715f39";
        assert_eq!(keys.mac(b"one line").0, code);
    }
}
