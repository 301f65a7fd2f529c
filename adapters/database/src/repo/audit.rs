use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::audit::{AuditLine, Outcome, Resource};
use docuvault_domain::ports::AuditRepo;
use sea_orm::{ConnectionTrait, Value};

use crate::sql::{SqlRepos, maybe_text, rows_of_placeholders, text, time};

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
}

fn values(line: &AuditLine) -> [Value; 11] {
    let (resource_kind, resource) = match line.resource {
        Resource::Document(id) => ("document", id.0),
        Resource::Topic(id) => ("topic", id.0),
        Resource::Account(id) => ("account", id.0),
        Resource::Session(id) => ("session", id.0),
    };
    let outcome = match line.outcome {
        Outcome::Done => "ok",
        Outcome::Refused => "refused",
    };
    [
        line.id.0.into(),
        time(line.at),
        line.actor.map(|actor| actor.0).into(),
        text(line.actor_kind),
        line.owner.0.map(|owner| owner.0).into(),
        text(line.action.as_str()),
        text(resource_kind),
        resource.into(),
        text(outcome),
        maybe_text(line.address.as_deref()),
        line.request_id.into(),
    ]
}
