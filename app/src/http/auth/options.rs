use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use docuvault_domain::accounts::RegistrationPolicy;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// Who may make an account.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RegistrationView {
    /// Anybody.
    Open,
    /// Whoever was invited.
    Invite,
    /// Whoever an administrator makes one for, or has invited.
    Closed,
}

/// What the pages before signing in need to know.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthOptions {
    registration: RegistrationView,
    /// There is no account yet: the first one needs the setup code.
    setup_required: bool,
    /// Whether people who have forgotten their password can have a link sent.
    password_reset: bool,
    /// Whether people sign in by password.
    password_sign_in: bool,
    /// The identity provider by which people sign in, if there is one.
    sso: Option<SsoView>,
}

/// An identity provider.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SsoOption)]
pub(crate) struct SsoView {
    /// What people know it by.
    label: String,
}

/// How people get in
#[utoipa::path(
    get, path = "/auth/options",
    tag = "auth", operation_id = "auth_options",
    responses(
        (status = 200, body = AuthOptions),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[get("/auth/options")]
pub(crate) async fn options(services: Data<Services>) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(AuthOptions {
        registration: match services.accounts.register.policy {
            RegistrationPolicy::Open => RegistrationView::Open,
            RegistrationPolicy::Invite => RegistrationView::Invite,
            RegistrationPolicy::Closed => RegistrationView::Closed,
        },
        setup_required: !services.core.store.users().any().await?,
        password_reset: services.accounts.sign_in.passwords && services.mail.deliver.is_some(),
        password_sign_in: services.accounts.sign_in.passwords,
        sso: services.accounts.single_sign_on.as_ref().map(|_| SsoView {
            label: services.accounts.single_sign_on_label.clone(),
        }),
    }))
}
