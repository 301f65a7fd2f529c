use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use docuvault_domain::audit::{AuditEntry, ReadActivityError};
use docuvault_domain::ids::DocumentId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::caller::Authenticated;
use crate::http::page;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::trail::{self, ActorView, OutcomeView};
use crate::services::Services;

/// A page of acts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 128)]
    cursor: Option<String>,
}

/// What somebody did to a document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Activity {
    id: Uuid,
    #[schema(format = DateTime)]
    at: String,
    /// Null where no account did it.
    actor: Option<ActorView>,
    /// `person`, `token`, `operator` or `system`.
    actor_kind: String,
    /// As in the audit trail, such as `document.edited`.
    action: String,
    outcome: OutcomeView,
}

impl From<AuditEntry> for Activity {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id.0,
            at: entry.at.to_rfc3339(),
            actor: ActorView::of(&entry),
            actor_kind: entry.actor_kind,
            action: entry.action,
            outcome: entry.outcome.into(),
        }
    }
}

/// A page of what was done to a document.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActivityPage {
    items: Vec<Activity>,
    next_cursor: Option<String>,
}

/// Who did what to a document, and when
#[utoipa::path(
    tag = "documents", operation_id = "documents_activity",
    params(("id" = Uuid, Path), Paging),
    responses(
        (status = 200, body = ActivityPage, description = "Newest first"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/documents/{id}/activity")]
pub(crate) async fn activity(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
    query: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let (limit, after) = (page::limit(query.limit)?, query.cursor.as_deref());
    let after = after.map(trail::parse_cursor).transpose()?;
    let read = services
        .audit
        .activity
        .page(&caller, DocumentId(*id), limit, after);
    let found = read.await?;
    Ok(HttpResponse::Ok().json(ActivityPage {
        items: found.items.into_iter().map(Activity::from).collect(),
        next_cursor: found.next.map(trail::cursor),
    }))
}

impl From<ReadActivityError> for Problem {
    fn from(error: ReadActivityError) -> Self {
        match error {
            ReadActivityError::NotFound => Self::not_found(),
            ReadActivityError::Port(error) => error.into(),
        }
    }
}
