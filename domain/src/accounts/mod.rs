//! Accounts: who people are, how they prove it, and how long that holds.

mod authenticate;
mod change_password;
mod edit_profile;
mod email;
mod handle;
mod password;
mod recovery_code;
mod register;
mod second_factor;
mod session;
mod sign_in;
mod sign_out;
mod tries;
mod user;

pub use authenticate::{Authenticate, AuthenticateError, Origin};
pub use change_password::{ChangePassword, ChangePasswordError};
pub use edit_profile::{
    DisplayName, EditProfile, EditProfileError, InvalidDisplayName, InvalidLocale, Locale,
    ProfileEdits,
};
pub use email::{Email, InvalidEmail};
pub use handle::{Handle, InvalidHandle};
pub use password::{Password, WeakPassword};
pub use recovery_code::RecoveryCode;
pub use register::{NewAccount, Register, RegisterError, RegistrationPolicy};
pub use second_factor::{ManageSecondFactor, SecondFactorError};
pub use session::Session;
pub use sign_in::{Credentials, RefreshError, SignIn, SignInError, SignedIn};
pub use sign_out::SignOut;
pub use tries::{Attempt, Tries};
pub use user::{Role, User};
