use actix_web::http::header;
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpResponse, get};
use docuvault_domain::accounts::User;
use docuvault_domain::documents::Document;
use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::{DocumentQuery, Sort};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::filters::{Filter, Selected, SortName};
use super::views::DocumentView;
use crate::http::caller::Authenticated;
use crate::http::page;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// Order and place in the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    /// The order; `-created_at` unless set.
    #[param(inline)]
    sort: Option<SortName>,
    /// How many; 50 unless set.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before, in the same order.
    cursor: Option<String>,
    /// Also count all that match.
    total: Option<bool>,
}

/// A page of documents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentList {
    items: Vec<DocumentView>,
    /// Where the next page starts; null on the last.
    next_cursor: Option<String>,
    /// How many match in all, if asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
}

/// Documents
///
/// Newest first unless `sort` says otherwise.
#[utoipa::path(
    tag = "documents", operation_id = "documents_list", params(Filter, Paging),
    responses((status = 200, body = DocumentList), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[get("/documents")]
pub(crate) async fn list(
    Authenticated(caller, user): Authenticated,
    services: Data<Services>,
    filter: Query<Filter>,
    paging: Query<Paging>,
) -> Result<Json<DocumentList>, Problem> {
    let (filter, paging) = (filter.into_inner(), paging.into_inner());
    let sort: Sort = paging.sort.unwrap_or_default().into();
    let limit = page::limit(paging.limit)?;
    let after = match paging.cursor {
        Some(cursor) => Some(page::decode_document_cursor(sort, &cursor).ok_or_else(|| {
            Problem::field("cursor", "Must be next_cursor of a page in the same order.")
        })?),
        None => None,
    };
    let wants_total = paging.total.unwrap_or(false);
    let Selected::Matching(filter) = filter.parse()? else {
        let total = wants_total.then_some(0);
        return Ok(Json(DocumentList {
            items: Vec::new(),
            next_cursor: None,
            total,
        }));
    };
    let documents = services.core.store.documents();
    let total = if wants_total {
        Some(documents.count(&caller, &filter).await?)
    } else {
        None
    };
    let query = DocumentQuery {
        filter,
        sort,
        limit,
        after,
    };
    let found = documents.list(&caller, &query).await?;
    Ok(Json(DocumentList {
        items: found
            .items
            .into_iter()
            .map(|it| DocumentView::of(it, &user))
            .collect(),
        next_cursor: found
            .next
            .map(|after| page::encode_document_cursor(sort, after)),
        total,
    }))
}

/// One document
#[utoipa::path(
    tag = "documents", operation_id = "documents_get", params(("id" = Uuid, Path)),
    responses((status = 200, body = DocumentView), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[get("/documents/{id}")]
pub(crate) async fn get(
    Authenticated(caller, user): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let document = services
        .core
        .store
        .documents()
        .find(&caller, DocumentId(*id))
        .await?;
    Ok(with_version(
        HttpResponse::Ok(),
        document.ok_or_else(Problem::not_found)?,
        &user,
    ))
}

/// A document as answer, its version as `ETag`.
pub(super) fn with_version(
    mut response: actix_web::HttpResponseBuilder,
    document: Document,
    owner: &User,
) -> HttpResponse {
    let tag = header::EntityTag::new_strong(document.revision.to_string());
    response
        .insert_header(header::ETag(tag))
        .json(DocumentView::of(document, owner))
}
