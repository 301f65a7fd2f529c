use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpMessage, http::header::HeaderMap};
use docuvault_domain::accounts::AuthenticateError;
use docuvault_domain::ports::Purpose;

use crate::http::caller::{AuthContext, anonymous};
use crate::http::problem::{ErrorCode, Problem};
use crate::services::Services;

/// Where the token is taken that opens nothing but setting up a second factor.
const ENROLMENT: [&str; 2] = ["/api/auth/totp/enroll", "/api/auth/totp/confirm"];

/// Finds out who asks. A token that proves nothing is refused here, on every route: a client with an
/// old one must not believe that it is somebody.
pub(crate) async fn authenticate(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> actix_web::Result<ServiceResponse<EitherBody<impl MessageBody>>> {
    match auth_context(&request).await {
        Ok(Some(context)) => {
            request.extensions_mut().insert(context);
        }
        Ok(None) => {}
        Err(problem) => return Ok(request.error_response(problem).map_into_right_body()),
    }
    Ok(next.call(request).await?.map_into_left_body())
}

async fn auth_context(request: &ServiceRequest) -> Result<Option<AuthContext>, Problem> {
    // Health and the web app ask nobody who they are, and answer while the database does not.
    if !request.path().starts_with("/api/") {
        return Ok(None);
    }
    let Some(token) = bearer(request.headers())? else {
        return Ok(None);
    };
    let services = request.app_data::<Data<Services>>();
    let authenticate = &services.ok_or_else(refused)?.accounts.authenticate;
    let anonymous = anonymous(request.request());
    let mut found = authenticate.run(token, Purpose::Access, &anonymous).await;
    if matches!(found, Err(AuthenticateError::OtherPurpose)) && ENROLMENT.contains(&request.path())
    {
        found = authenticate.run(token, Purpose::Enrol, &anonymous).await;
    }
    match found {
        Ok((caller, user)) => Ok(Some(AuthContext { caller, user })),
        Err(AuthenticateError::Port(error)) => Err(error.into()),
        Err(AuthenticateError::Invalid | AuthenticateError::OtherPurpose) => Err(refused()),
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750, 2.1).
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let value = value.to_str().ok();
    let token = value.and_then(|value| value.split_once(' '));
    token
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| Some(token.trim()))
        .ok_or_else(refused)
}

fn refused() -> Problem {
    let invalid = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    Problem::new(
        ErrorCode::Unauthenticated,
        "You have been signed out, or your time is over. Please sign in again.",
    )
    .with_header(header::WWW_AUTHENTICATE, invalid)
}
