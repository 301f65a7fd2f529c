use actix_web::post;
use actix_web::web::{Data, Json};
use docuvault_domain::documents::{BulkAction, BulkError, BulkOutcome, BulkSelection};
use docuvault_domain::ids::DocumentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::edit::topic_refs;
use super::filters::{Selected, StrictFilter};
use crate::http::caller::Authenticated;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// What to do with each document.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BulkActionName {
    /// Into the trash.
    Trash,
    /// Out of the trash.
    Restore,
    /// For ever, bytes included.
    Delete,
    /// File under `topics` as well.
    AddTopics,
    /// No longer file under `topics`.
    RemoveTopics,
    /// Read and file again.
    Reprocess,
}

/// One thing to do with many documents: those of `ids`, or all that `filter` matches but for those
/// of `except`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BulkRequest {
    action: BulkActionName,
    #[schema(max_items = 500)]
    ids: Option<Vec<Uuid>>,
    filter: Option<StrictFilter>,
    except: Option<Vec<Uuid>>,
    /// For `add_topics` and `remove_topics`: each an id or a name.
    #[schema(max_items = 50)]
    topics: Option<Vec<String>>,
}

/// What became of one document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkItem {
    id: Uuid,
    ok: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<ErrorCode>,
    /// Why not, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// What became of each document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BulkResponse {
    results: Vec<BulkItem>,
    succeeded: usize,
    failed: usize,
}

/// Many documents at once
///
/// Answers for each: one that cannot be changed does not stop the others.
#[utoipa::path(
    tag = "documents", operation_id = "documents_bulk", request_body = BulkRequest,
    responses((status = 200, body = BulkResponse), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[post("/documents/bulk")]
pub(crate) async fn bulk(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    body: Json<BulkRequest>,
) -> Result<Json<BulkResponse>, Problem> {
    let BulkRequest {
        action,
        ids,
        filter,
        except,
        topics,
    } = body.into_inner();
    let action = parse_action(action, topics)?;
    let outcomes = match select(ids, filter, except)? {
        Some(selection) => {
            services
                .documents
                .change
                .bulk(&caller, action, selection)
                .await?
        }
        None => Vec::new(),
    };
    let results: Vec<_> = outcomes.into_iter().map(item).collect();
    let succeeded = results.iter().filter(|item| item.ok).count();
    let failed = results.len() - succeeded;
    Ok(Json(BulkResponse {
        results,
        succeeded,
        failed,
    }))
}

fn parse_action(name: BulkActionName, topics: Option<Vec<String>>) -> Result<BulkAction, Problem> {
    let wants_topics = matches!(
        name,
        BulkActionName::AddTopics | BulkActionName::RemoveTopics
    );
    if wants_topics != topics.as_ref().is_some_and(|topics| !topics.is_empty()) {
        return Err(Problem::field(
            "topics",
            "Needed for add_topics and remove_topics, and for nothing else.",
        ));
    }
    let topics = topic_refs(&topics.unwrap_or_default())?;
    Ok(match name {
        BulkActionName::Trash => BulkAction::Trash,
        BulkActionName::Restore => BulkAction::Restore,
        BulkActionName::Delete => BulkAction::Delete,
        BulkActionName::Reprocess => BulkAction::Reprocess,
        BulkActionName::AddTopics => BulkAction::AddTopics(topics),
        BulkActionName::RemoveTopics => BulkAction::RemoveTopics(topics),
    })
}

/// `None` when the filter can match nothing.
fn select(
    ids: Option<Vec<Uuid>>,
    filter: Option<StrictFilter>,
    except: Option<Vec<Uuid>>,
) -> Result<Option<BulkSelection>, Problem> {
    match (ids, filter) {
        (Some(ids), None) if except.is_none() => Ok(Some(BulkSelection::Ids(
            ids.into_iter().map(DocumentId).collect(),
        ))),
        (None, Some(StrictFilter(filter))) => Ok(match filter.parse()? {
            Selected::Matching(filter) => {
                let except = except
                    .unwrap_or_default()
                    .into_iter()
                    .map(DocumentId)
                    .collect();
                Some(BulkSelection::Filter(Box::new(filter), except))
            }
            Selected::Nothing => None,
        }),
        _ => Err(Problem::field(
            "ids",
            "Give either ids, or a filter with an optional except.",
        )),
    }
}

fn item(outcome: BulkOutcome) -> BulkItem {
    let problem = outcome.result.err().map(Problem::from);
    BulkItem {
        id: outcome.id.0,
        ok: problem.is_none(),
        code: problem.as_ref().map(Problem::code),
        detail: problem.map(|problem| problem.detail().to_owned()),
    }
}

impl From<BulkError> for Problem {
    fn from(error: BulkError) -> Self {
        match error {
            BulkError::TooMany => {
                Self::field("ids", "At most 500 ids at once; use a filter for more.")
            }
            BulkError::Topic(error) => error.into(),
            BulkError::Port(error) => error.into(),
        }
    }
}
