//! Accounts: who people are, how they prove it, and how long that holds.

mod email;
mod handle;
mod password;
mod recovery_code;
mod session;
mod user;

pub use email::{Email, InvalidEmail};
pub use handle::{Handle, InvalidHandle};
pub use password::{Password, WeakPassword};
pub use recovery_code::RecoveryCode;
pub use session::Session;
pub use user::{Role, User};
