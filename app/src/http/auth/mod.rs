//! `/api/auth`: who somebody is.

mod confirm;
mod cookies;
mod login;
mod me;
mod oidc;
mod options;
mod password;
mod password_reset;
mod refresh;
mod register;
mod sessions;
mod tokens;
mod totp;
mod views;

use docuvault_domain::ports::HashError;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use cookies::CookieNames;
pub(crate) use oidc::CALLBACK_PATH;
pub(crate) use views::{QuotaView, RoleView, UserView};

use crate::http::problem::{ErrorCode, Problem};

/// The routes of this feature.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(options::options)
        .service(register::register)
        .service(login::login)
        .service(oidc::start)
        .service(oidc::callback)
        .service(oidc::link)
        .service(refresh::refresh)
        .service(refresh::logout)
        .service(sessions::logout_all)
        .service(sessions::list)
        .service(sessions::end)
        .service(sessions::end_others)
        .service(me::show)
        .service(me::edit)
        .service(me::remove)
        .service(confirm::confirm)
        .service(password::change)
        .service(password_reset::request)
        .service(password_reset::confirm)
        .service(tokens::list)
        .service(tokens::create)
        .service(tokens::revoke)
        .service(totp::enrol)
        .service(totp::confirm)
        .service(totp::remove)
        .service(totp::renew_codes);
}

impl From<HashError> for Problem {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::new(ErrorCode::Unavailable, error.to_string()).retry_after(5),
            HashError::Port(error) => error.into(),
        }
    }
}
