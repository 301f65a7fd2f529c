//! Passwords, tokens, second factors and sealed secrets. Nothing here does I/O or keeps state, but for
//! the keys that it was made with.

mod passwords;
mod random;
mod secret_box;
mod tokens;
mod totp;
mod turns;

pub use passwords::{Argon2Hasher, Cost};
pub use secret_box::{AeadBox, MasterKey};
pub use tokens::{JwtTokens, SigningKey};
pub use totp::TotpFactor;
pub use turns::Limits;
