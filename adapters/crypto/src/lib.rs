//! Passwords, tokens, second factors and sealed secrets. Nothing here does I/O or keeps state, but for
//! the keys that it was made with.

mod hash_limiter;
mod hs256;
mod mac;
mod master_key;
mod passwords;
mod random;
mod secret_box;
mod tokens;
mod totp;

pub use hash_limiter::HashLimits;
pub use mac::HmacKeys;
pub use master_key::MasterKey;
pub use passwords::{Argon2Hasher, Cost};
pub use secret_box::AeadBox;
pub use tokens::JwtTokens;
pub use totp::TotpFactor;
