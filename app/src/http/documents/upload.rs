use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, post};
use docuvault_domain::accounts::User;
use docuvault_domain::documents::{Document, OnDuplicate, UploadClaim, UploadError};
use docuvault_domain::ports::IdempotencyKey;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::multipart_upload::{Destination, MultipartUpload, receive};
use super::views::DocumentView;
use crate::http::RequestLimits;
use crate::http::caller::Authenticated;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
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
    limits: Data<RequestLimits>,
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
            let mut multipart_upload = MultipartUpload {
                services: services.clone(),
                max_bytes,
                size_hint,
                to: Destination::Store(pending),
            };
            // The form's own lines are part of the length.
            let at_least = size_hint.map_or(0, |bytes| bytes.saturating_sub(FORM_LINES));
            let room = services
                .documents
                .upload
                .check_room(&caller, at_least)
                .await;
            let received = match room {
                Ok(()) => receive(form, &mut multipart_upload).await,
                Err(error) => Err(error.into()),
            };
            match received {
                Ok(received) => multipart_upload.finish(received, on_duplicate).await?,
                Err(problem) => {
                    multipart_upload.undo().await;
                    return Err(problem);
                }
            }
        }
        UploadClaim::Answered {
            document,
            fingerprint,
        } => {
            let to = Destination::Digest;
            let mut multipart_upload = MultipartUpload {
                services: services.clone(),
                max_bytes,
                size_hint,
                to,
            };
            let received = receive(form, &mut multipart_upload).await?;
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

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::TooLarge(limit) => Self::new(
                ErrorCode::FileTooLarge,
                format!(
                    "The file is larger than {} MiB, which is the most this vault takes. Nothing \
                     was kept.",
                    limit / (1024 * 1024)
                ),
            ),
            UploadError::Empty => Self::new(
                ErrorCode::EmptyFile,
                "The file has no content. Nothing was kept.",
            ),
            UploadError::Aborted => Self::new(
                ErrorCode::MalformedBody,
                "The upload broke off before its end. Nothing was kept; please send it again.",
            ),
            UploadError::OverQuota(quota) => {
                let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
                let (used, limit) = (mib(quota.used_bytes), mib(quota.limit_bytes));
                let detail = format!(
                    "You use {used} of the {limit} MiB that you may keep, and this does not fit. Nothing \
                     was kept; delete something for ever, or ask an administrator for more room."
                );
                Self::new(ErrorCode::QuotaExceeded, detail)
            }
            UploadError::Duplicate(id) => {
                let detail = format!("You have a document with exactly this content: {id}.");
                Self::new(ErrorCode::DuplicateDocument, detail).with_document(id.0)
            }
            UploadError::InProgress => Self::new(
                ErrorCode::IdempotencyInProgress,
                "An upload with this Idempotency-Key is under way. Ask again when it is finished.",
            )
            .retry_after(2),
            UploadError::KeyMismatch => Self::new(
                ErrorCode::IdempotencyMismatch,
                "This Idempotency-Key was used for another upload. Nothing was kept; use a new key.",
            ),
            UploadError::Expired => Self::fault(
                ErrorCode::StorageUnavailable,
                "The upload took too long and was cleaned up. Nothing was kept; please send it again.",
                &error,
            ),
            UploadError::Storage(error) => Self::fault(
                ErrorCode::StorageUnavailable,
                "The storage does not work at the moment. Nothing was kept; please try again \
                 in a few seconds.",
                &error,
            ),
            UploadError::Port(error) => error.into(),
        }
    }
}
