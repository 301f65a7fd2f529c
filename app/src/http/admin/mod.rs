//! `/api/admin`: accounts of others, and the trail. Nothing here leads to anybody's documents.

mod access;
mod audit;
mod invites;
mod mail;
mod users;
mod views;

use docuvault_domain::accounts::{AdministerError, NotAllowed};
use utoipa_actix_web::service_config::ServiceConfig;

use super::problem::{ErrorCode, Problem};

/// The routes of this feature.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(users::list)
        .service(users::create)
        .service(users::show)
        .service(users::edit)
        .service(users::remove)
        .service(access::reset_password)
        .service(access::remove_totp)
        .service(access::logout_all)
        .service(invites::list)
        .service(invites::create)
        .service(invites::revoke)
        .service(audit::list)
        .service(audit::export)
        .service(mail::show)
        .service(mail::test);
}

impl From<NotAllowed> for Problem {
    fn from(error: NotAllowed) -> Self {
        let detail = error.to_string();
        match error {
            NotAllowed::Forbidden => Self::new(ErrorCode::Forbidden, detail),
            NotAllowed::ConfirmationNeeded => Self::new(ErrorCode::ConfirmationRequired, detail),
            NotAllowed::Port(error) => error.into(),
        }
    }
}

impl From<AdministerError> for Problem {
    fn from(error: AdministerError) -> Self {
        let detail = error.to_string();
        match error {
            AdministerError::NotAllowed(error) => error.into(),
            AdministerError::NotFound => Self::not_found(),
            AdministerError::OwnAccount => Self::new(ErrorCode::OwnAccount, detail),
            AdministerError::LastAdministrator => Self::new(ErrorCode::LastAdmin, detail),
            AdministerError::HandleTaken => Self::new(ErrorCode::HandleTaken, detail),
            AdministerError::EmailTaken => Self::new(ErrorCode::AccountExists, detail),
            AdministerError::Password(_) => Self::new(ErrorCode::PasswordTooWeak, detail),
            AdministerError::Hash(error) => error.into(),
            AdministerError::Port(error) => error.into(),
        }
    }
}
