use actix_web::body::SizedStream;
use actix_web::http::header::{self, EntityTag};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, route};
use docuvault_domain::ids::DocumentId;
use futures::TryStreamExt as _;
use uuid::Uuid;

use super::bytes::begin;
use crate::http::caller::Authenticated;
use crate::http::conditional::client_has_it;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// A picture of a document's first page
///
/// A small WebP file, its longer edge at most 400 pixels. Made when the document is read, of PDF and
/// of images; `404 no_thumbnail` until then, and where there is none. Its bytes may change when the
/// document is read again, and the `ETag` with them.
#[utoipa::path(
    get, path = "/documents/{id}/thumbnail",
    tag = "documents", operation_id = "documents_thumbnail",
    params(
        ("id" = Uuid, Path),
        ("If-None-Match" = Option<String>, Header, description = "The ETag that the client has"),
    ),
    responses(
        (status = 200, description = "The picture", content_type = "image/webp"),
        (status = 304, description = "The client has it"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[route("/documents/{id}/thumbnail", method = "GET", method = "HEAD")]
pub(crate) async fn thumbnail(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let downloads = &services.documents.download;
    let thumbnail = downloads.locate_thumbnail(&caller, DocumentId(*id)).await?;
    let tag = EntityTag::new_strong(thumbnail.stored.sha256.as_str().to_owned());
    if client_has_it(&request, &tag) {
        return Ok(begin(StatusCode::NOT_MODIFIED, tag).finish());
    }
    let mut response = begin(StatusCode::OK, tag);
    response
        .insert_header((header::CONTENT_TYPE, "image/webp"))
        .insert_header((header::CONTENT_DISPOSITION, "inline"));
    let size = thumbnail.stored.size;
    if request.method() == Method::HEAD {
        let nothing = futures::stream::empty::<Result<_, std::io::Error>>();
        return Ok(response.body(SizedStream::new(size, nothing)));
    }
    let bytes = downloads.open_thumbnail(&thumbnail).await?;
    let bytes = bytes.map_err(std::io::Error::other);
    Ok(response.body(SizedStream::new(size, bytes)))
}
