use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, post};
use docuvault_domain::accounts::RefreshError;

use super::cookies::CookieNames;
use super::views::SignedInView;
use crate::http::caller::MaybeAuthenticated;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// Renew a session
///
/// Acts on the cookie: `X-CSRF-Token` must repeat the cookie `docuvault_csrf`. The refresh token
/// changes; one that is shown a second time ends its session.
#[utoipa::path(
    post, path = "/auth/refresh",
    tag = "auth", operation_id = "auth_refresh",
    params(("X-CSRF-Token" = String, Header)),
    responses(
        (status = 200, body = SignedInView),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[post("/auth/refresh")]
pub(crate) async fn refresh(
    MaybeAuthenticated(caller): MaybeAuthenticated,
    services: Data<Services>,
    names: Data<CookieNames>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let token = names.refresh_token(&request)?;
    let signed_in = services.accounts.sign_in.refresh(&caller, &token).await?;
    Ok(SignedInView::answer(signed_in, &services, **names))
}

/// Sign out
///
/// Acts on the cookie, as a renewal does. Also fine when the session is over already.
#[utoipa::path(
    post, path = "/auth/logout",
    tag = "auth", operation_id = "auth_logout",
    params(("X-CSRF-Token" = String, Header)),
    responses(
        (status = 204, description = "Signed out"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[post("/auth/logout")]
pub(crate) async fn logout(
    MaybeAuthenticated(caller): MaybeAuthenticated,
    services: Data<Services>,
    names: Data<CookieNames>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let token = names.refresh_token(&request)?;
    services
        .accounts
        .sign_out
        .by_refresh_token(&caller, &token)
        .await?;
    let mut response = HttpResponse::NoContent();
    for cookie in names.clear() {
        response.cookie(cookie);
    }
    Ok(response.finish())
}

impl From<RefreshError> for Problem {
    fn from(error: RefreshError) -> Self {
        let detail = error.to_string();
        match error {
            RefreshError::Revoked => Self::new(ErrorCode::SessionRevoked, detail),
            RefreshError::Port(error) => error.into(),
        }
    }
}
