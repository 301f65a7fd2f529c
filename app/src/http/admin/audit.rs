use actix_web::http::header;
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpResponse, get};
use docuvault_domain::Caller;
use docuvault_domain::accounts::Handle;
use docuvault_domain::audit::{
    Actor, AuditEntry, AuditFilter, AuditOutcome, AuditQuery, ReadAuditError,
};
use docuvault_domain::ids::UserId;
use docuvault_domain::page::Limit;
use futures::Stream;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::caller::Administrator;
use crate::http::fields::maybe_time;
use crate::http::page;
use crate::http::problem::{Problem, ProblemBody};
use crate::http::trail::{self, ActorView, OutcomeView};
use crate::services::Services;

/// Which lines; all conditions hold at once.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Conditions {
    /// A handle, or the id of an account.
    #[param(max_length = 64)]
    actor: Option<String>,
    /// The name of an act, such as `session.signed_in`.
    #[param(max_length = 64)]
    action: Option<String>,
    /// The id of what it was done to.
    resource: Option<Uuid>,
    #[param(inline)]
    outcome: Option<OutcomeView>,
    /// The network address, as it is shown.
    #[param(max_length = 45)]
    address: Option<String>,
    #[param(format = DateTime)]
    from: Option<String>,
    #[param(format = DateTime)]
    to: Option<String>,
}

/// A page of lines.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Paging {
    #[serde(flatten)]
    #[param(ignore)]
    conditions: Conditions,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 128)]
    cursor: Option<String>,
}

/// All lines.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Export {
    #[serde(flatten)]
    #[param(ignore)]
    conditions: Conditions,
    #[param(inline)]
    format: ExportFormat,
}

/// A format for taking the trail away.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ExportFormat {
    /// RFC 4180, with a head line.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

/// What it was done to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditResource)]
pub(crate) struct ResourceView {
    kind: String,
    /// Null where it is about nothing in particular.
    id: Option<Uuid>,
}

/// A line of the trail. It names things by their ids only.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct EntryView {
    id: Uuid,
    #[schema(format = DateTime)]
    at: String,
    actor: Option<ActorView>,
    /// `person`, `token`, `anonymous`, `operator` or `system`.
    actor_kind: String,
    action: String,
    resource: ResourceView,
    outcome: OutcomeView,
    address: Option<String>,
    request_id: Option<Uuid>,
}

impl From<AuditEntry> for EntryView {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id.0,
            at: entry.at.to_rfc3339(),
            actor: ActorView::of(&entry),
            actor_kind: entry.actor_kind,
            action: entry.action,
            resource: ResourceView {
                kind: entry.resource_kind,
                id: Some(entry.resource).filter(|id| UserId(*id) != UserId::NOBODY),
            },
            outcome: entry.outcome.into(),
            address: entry.address,
            request_id: entry.request_id,
        }
    }
}

/// A page of the trail.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditPage {
    items: Vec<EntryView>,
    next_cursor: Option<String>,
}

/// Read the audit trail
#[utoipa::path(
    get, path = "/admin/audit",
    tag = "admin", operation_id = "admin_audit_list",
    params(Conditions, Paging),
    responses(
        (status = 200, body = AuditPage, description = "Newest first"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/admin/audit")]
pub(crate) async fn list(
    Administrator(caller): Administrator,
    services: Data<Services>,
    query: Query<Paging>,
) -> Result<HttpResponse, Problem> {
    let asked = query.into_inner();
    let query = AuditQuery {
        filter: asked.conditions.parse()?,
        limit: page::limit(asked.limit)?,
        after: asked
            .cursor
            .as_deref()
            .map(trail::parse_cursor)
            .transpose()?,
    };
    let found = services.audit.read.page(&caller, &query).await?;
    Ok(HttpResponse::Ok().json(AuditPage {
        items: found.items.into_iter().map(EntryView::from).collect(),
        next_cursor: found.next.map(trail::cursor),
    }))
}

/// Take the audit trail away
///
/// All lines that fit, newest first, however many: they are streamed. It leaves a line of its own.
#[utoipa::path(
    get, path = "/admin/audit/export",
    tag = "admin", operation_id = "admin_audit_export",
    params(Conditions, Export),
    responses(
        (status = 200, description = "The lines", content(
            (String = "text/csv"), (String = "application/x-ndjson"),
        )),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/admin/audit/export")]
pub(crate) async fn export(
    Administrator(caller): Administrator,
    services: Data<Services>,
    query: Query<Export>,
) -> Result<HttpResponse, Problem> {
    let asked = query.into_inner();
    let query = AuditQuery {
        filter: asked.conditions.parse()?,
        limit: Limit::parse(Limit::MAX).unwrap_or_default(),
        after: None,
    };
    services.audit.read.begin_export(&caller).await?;
    let (mime, extension) = match asked.format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Ndjson => ("application/x-ndjson", "ndjson"),
    };
    Ok(HttpResponse::Ok()
        .content_type(mime)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"docuvault-audit.{extension}\""),
        ))
        .streaming(pages(services, caller, query, asked.format)))
}

