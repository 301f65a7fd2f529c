use actix_web::http::header;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, patch};
use docuvault_domain::documents::{Edits, Title, TopicRef};
use docuvault_domain::ids::DocumentId;
use serde::Deserialize;
use time::Date;
use utoipa::ToSchema;
use uuid::Uuid;

use super::filters::date_of;
use super::list::with_version;
use super::views::DocumentView;
use crate::http::caller::Authenticated;
use crate::http::fields::maybe_parsed;
use crate::http::nullable::Nullable;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

const MAX_TOPICS: usize = 50;

/// What to change; what is not mentioned stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DocumentPatch {
    /// A new title.
    #[schema(min_length = 1, max_length = 255)]
    title: Option<String>,
    /// The whole list of topics, each an id or a name; new names become topics.
    #[schema(max_items = 50)]
    topics: Option<Vec<String>>,
    /// The day it bears, null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    document_date: Nullable<String>,
    /// Who sent it, null for nobody.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 120)]
    correspondent: Nullable<String>,
    /// The folder it lies in. There are no folders yet: null only.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    folder_id: Nullable<Uuid>,
}

/// Change a document
///
/// What a person sets is never overwritten by rules or AI. With `If-Match` only the version that the
/// client knows is changed.
#[utoipa::path(
    tag = "documents", operation_id = "documents_update",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The version as quoted ETag, or *"),
    ),
    request_body = DocumentPatch,
    responses((status = 200, body = DocumentView), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[patch("/documents/{id}")]
pub(crate) async fn edit(
    Authenticated(caller, user): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
    request: HttpRequest,
    body: Json<DocumentPatch>,
) -> Result<HttpResponse, Problem> {
    let edits = Edits {
        expected_revision: if_match(&request)?,
        ..parse(body.into_inner())?
    };
    let document = services
        .documents
        .change
        .edit(&caller, DocumentId(*id), edits)
        .await?;
    Ok(with_version(HttpResponse::Ok(), document, &user))
}

fn parse(patch: DocumentPatch) -> Result<Edits, Problem> {
    if matches!(patch.folder_id, Nullable::Value(_)) {
        return Err(Problem::field("folder_id", "You have no such folder."));
    }
    Ok(Edits {
        title: maybe_parsed("title", patch.title.as_deref(), Title::parse)?,
        document_date: patch.document_date.into_patch(|text| day(&text))?,
        correspondent: patch.correspondent.into_patch(|text| sender(&text))?,
        topics: patch.topics.as_deref().map(topic_refs).transpose()?,
        expected_revision: None,
    })
}

/// Reads a list of topics by id or name.
pub(super) fn topic_refs(topics: &[String]) -> Result<Vec<TopicRef>, Problem> {
    if topics.len() > MAX_TOPICS {
        return Err(Problem::field(
            "topics",
            format!("At most {MAX_TOPICS} topics."),
        ));
    }
    topics
        .iter()
        .map(|topic| TopicRef::parse(topic).map_err(Problem::from))
        .collect()
}

fn day(text: &str) -> Result<Date, Problem> {
    let date = date_of("document_date", Some(text))?;
    date.ok_or_else(|| Problem::field("document_date", "Must be a day like 2026-03-01."))
}

fn sender(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= 120;
    if fits && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(Problem::field(
            "correspondent",
            "Must have 1 to 120 characters on one line.",
        ))
    }
}

/// The version that `If-Match` demands; `None` for no demand or `*` (RFC 9110, 13.1.1).
fn if_match(request: &HttpRequest) -> Result<Option<u32>, Problem> {
    let Some(value) = request.headers().get(header::IF_MATCH) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(text);
    let version = version.parse().map(Some);
    version
        .map_err(|_| Problem::field("If-Match", "Must be the document's version, such as \"3\"."))
}
