use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, post, route};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use docuvault_domain::documents::{Link, Presentation};
use docuvault_domain::ids::DocumentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::content;
use crate::http::OwnUrl;
use crate::http::caller::ReadOnly;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// How the content is wanted.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Disposition)]
pub(crate) enum DispositionName {
    /// To be saved.
    #[default]
    Attachment,
    /// To be shown, where its kind can carry no script.
    Inline,
}

/// What the address is for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DownloadUrlRequest {
    #[serde(default)]
    disposition: DispositionName,
}

/// An address that needs nothing else.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DownloadUrl {
    /// For this one document, and for a minute.
    url: String,
    #[schema(format = DateTime)]
    expires_at: String,
}

/// An address for a download
///
/// For browsers, which send no token when they save a file: it works for a minute, without anything
/// else.
#[utoipa::path(
    tag = "documents", operation_id = "documents_download_url",
    params(("id" = Uuid, Path)),
    request_body = Option<DownloadUrlRequest>,
    responses(
        (status = 200, body = DownloadUrl),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/documents/{id}/download-url")]
pub(crate) async fn issue(
    ReadOnly(caller): ReadOnly,
    services: Data<Services>,
    own_url: Data<OwnUrl>,
    id: Path<Uuid>,
    request: HttpRequest,
    body: Option<Json<DownloadUrlRequest>>,
) -> Result<HttpResponse, Problem> {
    let asked = body.map(Json::into_inner).unwrap_or_default();
    let presentation = match asked.disposition {
        DispositionName::Attachment => Presentation::Attachment,
        DispositionName::Inline => Presentation::Inline,
    };
    let links = &services.documents.download_links;
    let (link, ends) = links.issue(&caller, DocumentId(*id), presentation).await?;
    let url = match link {
        Link::Store(url) => url,
        Link::Vault(ticket) => format!(
            "{}/api/documents/{id}/download/{}",
            own_url.of(&request),
            URL_SAFE_NO_PAD.encode(ticket)
        ),
    };
    Ok(HttpResponse::Ok().json(DownloadUrl {
        url,
        expires_at: ends.to_rfc3339(),
    }))
}

/// The content of a document, by an address that was given out
#[utoipa::path(
    get, path = "/documents/{id}/download/{ticket}",
    tag = "documents", operation_id = "documents_download",
    params(
        ("id" = Uuid, Path), ("ticket" = String, Path),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
    ),
    responses(
        (status = 200, description = "All bytes", content_type = "*/*"),
        (status = 206, description = "The range", content_type = "*/*"),
        (status = 304, description = "The client has them"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[route("/documents/{id}/download/{ticket}", method = "GET", method = "HEAD")]
pub(crate) async fn redeem(
    services: Data<Services>,
    path: Path<(Uuid, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (id, ticket) = path.into_inner();
    let ticket = URL_SAFE_NO_PAD.decode(ticket);
    let ticket = ticket.map_err(|_| Problem::not_found())?;
    let links = &services.documents.download_links;
    let (found, presentation) = links.redeem(DocumentId(id), &ticket).await?;
    content::answer(&services, &request, &found, presentation).await
}
