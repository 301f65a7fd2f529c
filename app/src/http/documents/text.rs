use actix_web::get;
use actix_web::web::{Data, Json, Path};
use docuvault_domain::ids::DocumentId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::caller::Authenticated;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// The text of a page. Untrusted: show it as text only.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PageText {
    /// From 1.
    number: usize,
    text: String,
}

/// The text of a document. Untrusted: show it as text only.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentText {
    /// All pages, a blank line between them.
    text: String,
    /// ISO 639-1.
    language: Option<String>,
    pages: Vec<PageText>,
}

/// The text of a document
///
/// Empty until the document has been read, and where it has no text.
#[utoipa::path(
    tag = "documents", operation_id = "documents_text", params(("id" = Uuid, Path)),
    responses((status = 200, body = DocumentText), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[get("/documents/{id}/text")]
pub(crate) async fn text(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<Json<DocumentText>, Problem> {
    let documents = services.core.store.documents();
    let id = DocumentId(*id);
    let document = documents
        .find(&caller, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    let pages = documents
        .text(&caller, id)
        .await?
        .ok_or_else(Problem::not_found)?;
    Ok(Json(DocumentText {
        text: pages.join("\n\n"),
        language: document.language.value,
        pages: pages
            .into_iter()
            .enumerate()
            .map(|(index, text)| PageText {
                number: index + 1,
                text,
            })
            .collect(),
    }))
}
