use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, post};
use docuvault_domain::accounts::HandedOutLink;
use docuvault_domain::ids::UserId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::OwnUrl;
use crate::http::caller::Administrator;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// Where a person chooses a new password, once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ResetLink {
    reset_url: String,
    #[schema(format = DateTime)]
    expires_at: String,
}

impl ResetLink {
    pub(crate) fn of(link: &HandedOutLink, own_url: &OwnUrl, request: &HttpRequest) -> Self {
        Self {
            reset_url: own_url.reach(request, &link.url),
            expires_at: link.expires_at.to_rfc3339(),
        }
    }
}

/// Let a person choose a new password
///
/// They are signed out; the link is mailed as well where the vault sends mail.
#[utoipa::path(
    post, path = "/admin/users/{id}/reset-password",
    tag = "admin", operation_id = "admin_users_reset_password",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = ResetLink),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/admin/users/{id}/reset-password")]
pub(crate) async fn reset_password(
    Administrator(caller): Administrator,
    services: Data<Services>,
    own_url: Data<OwnUrl>,
    request: HttpRequest,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = UserId(*id);
    let link = services
        .administration
        .users
        .reset_password(&caller, id)
        .await?;
    Ok(HttpResponse::Ok().json(ResetLink::of(&link, &own_url, &request)))
}

/// Turn off the second factor of somebody who has lost it
#[utoipa::path(
    delete, path = "/admin/users/{id}/totp",
    tag = "admin", operation_id = "admin_users_remove_totp",
    params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "It is off"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/admin/users/{id}/totp")]
pub(crate) async fn remove_totp(
    Administrator(caller): Administrator,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = UserId(*id);
    services
        .administration
        .users
        .remove_second_factor(&caller, id)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sign a person out everywhere
#[utoipa::path(
    post, path = "/admin/users/{id}/logout-all",
    tag = "admin", operation_id = "admin_users_logout_all",
    params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "Signed out"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/admin/users/{id}/logout-all")]
pub(crate) async fn logout_all(
    Administrator(caller): Administrator,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = UserId(*id);
    services
        .administration
        .users
        .sign_out_everywhere(&caller, id)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
