use std::fmt::Write as _;

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::audit::{
    Actor, AuditCursor, AuditEntry, AuditLine, AuditOutcome, AuditQuery,
};
use docuvault_domain::ids::{AuditId, UserId};
use docuvault_domain::page::Page;
use docuvault_domain::ports::AuditRepo;
use sea_orm::{ConnectionTrait, DbErr, Value};

use crate::sql::{Fields, SqlRepos, maybe_text, number, rows_of_placeholders, text, time};

#[async_trait]
impl<C: ConnectionTrait + Send> AuditRepo for SqlRepos<C> {
    async fn append(&self, lines: &[AuditLine]) -> Result<(), PortError> {
        if lines.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO audit_log (id, at, actor_id, actor_kind, owner_id, action, \
             resource_kind, resource_id, outcome, address, request_id) VALUES {}",
            rows_of_placeholders(lines.len(), 11)
        );
        let values = lines.iter().flat_map(values).collect();
        self.execute("writing the audit trail", sql, values).await?;
        Ok(())
    }

    async fn list(&self, query: &AuditQuery) -> Result<Page<AuditEntry, AuditCursor>, PortError> {
        let (condition, mut values) = filtered(query);
        values.push(number(query.limit.get() + 1));
        let limit = values.len();
        let sql = format!(
            "SELECT audit_log.id, at, actor_id, users.handle, actor_kind, action, resource_kind, \
             resource_id, outcome, address, request_id \
             FROM audit_log LEFT JOIN users ON users.id = actor_id \
             WHERE 1 = 1{condition} ORDER BY at DESC, audit_log.id DESC LIMIT ${limit}"
        );
        let found = self.all("reading the audit trail", sql, values, entry);
        Ok(Page::cut(found.await?, query.limit, |last| {
            (last.at, last.id)
        }))
    }
}

/// The conditions of `query`, each beginning with AND, and their values.
fn filtered(query: &AuditQuery) -> (String, Vec<Value>) {
    let (mut sql, mut values) = (String::new(), Vec::new());
    let mut and = |condition: &str, value: Value| {
        values.push(value);
        let _ = write!(sql, " AND {condition} ${}", values.len());
    };
    let filter = &query.filter;
    match &filter.actor {
        Some(Actor::Id(id)) => and("actor_id =", id.0.into()),
        Some(Actor::Handle(handle)) => and("users.handle_key =", text(&handle.key())),
        None => {}
    }
    if let Some(action) = &filter.action {
        and("action =", text(action));
    }
    if let Some(id) = filter.resource {
        and("resource_id =", id.into());
    }
    if let Some(outcome) = filter.outcome {
        and("outcome =", text(outcome.as_str()));
    }
    if let Some(address) = &filter.address {
        and("address =", text(address));
    }
    if let Some(from) = filter.from {
        and("at >=", time(from));
    }
    if let Some(to) = filter.to {
        and("at <=", time(to));
    }
    if let Some((at, id)) = query.after {
        values.extend([time(at), id.0.into()]);
        let (at, id) = (values.len() - 1, values.len());
        let _ = write!(sql, " AND (at, audit_log.id) < (${at}, ${id})");
    }
    (sql, values)
}

fn entry(fields: &mut Fields<'_>) -> Result<AuditEntry, DbErr> {
    Ok(AuditEntry {
        id: AuditId(fields.get()?),
        at: fields.time()?,
        actor: fields.get::<Option<_>>()?.map(UserId),
        actor_handle: fields
            .get::<Option<String>>()?
            .filter(|handle| !handle.is_empty()),
        actor_kind: fields.get()?,
        action: fields.get()?,
        resource_kind: fields.get()?,
        resource: fields.get()?,
        outcome: fields.parsed(|name| match name {
            "ok" => Some(AuditOutcome::Done),
            "refused" => Some(AuditOutcome::Refused),
            _ => None,
        })?,
        address: fields.get()?,
        request_id: fields.get()?,
    })
}

fn values(line: &AuditLine) -> [Value; 11] {
    let (resource_kind, resource) = line.resource.parts();
    [
        line.id.0.into(),
        time(line.at),
        line.actor.map(|actor| actor.0).into(),
        text(line.actor_kind),
        line.owner.0.into(),
        text(line.action.as_str()),
        text(resource_kind),
        resource.into(),
        text(line.outcome.as_str()),
        maybe_text(line.address.as_deref()),
        line.request_id.into(),
    ]
}
