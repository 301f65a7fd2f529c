use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, post};
use docuvault_domain::accounts::{Email, ResetError, ResetRequestError};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::caller::MaybeAuthenticated;
use crate::http::fields::parsed;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// Who has forgotten their password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetRequest {
    #[schema(max_length = 254, format = Email)]
    email: String,
}

/// The link's secret and the password to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetConfirmation {
    /// What stands behind `#token=` in the link.
    #[schema(max_length = 128)]
    token: String,
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    new_password: String,
}

/// Ask for a link to choose a new password
///
/// The answer is the same whether or not there is such an account.
#[utoipa::path(
    post, path = "/auth/password-reset/request",
    tag = "auth", operation_id = "auth_password_reset_request",
    request_body = ResetRequest,
    responses(
        (status = 204, description = "If there is an account, a mail is on its way"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[post("/auth/password-reset/request")]
pub(crate) async fn request(
    MaybeAuthenticated(caller): MaybeAuthenticated,
    services: Data<Services>,
    body: Json<ResetRequest>,
) -> Result<HttpResponse, Problem> {
    if services.accounts.reset_password.passwords && services.mail.deliver.is_none() {
        return Err(Problem::new(
            ErrorCode::MailNotConfigured,
            "This vault sends no mail. Please ask its administrator for a link.",
        ));
    }
    let email = parsed("email", &body.email, Email::parse)?;
    services
        .accounts
        .reset_password
        .request(&caller, &email)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Choose a new password by a link
///
/// All sessions end; the second factor stays on. The link works once.
#[utoipa::path(
    post, path = "/auth/password-reset/confirm",
    tag = "auth", operation_id = "auth_password_reset_confirm",
    request_body = ResetConfirmation,
    responses(
        (status = 204, description = "Changed"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[post("/auth/password-reset/confirm")]
pub(crate) async fn confirm(
    MaybeAuthenticated(caller): MaybeAuthenticated,
    services: Data<Services>,
    body: Json<ResetConfirmation>,
) -> Result<HttpResponse, Problem> {
    let (token, new) = (&body.token, &body.new_password);
    services
        .accounts
        .reset_password
        .confirm(&caller, token, new)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<ResetRequestError> for Problem {
    fn from(error: ResetRequestError) -> Self {
        let detail = error.to_string();
        match error {
            ResetRequestError::PasswordsOff => Self::new(ErrorCode::PasswordSignInOff, detail),
            ResetRequestError::TooMany { wait } => Self::too_many(detail, wait),
            ResetRequestError::Port(error) => error.into(),
        }
    }
}

impl From<ResetError> for Problem {
    fn from(error: ResetError) -> Self {
        let detail = error.to_string();
        match error {
            ResetError::LinkInvalid => Self::new(ErrorCode::ResetLinkInvalid, detail),
            ResetError::Weak(_) => Self::new(ErrorCode::PasswordTooWeak, detail),
            ResetError::TooMany { wait } => Self::too_many(detail, wait),
            ResetError::Hash(error) => error.into(),
            ResetError::Port(error) => error.into(),
        }
    }
}
