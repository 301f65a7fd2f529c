use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, get, post};
use docuvault_domain::ids::SessionId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::cookies::CookieNames;
use super::views::SessionView;
use crate::http::caller::SessionUser;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// All sessions of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionList {
    items: Vec<SessionView>,
    /// Always null: sessions come all at once.
    next_cursor: Option<String>,
}

/// List one's own sessions
#[utoipa::path(
    get, path = "/auth/sessions",
    tag = "auth", operation_id = "auth_sessions_list",
    responses(
        (status = 200, body = SessionList, description = "Last used first"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/auth/sessions")]
pub(crate) async fn list(
    session_user: SessionUser,
    services: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let sessions = services
        .accounts
        .sign_out
        .list(&session_user.caller)
        .await?;
    let current = session_user.session;
    let items = sessions.into_iter();
    Ok(HttpResponse::Ok().json(SessionList {
        items: items.map(|it| SessionView::of(it, current)).collect(),
        next_cursor: None,
    }))
}

/// Sign out one of one's own sessions
#[utoipa::path(
    delete, path = "/auth/sessions/{id}",
    tag = "auth", operation_id = "auth_sessions_end",
    params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "Signed out"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/auth/sessions/{id}")]
pub(crate) async fn end(
    session_user: SessionUser,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    if services
        .accounts
        .sign_out
        .one(&session_user.caller, SessionId(*id))
        .await?
    {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::not_found())
    }
}

/// Sign out all of one's other sessions
#[utoipa::path(
    delete, path = "/auth/sessions",
    tag = "auth", operation_id = "auth_sessions_end_others",
    responses(
        (status = 204, description = "Signed out"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/auth/sessions")]
pub(crate) async fn end_others(
    session_user: SessionUser,
    services: Data<Services>,
) -> Result<HttpResponse, Problem> {
    services
        .accounts
        .sign_out
        .others(&session_user.caller)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sign out everywhere
///
/// Every session and every access token of the person ends at once, this one too.
#[utoipa::path(
    post, path = "/auth/logout-all",
    tag = "auth", operation_id = "auth_logout_all",
    responses(
        (status = 204, description = "Signed out"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/auth/logout-all")]
pub(crate) async fn logout_all(
    session_user: SessionUser,
    services: Data<Services>,
    names: Data<CookieNames>,
) -> Result<HttpResponse, Problem> {
    services
        .accounts
        .sign_out
        .everywhere(&session_user.caller)
        .await?;
    let mut response = HttpResponse::NoContent();
    for cookie in names.clear() {
        response.cookie(cookie);
    }
    Ok(response.finish())
}
