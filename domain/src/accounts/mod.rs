//! Accounts: who people are, how they prove it, and how long that holds.

mod administer;
mod administrator;
mod api_token;
mod authenticate;
mod change_password;
mod confirm_person;
mod delete_account;
mod device;
mod edit_profile;
mod email;
mod handle;
mod invite;
mod manage_invites;
mod manage_tokens;
mod overview;
mod password;
mod rate_limiter;
mod recovery_code;
mod register;
mod remove_accounts;
mod reset_password;
mod scope;
mod second_factor;
mod session;
mod sign_in;
mod sign_out;
mod signing_keys;
mod single_sign_on;
mod tidy;
mod user;

pub use administer::{AccountEdits, AdministerError, AdministerUsers, HandedOutLink, NewUser};
pub use administrator::{CONFIRMED_FOR, NotAllowed};
pub(crate) use administrator::{changing, reading};
pub use api_token::{ApiToken, ApiTokenName, InvalidApiTokenName};
pub use authenticate::{Authenticate, AuthenticateError};
pub use change_password::{ChangePassword, ChangePasswordError};
pub use confirm_person::{ConfirmError, ConfirmPerson};
pub use delete_account::{DeleteAccount, DeleteAccountError};
pub use edit_profile::{
    DisplayName, EditProfile, EditProfileError, InvalidDisplayName, InvalidLocale, Locale,
    ProfileEdits,
};
pub use email::{Email, InvalidEmail};
pub use handle::{Handle, InvalidHandle};
pub use invite::{Invite, InviteState};
pub use manage_invites::{InviteError, ManageInvites, NewInvite};
pub use manage_tokens::{ManageTokens, NewApiToken, TokenError};
pub use overview::{AccountFilter, AccountOverview, AccountQuery};
pub use password::{Password, WeakPassword};
pub use rate_limiter::{LimitedAction, RateLimiter};
pub use recovery_code::RecoveryCode;
pub use register::{NewAccount, Register, RegisterError, RegistrationPolicy};
pub use remove_accounts::{RemoveAccounts, Removed};
pub use reset_password::{ResetError, ResetPassword, ResetRequestError};
pub use scope::{Scope, Scopes};
pub use second_factor::{ManageSecondFactor, SecondFactorError};
pub use session::Session;
pub use sign_in::{Credentials, FactorPolicy, RefreshError, SignIn, SignInError, SignedIn};
pub use sign_out::SignOut;
pub use signing_keys::{KEYS_LOOKED_AT_EVERY, SigningKeys};
pub use single_sign_on::{
    Callback, LinkError, SingleSignOn, SingleSignOnError, SsoOutcome, SsoPolicy, SsoStart,
};
pub use tidy::TidyAccounts;
pub use user::{Role, User};
