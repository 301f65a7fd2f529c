use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, get, patch};
use docuvault_domain::accounts::{
    DeleteAccountError, DisplayName, EditProfileError, Email, Handle, Locale, ProfileEdits,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::cookies::CookieNames;
use super::views::MeView;
use crate::http::caller::{Authenticated, SessionUser};
use crate::http::fields::maybe_parsed;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// What to change; what is not mentioned stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfilePatch {
    #[schema(min_length = 1, max_length = 80)]
    display_name: Option<String>,
    #[schema(min_length = 3, max_length = 32)]
    handle: Option<String>,
    #[schema(max_length = 254, format = Email)]
    email: Option<String>,
    /// A BCP 47 tag.
    #[schema(max_length = 35)]
    locale: Option<String>,
}

/// Show one's own account
#[utoipa::path(
    get, path = "/auth/me",
    tag = "auth", operation_id = "auth_me",
    responses(
        (status = 200, body = MeView),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/auth/me")]
pub(crate) async fn show(
    asking: Authenticated,
    services: Data<Services>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(MeView::of(asking.1, &services).await?))
}

/// Change one's own account
#[utoipa::path(
    patch, path = "/auth/me",
    tag = "auth", operation_id = "auth_me_edit",
    request_body = ProfilePatch,
    responses(
        (status = 200, body = MeView),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[patch("/auth/me")]
pub(crate) async fn edit(
    session_user: SessionUser,
    services: Data<Services>,
    body: Json<ProfilePatch>,
) -> Result<HttpResponse, Problem> {
    let edits = body.into_inner().parse()?;
    let user = services
        .profile
        .edit
        .run(&session_user.caller, edits)
        .await?;
    Ok(HttpResponse::Ok().json(MeView::of(user, &services).await?))
}

/// What deletes an account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountDeletion {
    /// Not for somebody who has signed in by the identity provider lately, who may have none.
    #[schema(max_length = 1024, format = Password)]
    password: Option<String>,
    /// A code of the app or a recovery code, for accounts with a second factor.
    #[schema(max_length = 32)]
    code: Option<String>,
    /// The account's own handle, typed: it cannot be undone.
    #[schema(max_length = 32)]
    handle: String,
}

/// Delete one's own account with everything in it
///
/// All sessions and tokens end at once; documents and their bytes are removed by and by.
#[utoipa::path(
    delete, path = "/auth/me",
    tag = "auth", operation_id = "auth_me_delete",
    request_body = AccountDeletion,
    responses(
        (status = 202, description = "The account is gone; what it kept is being removed"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/auth/me")]
pub(crate) async fn remove(
    session_user: SessionUser,
    services: Data<Services>,
    names: Data<CookieNames>,
    body: Json<AccountDeletion>,
) -> Result<HttpResponse, Problem> {
    let AccountDeletion {
        password,
        code,
        handle,
    } = &*body;
    let delete = &services.profile.delete;
    delete
        .run(
            &session_user.caller,
            password.as_deref(),
            code.as_deref(),
            handle,
        )
        .await?;
    let mut response = HttpResponse::Accepted();
    for cookie in names.clear() {
        response.cookie(cookie);
    }
    Ok(response.finish())
}

impl From<DeleteAccountError> for Problem {
    fn from(error: DeleteAccountError) -> Self {
        let detail = error.to_string();
        match error {
            DeleteAccountError::OtherHandle => Self::field("handle", detail),
            DeleteAccountError::LastAdministrator => Self::new(ErrorCode::LastAdmin, detail),
            DeleteAccountError::Confirm(error) => error.into(),
            DeleteAccountError::Port(error) => error.into(),
        }
    }
}

impl ProfilePatch {
    fn parse(self) -> Result<ProfileEdits, Problem> {
        Ok(ProfileEdits {
            display_name: maybe_parsed(
                "display_name",
                self.display_name.as_deref(),
                DisplayName::parse,
            )?,
            handle: maybe_parsed("handle", self.handle.as_deref(), Handle::parse)?,
            email: maybe_parsed("email", self.email.as_deref(), Email::parse)?,
            locale: maybe_parsed("locale", self.locale.as_deref(), Locale::parse)?,
        })
    }
}

impl From<EditProfileError> for Problem {
    fn from(error: EditProfileError) -> Self {
        let detail = error.to_string();
        match error {
            EditProfileError::HandleTaken => Self::new(ErrorCode::HandleTaken, detail),
            EditProfileError::EmailTaken => Self::new(ErrorCode::AccountExists, detail),
            EditProfileError::SignedOut => Self::new(ErrorCode::Unauthenticated, detail),
            EditProfileError::Port(error) => error.into(),
        }
    }
}
