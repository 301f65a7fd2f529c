use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, post};
use docuvault_domain::accounts::ConfirmError;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::caller::SessionUser;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// What shows who somebody is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirmation {
    #[schema(max_length = 1024, format = Password)]
    password: String,
    /// A code of the app or a recovery code, for accounts with a second factor.
    #[schema(max_length = 32)]
    code: Option<String>,
}

/// Show once more who one is
///
/// What cannot be undone asks for it when signing in was more than 15 minutes ago
/// (`403 confirmation_required`).
#[utoipa::path(
    post, path = "/auth/confirm",
    tag = "auth", operation_id = "auth_confirm",
    request_body = Confirmation,
    responses(
        (status = 204, description = "Confirmed for 15 minutes"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/auth/confirm")]
pub(crate) async fn confirm(
    session_user: SessionUser,
    services: Data<Services>,
    body: Json<Confirmation>,
) -> Result<HttpResponse, Problem> {
    let code = body.code.as_deref();
    let confirm = &services.accounts.confirm;
    confirm
        .run(&session_user.caller, &body.password, code)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<ConfirmError> for Problem {
    fn from(error: ConfirmError) -> Self {
        let detail = error.to_string();
        match error {
            ConfirmError::WrongPassword => Self::new(ErrorCode::WrongPassword, detail),
            ConfirmError::CodeNeeded => Self::new(ErrorCode::TotpRequired, detail),
            ConfirmError::WrongCode => Self::new(ErrorCode::InvalidTotp, detail),
            ConfirmError::TooMany { wait } => Self::too_many(detail, wait),
            ConfirmError::Hash(error) => error.into(),
            ConfirmError::SignInAgain => Self::new(ErrorCode::ConfirmationRequired, detail),
            ConfirmError::SignedOut => Self::new(ErrorCode::Unauthenticated, detail),
            ConfirmError::Port(error) => error.into(),
        }
    }
}
