use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, post};
use docuvault_domain::accounts::ChangePasswordError;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::caller::SessionUser;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// The present password and the one to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    #[schema(max_length = 1024, format = Password)]
    current_password: String,
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    new_password: String,
}

/// Change one's own password
///
/// All other sessions end; the second factor stays on.
#[utoipa::path(
    post, path = "/auth/password",
    tag = "auth", operation_id = "auth_password",
    request_body = PasswordChange,
    responses(
        (status = 204, description = "Changed"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/auth/password")]
pub(crate) async fn change(
    session_user: SessionUser,
    services: Data<Services>,
    body: Json<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    let (current, new) = (&body.current_password, &body.new_password);
    services
        .profile
        .change_password
        .run(&session_user.caller, current, new)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

impl From<ChangePasswordError> for Problem {
    fn from(error: ChangePasswordError) -> Self {
        let detail = error.to_string();
        match error {
            ChangePasswordError::WrongPassword => Self::new(ErrorCode::WrongPassword, detail),
            ChangePasswordError::Weak(_) => Self::new(ErrorCode::PasswordTooWeak, detail),
            ChangePasswordError::TooMany { wait } => Self::too_many(detail, wait),
            ChangePasswordError::Hash(error) => error.into(),
            ChangePasswordError::SignedOut => Self::new(ErrorCode::Unauthenticated, detail),
            ChangePasswordError::Port(error) => error.into(),
        }
    }
}
