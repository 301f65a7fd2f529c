use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, post};
use docuvault_domain::accounts::{NewAccount, RegisterError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::views::UserView;
use crate::http::caller::MaybeAuthenticated;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    #[schema(max_length = 254, format = Email)]
    email: String,
    /// How others name the person; unique without regard to case.
    #[schema(min_length = 3, max_length = 32)]
    handle: String,
    #[schema(min_length = 12, max_length = 1024, format = Password)]
    password: String,
    /// The code that the vault has printed for the first account.
    #[schema(max_length = 64)]
    setup_code: Option<String>,
    /// The secret of an invitation: what stands behind `#invite=` in its address.
    #[schema(max_length = 128)]
    invite: Option<String>,
    /// A BCP 47 tag.
    #[schema(max_length = 35)]
    locale: Option<String>,
}

/// The new account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Registered {
    user: UserView,
}

/// Make an account
///
/// The first one carries the setup code that the vault has printed, and becomes an administrator.
#[utoipa::path(
    post, path = "/auth/register",
    tag = "auth", operation_id = "auth_register",
    request_body = Registration,
    responses(
        (status = 201, body = Registered),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[post("/auth/register")]
pub(crate) async fn register(
    MaybeAuthenticated(caller): MaybeAuthenticated,
    services: Data<Services>,
    body: Json<Registration>,
) -> Result<HttpResponse, Problem> {
    let Registration {
        email,
        handle,
        password,
        setup_code,
        invite,
        locale,
    } = body.into_inner();
    let new = NewAccount {
        email,
        handle,
        password,
        setup_code,
        invite,
        locale,
    };
    let user = services.accounts.register.run(&caller, new).await?;
    Ok(HttpResponse::Created().json(Registered { user: user.into() }))
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        let detail = error.to_string();
        match error {
            RegisterError::Handle(_) => Self::field("handle", detail),
            RegisterError::Email(_) => Self::field("email", detail),
            RegisterError::Locale(_) => Self::field("locale", detail),
            RegisterError::Password(_) => Self::new(ErrorCode::PasswordTooWeak, detail),
            RegisterError::PasswordsOff => Self::new(ErrorCode::PasswordSignInOff, detail),
            RegisterError::Closed => Self::new(ErrorCode::RegistrationClosed, detail),
            RegisterError::InviteNeeded => Self::new(ErrorCode::InviteRequired, detail),
            RegisterError::InviteInvalid => Self::new(ErrorCode::InviteInvalid, detail),
            RegisterError::SetupCode => Self::new(ErrorCode::SetupCodeRequired, detail),
            RegisterError::HandleTaken => Self::new(ErrorCode::HandleTaken, detail),
            RegisterError::AccountExists => Self::new(ErrorCode::AccountExists, detail),
            RegisterError::TooMany { wait } => Self::too_many(detail, wait),
            RegisterError::Hash(error) => error.into(),
            RegisterError::Port(error) => error.into(),
        }
    }
}
