use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, delete, post};
use docuvault_domain::ids::DocumentId;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::list::with_version;
use super::views::DocumentView;
use crate::http::caller::Authenticated;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// How to delete.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteQuery {
    /// For ever, bytes included, in place of into the trash.
    permanent: Option<bool>,
}

/// Delete a document
///
/// Into the trash, from where it can be restored; with `permanent=true` for ever.
#[utoipa::path(
    tag = "documents", operation_id = "documents_delete", params(("id" = Uuid, Path), DeleteQuery),
    responses((status = 204), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[delete("/documents/{id}")]
pub(crate) async fn delete(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
    query: Query<DeleteQuery>,
) -> Result<HttpResponse, Problem> {
    if query.permanent.unwrap_or(false) {
        services
            .documents
            .change
            .delete(&caller, DocumentId(*id))
            .await?;
    } else {
        services
            .documents
            .change
            .trash(&caller, DocumentId(*id))
            .await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Restore a document
///
/// Brings it back from the trash.
#[utoipa::path(
    tag = "documents", operation_id = "documents_restore", params(("id" = Uuid, Path)),
    responses((status = 200, body = DocumentView), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[post("/documents/{id}/restore")]
pub(crate) async fn restore(
    Authenticated(caller, user): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let document = services
        .documents
        .change
        .restore(&caller, DocumentId(*id))
        .await?;
    Ok(with_version(HttpResponse::Ok(), document, &user))
}

/// Read a document again
///
/// Extracts and files it anew; what people decided stays.
#[utoipa::path(
    tag = "documents", operation_id = "documents_reprocess", params(("id" = Uuid, Path)),
    responses((status = 202, body = DocumentView), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[post("/documents/{id}/reprocess")]
pub(crate) async fn reprocess(
    Authenticated(caller, user): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let document = services
        .documents
        .change
        .reprocess(&caller, DocumentId(*id))
        .await?;
    Ok(with_version(HttpResponse::Accepted(), document, &user))
}
