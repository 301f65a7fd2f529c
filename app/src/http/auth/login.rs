use actix_web::http::header;
use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, post};
use docuvault_domain::accounts::{Credentials, SignInError};
use serde::Deserialize;
use utoipa::ToSchema;

use super::cookies::CookieNames;
use super::views::SignedInView;
use crate::http::caller::MaybeAuthenticated;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// What somebody signs in with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    /// A handle or an e-mail address.
    #[serde(rename = "login")]
    #[schema(max_length = 254)]
    name: String,
    #[schema(max_length = 1024, format = Password)]
    password: String,
    /// The six digits that the app shows, or a recovery code.
    #[schema(max_length = 32)]
    totp: Option<String>,
}

/// Sign in
///
/// With a second factor, the first answer is `401 totp_required`: the same again, with the code.
/// Where the vault demands one that the person has not set up, it is `403 totp_enrolment_required`.
#[utoipa::path(
    post, path = "/auth/login",
    tag = "auth", operation_id = "auth_login",
    request_body = Login,
    responses(
        (status = 200, body = SignedInView),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[post("/auth/login")]
pub(crate) async fn login(
    MaybeAuthenticated(caller): MaybeAuthenticated,
    services: Data<Services>,
    names: Data<CookieNames>,
    request: HttpRequest,
    body: Json<Login>,
) -> Result<HttpResponse, Problem> {
    let Login {
        name,
        password,
        totp,
    } = body.into_inner();
    let credentials = Credentials {
        login: name,
        password,
        code: totp,
        user_agent: user_agent(&request),
    };
    let signed_in = services.accounts.sign_in.run(&caller, credentials).await?;
    Ok(SignedInView::answer(signed_in, &services, **names))
}

/// What a browser or program calls itself.
pub(super) fn user_agent(request: &HttpRequest) -> Option<String> {
    let name = request.headers().get(header::USER_AGENT)?;
    Some(String::from_utf8_lossy(name.as_bytes()).into_owned())
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let detail = error.to_string();
        match error {
            SignInError::PasswordsOff => Self::new(ErrorCode::PasswordSignInOff, detail),
            SignInError::InvalidCredentials => Self::new(ErrorCode::InvalidCredentials, detail),
            SignInError::CodeNeeded => Self::new(ErrorCode::TotpRequired, detail),
            SignInError::WrongCode => Self::new(ErrorCode::InvalidTotp, detail),
            SignInError::EnrolmentNeeded { token } => Self::enrolment(detail, token),
            SignInError::TooMany { wait } => Self::too_many(detail, wait),
            SignInError::Hash(error) => error.into(),
            SignInError::Port(error) => error.into(),
        }
    }
}
