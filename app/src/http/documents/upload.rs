use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, post};
use docuvault_domain::accounts::User;
use docuvault_domain::documents::{Document, OnDuplicate, UploadClaim};
use docuvault_domain::ports::IdempotencyKey;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::intake::{Intake, To, receive};
use super::views::DocumentView;
use crate::http::Limits;
use crate::http::caller::Authenticated;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;
use crate::uploads::PendingUpload;

/// What to do with bytes that are there already.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// `reject` answers `409 duplicate_document` in place of keeping both.
    #[param(inline)]
    on_duplicate: Option<OnDuplicateName>,
}

/// What to do with a duplicate.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnDuplicateName {
    /// Keep both.
    Keep,
    /// Refuse the new one.
    Reject,
}

/// A document to be kept.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form; the handler reads it as a stream"
)]
pub(crate) struct UploadForm {
    /// The file. Its kind is decided by its content.
    #[schema(content_media_type = "application/octet-stream", value_type = String, format = Binary)]
    file: Vec<u8>,
    /// A title; made from the file otherwise.
    #[schema(max_length = 255)]
    title: Option<String>,
    /// The folder to put it into. There are no folders yet: leave it out.
    folder_id: Option<Uuid>,
}

/// More than the lines around a file in a form take up.
const FORM_LINES: u64 = 64 * 1024;

/// Upload a document
///
/// The answer means that the document is safe: bytes, row and job are durable. It is read and filed
/// afterwards; follow `status`, or `GET /api/events`. With an `Idempotency-Key` the request can be
/// repeated without doubling the document.
#[utoipa::path(
    tag = "documents", operation_id = "documents_upload",
    params(
        UploadQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters, remembered for 24 hours"),
    ),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = DocumentView, headers(("Location" = String, description = "The document"))),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/documents/upload")]
pub(crate) async fn upload(
    Authenticated(caller, user): Authenticated,
    services: Data<Services>,
    limits: Data<Limits>,
    query: Query<UploadQuery>,
    request: HttpRequest,
    form: Multipart,
) -> Result<HttpResponse, Problem> {
    let on_duplicate = match query.on_duplicate {
        Some(OnDuplicateName::Reject) => OnDuplicate::Reject,
        Some(OnDuplicateName::Keep) | None => OnDuplicate::Keep,
    };
    let key = idempotency_key(&request)?;
    let services = services.into_inner();
    let claim = match &key {
        Some(key) => services.documents.upload.claim(&caller, key).await?,
        None => UploadClaim::Proceed,
    };
    let max_bytes = limits.max_upload_bytes;
    let size_hint = content_length(&request);
    let document = match claim {
        UploadClaim::Proceed => {
            let pending = PendingUpload::new(services.clone(), caller, key);
            let mut intake = Intake {
                services: services.clone(),
                max_bytes,
                size_hint,
                to: To::Store(pending),
            };
            // The form's own lines are part of the length.
            let at_least = size_hint.map_or(0, |bytes| bytes.saturating_sub(FORM_LINES));
            let room = services
                .documents
                .upload
                .check_room(&caller, at_least)
                .await;
            let received = match room {
                Ok(()) => receive(form, &mut intake).await,
                Err(error) => Err(error.into()),
            };
            match received {
                Ok(received) => intake.finish(received, on_duplicate).await?,
                Err(problem) => {
                    intake.undo().await;
                    return Err(problem);
                }
            }
        }
        UploadClaim::Answered {
            document,
            fingerprint,
        } => {
            let to = To::Digest;
            let mut intake = Intake {
                services: services.clone(),
                max_bytes,
                size_hint,
                to,
            };
            let received = receive(form, &mut intake).await?;
            let (stored, new) = received.into_parts(on_duplicate);
            let answered = (document, fingerprint.as_str());
            let found = services
                .documents
                .upload
                .replay(&caller, answered, &stored, &new)
                .await?;
            found.ok_or_else(Problem::not_found)?
        }
    };
    Ok(created(document, &user))
}

fn created(document: Document, owner: &User) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/api/documents/{}", document.id)))
        .json(DocumentView::of(document, owner))
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().ok().and_then(IdempotencyKey::parse);
    key.map(Some).ok_or_else(|| {
        Problem::field(
            "Idempotency-Key",
            "Must have 1 to 255 visible ASCII characters.",
        )
    })
}

fn content_length(request: &HttpRequest) -> Option<u64> {
    request
        .headers()
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}