impl Conditions {
    fn parse(self) -> Result<AuditFilter, Problem> {
        let clean = |name: &str, text: Option<String>| match text {
            Some(text) if text.contains('\0') => Err(Problem::field(name, "This is no text.")),
            text => Ok(text),
        };
        Ok(AuditFilter {
            actor: self.actor.as_deref().map(actor).transpose()?,
            action: clean("action", self.action)?,
            resource: self.resource,
            outcome: self.outcome.map(|outcome| match outcome {
                OutcomeView::Done => AuditOutcome::Done,
                OutcomeView::Refused => AuditOutcome::Refused,
            }),
            address: clean("address", self.address)?,
            from: maybe_time("from", self.from.as_deref())?,
            to: maybe_time("to", self.to.as_deref())?,
        })
    }
}

fn actor(text: &str) -> Result<Actor, Problem> {
    if let Ok(id) = text.trim().parse() {
        return Ok(Actor::Id(UserId(id)));
    }
    let handle = Handle::parse(text.trim());
    let handle =
        handle.map_err(|_| Problem::field("actor", "This is neither a handle nor an id."))?;
    Ok(Actor::Handle(handle))
}

const HEAD: [&str; 11] = [
    "id",
    "at",
    "actor_id",
    "actor_handle",
    "actor_kind",
    "action",
    "resource_kind",
    "resource_id",
    "outcome",
    "address",
    "request_id",
];

/// Page after page, with no transaction open in between.
fn pages(
    services: Data<Services>,
    caller: Caller,
    query: AuditQuery,
    format: ExportFormat,
) -> impl Stream<Item = Result<Bytes, Problem>> {
    let first = (services, Some(query), true);
    futures::stream::try_unfold(first, move |(services, query, is_first)| async move {
        let Some(query) = query else { return Ok(None) };
        let page = services.audit.read.page(&caller, &query).await?;
        let next = page.next.map(|after| AuditQuery {
            after: Some(after),
            ..query
        });
        let items = page.items.into_iter().map(EntryView::from);
        let bytes = match format {
            ExportFormat::Csv => csv_lines(items, is_first),
            ExportFormat::Ndjson => json_lines(items),
        };
        let bytes = bytes.map_err(|error| Problem::internal(&*error))?;
        Ok(Some((Bytes::from(bytes), (services, next, false))))
    })
}

type Written = Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;

fn json_lines(items: impl Iterator<Item = EntryView>) -> Written {
    let mut bytes = Vec::new();
    for item in items {
        serde_json::to_writer(&mut bytes, &item)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn csv_lines(items: impl Iterator<Item = EntryView>, with_head: bool) -> Written {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if with_head {
        writer.write_record(HEAD)?;
    }
    for item in items {
        let maybe = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        let (actor, handle) = match item.actor {
            Some(actor) => (actor.id.to_string(), actor.handle.unwrap_or_default()),
            None => (String::new(), String::new()),
        };
        let outcome = match item.outcome {
            OutcomeView::Done => "done",
            OutcomeView::Refused => "refused",
        };
        writer.write_record([
            item.id.to_string(),
            item.at,
            actor,
            handle,
            item.actor_kind,
            item.action,
            item.resource.kind,
            maybe(item.resource.id),
            outcome.to_owned(),
            item.address.unwrap_or_default(),
            maybe(item.request_id),
        ])?;
    }
    Ok(writer.into_inner()?)
}

impl From<ReadAuditError> for Problem {
    fn from(error: ReadAuditError) -> Self {
        match error {
            ReadAuditError::NotAllowed(error) => error.into(),
            ReadAuditError::Port(error) => error.into(),
        }
    }
}
