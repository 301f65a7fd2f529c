use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, post};
use docuvault_domain::accounts::{RecoveryCode, SecondFactorError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::caller::{Enrolling, SessionUser};
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// What an app is set up with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TotpEnrolment)]
pub(crate) struct EnrolmentView {
    /// In base32, for typing it off.
    secret: String,
    /// For apps on the same device.
    otpauth_url: String,
    /// The same as a picture: one `<svg>` element.
    qr_svg: String,
}

/// A code of the app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TotpCode {
    #[schema(max_length = 32)]
    code: String,
}

/// What turns the second factor off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TotpRemoval {
    #[schema(max_length = 1024, format = Password)]
    password: String,
    /// A code of the app, or a recovery code.
    #[schema(max_length = 32)]
    code: String,
}

/// Codes for the day the app is gone. They are shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecoveryCodes {
    #[schema(min_items = 10, max_items = 10)]
    recovery_codes: Vec<String>,
}

impl From<Vec<RecoveryCode>> for RecoveryCodes {
    fn from(codes: Vec<RecoveryCode>) -> Self {
        let recovery_codes = codes.iter().map(RecoveryCode::display).collect();
        Self { recovery_codes }
    }
}

/// Begin to set up a second factor
///
/// It is asked for once a first code of it was shown.
#[utoipa::path(
    post, path = "/auth/totp/enroll",
    tag = "auth", operation_id = "auth_totp_enroll",
    responses(
        (status = 200, body = EnrolmentView),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/auth/totp/enroll")]
pub(crate) async fn enrol(
    Enrolling(caller): Enrolling,
    services: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let enrolment = services.accounts.second_factor.enrol(&caller).await?;
    Ok(HttpResponse::Ok().json(EnrolmentView {
        secret: enrolment.secret_base32,
        otpauth_url: enrolment.otpauth_url,
        qr_svg: enrolment.qr_svg,
    }))
}

/// Put the second factor in use by a first code
#[utoipa::path(
    post, path = "/auth/totp/confirm",
    tag = "auth", operation_id = "auth_totp_confirm",
    request_body = TotpCode,
    responses(
        (status = 200, body = RecoveryCodes),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/auth/totp/confirm")]
pub(crate) async fn confirm(
    Enrolling(caller): Enrolling,
    services: Data<Services>,
    body: Json<TotpCode>,
) -> Result<HttpResponse, Problem> {
    let factor = &services.accounts.second_factor;
    let codes = factor.confirm(&caller, &body.code).await?;
    Ok(HttpResponse::Ok().json(RecoveryCodes::from(codes)))
}

/// Turn the second factor off
#[utoipa::path(
    delete, path = "/auth/totp",
    tag = "auth", operation_id = "auth_totp_remove",
    request_body = TotpRemoval,
    responses(
        (status = 204, description = "It is off"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/auth/totp")]
pub(crate) async fn remove(
    session_user: SessionUser,
    services: Data<Services>,
    body: Json<TotpRemoval>,
) -> Result<HttpResponse, Problem> {
    let TotpRemoval { password, code } = &*body;
    let factor = &services.accounts.second_factor;
    factor.remove(&session_user.caller, password, code).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Replace the recovery codes
#[utoipa::path(
    post, path = "/auth/totp/recovery-codes",
    tag = "auth", operation_id = "auth_totp_recovery_codes",
    request_body = TotpCode,
    responses(
        (status = 200, body = RecoveryCodes),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/auth/totp/recovery-codes")]
pub(crate) async fn renew_codes(
    session_user: SessionUser,
    services: Data<Services>,
    body: Json<TotpCode>,
) -> Result<HttpResponse, Problem> {
    let factor = &services.accounts.second_factor;
    let codes = factor.renew_recovery_codes(&session_user.caller, &body.code);
    Ok(HttpResponse::Ok().json(RecoveryCodes::from(codes.await?)))
}

impl From<SecondFactorError> for Problem {
    fn from(error: SecondFactorError) -> Self {
        let detail = error.to_string();
        match error {
            SecondFactorError::AlreadyOn => Self::new(ErrorCode::TotpAlreadyOn, detail),
            SecondFactorError::NotSetUp => Self::new(ErrorCode::TotpNotSetUp, detail),
            SecondFactorError::WrongCode => Self::new(ErrorCode::InvalidTotp, detail),
            SecondFactorError::WrongPassword => Self::new(ErrorCode::WrongPassword, detail),
            SecondFactorError::TooMany { wait } => Self::too_many(detail, wait),
            SecondFactorError::Hash(error) => error.into(),
            SecondFactorError::SignedOut => Self::new(ErrorCode::Unauthenticated, detail),
            SecondFactorError::Port(error) => error.into(),
        }
    }
}
