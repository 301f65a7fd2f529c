use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    self, ByteRangeSpec, ContentDisposition, DispositionParam, DispositionType, EntityTag,
    ExtendedValue, Header as _, HeaderValue, Range,
};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, route};
use docuvault_domain::documents::{Content, Document, MimeType, Presentation};
use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::ByteRange;
use futures::TryStreamExt as _;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::bytes::begin;
use crate::http::caller::Authenticated;
use crate::http::conditional::client_has_it;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// How the content is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContentQuery {
    /// To be saved rather than shown, whatever its kind.
    download: Option<bool>,
}

/// The content of a document
///
/// The bytes as they were handed in, in every state of the document. `Range` is honoured. Kinds that
/// cannot carry script may be shown (`inline`), all others are for saving.
#[utoipa::path(
    get, path = "/documents/{id}/content",
    tag = "documents", operation_id = "documents_content",
    params(
        ("id" = Uuid, Path), ContentQuery,
        ("Range" = Option<String>, Header, description = "One range of bytes"),
        ("If-None-Match" = Option<String>, Header, description = "The ETag that the client has"),
    ),
    responses(
        (status = 200, description = "All bytes", content_type = "*/*"),
        (status = 206, description = "The range", content_type = "*/*"),
        (status = 304, description = "The client has them"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[route("/documents/{id}/content", method = "GET", method = "HEAD")]
pub(crate) async fn content(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
    query: Query<ContentQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let found = services
        .documents
        .download
        .locate(&caller, DocumentId(*id))
        .await?;
    let presentation = match query.download {
        Some(true) => Presentation::Attachment,
        Some(false) | None => Presentation::Inline,
    };
    answer(&services, &request, &found, presentation).await
}

/// The bytes, or the part of them that is asked for.
pub(super) async fn answer(
    services: &Services,
    request: &HttpRequest,
    found: &Content,
    presentation: Presentation,
) -> Result<HttpResponse, Problem> {
    let document = &found.document;
    let tag = EntityTag::new_strong(document.sha256.as_str().to_owned());
    if client_has_it(request, &tag) {
        return Ok(begin(StatusCode::NOT_MODIFIED, tag).finish());
    }
    let size = document.size_bytes;
    let range = requested_range(request, &tag, size)?;
    let status = match range {
        Some(_) => StatusCode::PARTIAL_CONTENT,
        None => StatusCode::OK,
    };
    let mut response = begin(status, tag);
    response
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CONTENT_TYPE, content_type(document.mime_type)))
        .insert_header(disposition(document, presentation));
    if let Some(ByteRange { start, end }) = range {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {start}-{end}/{size}")));
    }
    let length = range.map_or(size, |range| range.end - range.start + 1);
    if request.method() == actix_web::http::Method::HEAD {
        return Ok(response.body(SizedStream::new(
            length,
            futures::stream::empty::<Result<_, std::io::Error>>(),
        )));
    }
    let bytes = services.documents.download.open(found, range).await?;
    Ok(response.body(SizedStream::new(
        length,
        bytes.map_err(std::io::Error::other),
    )))
}

/// The one range asked for. Several ranges, other units and a stale `If-Range` are answered by the
/// whole, as RFC 9110 (14.2) allows.
fn requested_range(
    request: &HttpRequest,
    tag: &EntityTag,
    size: u64,
) -> Result<Option<ByteRange>, Problem> {
    if let Some(condition) = request.headers().get(header::IF_RANGE)
        && condition.to_str().ok() != Some(tag.to_string().as_str())
    {
        return Ok(None);
    }
    let Some(Ok(Range::Bytes(ranges))) = request
        .headers()
        .contains_key(header::RANGE)
        .then(|| Range::parse(request))
    else {
        return Ok(None);
    };
    let [spec] = ranges.as_slice() else {
        return Ok(None);
    };
    if let ByteRangeSpec::FromTo(from, to) = spec
        && from > to
    {
        return Ok(None);
    }
    if let Some((start, end)) = spec.to_satisfiable_range(size) {
        return Ok(Some(ByteRange { start, end }));
    }
    let detail = format!("The content has {size} bytes.");
    let problem = Problem::new(ErrorCode::RangeNotSatisfiable, detail);
    Err(match HeaderValue::from_str(&format!("bytes */{size}")) {
        Ok(whole) => problem.with_header(header::CONTENT_RANGE, whole),
        Err(_) => problem,
    })
}

/// Text of any kind goes out as plain text: a browser must not take it for anything else. It is
/// stored as it came, so its encoding is for the browser to find.
fn content_type(mime: MimeType) -> &'static str {
    if mime.is_text() {
        "text/plain"
    } else {
        mime.as_str()
    }
}

/// RFC 6266: an ASCII name for old clients, the whole name in the extended form of RFC 8187.
fn disposition(document: &Document, presentation: Presentation) -> ContentDisposition {
    let kept = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ';
    let name = &document.filename;
    let plain: String = name
        .chars()
        .map(|c| if kept(c) { c } else { '_' })
        .collect();
    let extended = ExtendedValue {
        charset: header::Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.as_bytes().to_vec(),
    };
    ContentDisposition {
        disposition: match presentation.of(document) {
            Presentation::Inline => DispositionType::Inline,
            Presentation::Attachment => DispositionType::Attachment,
        },
        parameters: vec![
            DispositionParam::Filename(plain),
            DispositionParam::FilenameExt(extended),
        ],
    }
}
