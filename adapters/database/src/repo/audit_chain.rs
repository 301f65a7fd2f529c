use async_trait::async_trait;
use docuvault_domain::audit::{ChainEnd, ChainPosition, Link, StoredLine, Unsealed};
use docuvault_domain::ids::AuditId;
use docuvault_domain::ports::{AuditChainRepo, Mac};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql::{Fields, SqlRepos, number, rows_of_placeholders, text, time};

const READING: &str = "reading the chain of the audit trail";

const LINE: &str = "audit_log.id, at, actor_id, actor_kind, owner_id, action, resource_kind, \
                    resource_id, outcome, address, request_id";

const WITHOUT_LINK: &str =
    "NOT EXISTS (SELECT 1 FROM audit_chain WHERE audit_chain.line_id = audit_log.id)";

#[async_trait]
impl<C: ConnectionTrait + Send> AuditChainRepo for SqlRepos<C> {
    async fn end(&self) -> Result<Option<ChainEnd>, PortError> {
        let sql = "SELECT position, mac, at FROM audit_chain \
                   LEFT JOIN audit_log ON audit_log.id = line_id ORDER BY position DESC LIMIT 1";
        self.one(READING, sql, vec![], |fields| {
            Ok(ChainEnd {
                place: place(fields)?,
                line_at: fields.maybe_time()?,
            })
        })
        .await
    }

    async fn unsealed(
        &self,
        since: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<StoredLine>, PortError> {
        let sql = format!(
            "SELECT {LINE} FROM audit_log WHERE at >= $1 AND {WITHOUT_LINK} \
             ORDER BY at, audit_log.id LIMIT $2"
        );
        let since = since.unwrap_or(Timestamp::from_micros(i64::MIN));
        let values = vec![time(since), number(limit)];
        self.all(READING, sql, values, |fields| line(fields.get()?, fields))
            .await
    }

    async fn count_unsealed(&self) -> Result<Unsealed, PortError> {
        let sql = format!("SELECT COUNT(*), MIN(at) FROM audit_log WHERE {WITHOUT_LINK}");
        let counted = self.one(READING, sql, vec![], |fields| {
            Ok(Unsealed {
                lines: fields.number()?,
                oldest: fields.maybe_time()?,
            })
        });
        Ok(counted.await?.unwrap_or_default())
    }

    async fn append(&self, links: &[Link]) -> Result<bool, PortError> {
        if links.is_empty() {
            return Ok(true);
        }
        let sql = format!(
            "INSERT INTO audit_chain (position, line_id, sealed_at, mac) VALUES {} \
             ON CONFLICT DO NOTHING",
            rows_of_placeholders(links.len(), 4)
        );
        let row = |link: &Link| {
            [
                number(link.place.position),
                link.line.0.into(),
                time(link.sealed_at),
                text(&link.place.mac.0),
            ]
        };
        let values = links.iter().flat_map(row).collect();
        let added = self.execute("sealing the audit trail", sql, values).await?;
        Ok(added == links.len() as u64)
    }

    async fn links(
        &self,
        position: u64,
        limit: u32,
    ) -> Result<Vec<(Link, Option<StoredLine>)>, PortError> {
        let sql = format!(
            "SELECT position, mac, line_id, sealed_at, {LINE} FROM audit_chain \
             LEFT JOIN audit_log ON audit_log.id = line_id \
             WHERE position > $1 ORDER BY position LIMIT $2"
        );
        let values = vec![number(position), number(limit)];
        self.all(READING, sql, values, |fields| {
            let link = Link {
                place: place(fields)?,
                line: AuditId(fields.get()?),
                sealed_at: fields.time()?,
            };
            let id: Option<Uuid> = fields.get()?;
            let stored = id.map(|id| line(id, fields)).transpose()?;
            Ok((link, stored))
        })
        .await
    }
}

fn place(fields: &mut Fields<'_>) -> Result<ChainPosition, DbErr> {
    Ok(ChainPosition {
        position: fields.number()?,
        mac: Mac(fields.get()?),
    })
}

/// The fields of [`LINE`] after the id.
fn line(id: Uuid, fields: &mut Fields<'_>) -> Result<StoredLine, DbErr> {
    Ok(StoredLine {
        id,
        at: fields.get()?,
        actor_id: fields.get()?,
        actor_kind: fields.get()?,
        owner_id: fields.get()?,
        action: fields.get()?,
        resource_kind: fields.get()?,
        resource_id: fields.get()?,
        outcome: fields.get()?,
        address: fields.get()?,
        request_id: fields.get()?,
    })
}
