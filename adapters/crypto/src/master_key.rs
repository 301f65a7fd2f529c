use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use docuvault_domain::PortError;
use hkdf::Hkdf;
use sha2::Sha256;

use crate::random::random;

/// A key that all others are derived from.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterKey {
    /// Its number, which stands in front of all that was sealed with it.
    pub id: u32,
    /// 256 random bits.
    pub secret: [u8; 32],
}

impl MasterKey {
    /// A new one.
    pub fn random(id: u32) -> Self {
        let secret = random();
        Self { id, secret }
    }

    /// The key behind 44 characters of base64, as `openssl rand -base64 32` prints them. Fails when it
    /// is no such text, or when its bytes are far from random.
    pub fn from_base64(id: u32, text: &str) -> Result<Self, PortError> {
        let invalid = |why: &'static str| PortError::permanent("reading the master key", why);
        let bytes = STANDARD.decode(text.trim());
        let bytes = bytes.map_err(|_| invalid("it is not base64"))?;
        let secret: [u8; 32] = bytes
            .try_into()
            .map_err(|_| invalid("it does not have 32 bytes"))?;
        let mut different = secret.to_vec();
        different.sort_unstable();
        different.dedup();
        // 32 random bytes have about 30 different values, and hardly ever fewer than 16.
        if different.len() < 16 {
            return Err(invalid("it is not random"));
        }
        Ok(Self { id, secret })
    }

    /// As [`Self::from_base64`] reads it.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.secret)
    }

    /// A key for one use, named by `info`, by HKDF-SHA256 (RFC 5869).
    #[expect(
        clippy::expect_used,
        reason = "the keys made here are far from the longest that HKDF makes"
    )]
    pub(crate) fn derive<const N: usize>(&self, info: &[&[u8]]) -> [u8; N] {
        let mut key = [0; N];
        Hkdf::<Sha256>::new(None, &self.secret)
            .expand_multi_info(info, &mut key)
            .expect("a short key");
        key
    }

    /// The code for the first registration: 80 bits in groups of four, the same at all replicas.
    pub fn setup_code(&self) -> String {
        // Without letters and digits that are mistaken for others (Crockford's base 32).
        const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let bytes: [u8; 16] = self.derive(&[b"docuvault setup code 1"]);
        let digit = |byte: &u8| char::from(DIGITS[usize::from(byte % 32)]);
        let groups = bytes
            .chunks(4)
            .map(|group| group.iter().map(digit).collect());
        groups.collect::<Vec<String>>().join("-")
    }
}
