use async_trait::async_trait;
use docuvault_domain::documents::{Sha256, StorageKind};
use docuvault_domain::ids::{DocumentId, ObjectId};
use docuvault_domain::ports::{
    ObjectKey, ObjectKind, ObjectRepo, ObjectRow, ObjectState, Stored, StoredObject,
};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};

use crate::sql::{Fields, SqlRepos, number, text, time};

const CONTEXT: &str = "keeping the object registry";

#[async_trait]
impl<C: ConnectionTrait + Send> ObjectRepo for SqlRepos<C> {
    async fn reserve(
        &self,
        row: &ObjectRow,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<(), PortError> {
        let sql = "INSERT INTO objects (id, document_id, kind, key, storage, state, lease_until, \
                   created_at, updated_at) VALUES ($1, $2, $3, $4, $5, 'writing', $6, $7, $7)";
        let values = vec![
            row.id.0.into(),
            row.document.0.into(),
            text(row.kind.as_str()),
            text(row.key.as_str()),
            text(row.storage.as_str()),
            time(lease_until),
            time(now),
        ];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn extend(&self, id: ObjectId, lease_until: Timestamp) -> Result<bool, PortError> {
        let sql = "UPDATE objects SET lease_until = $2 WHERE id = $1 AND state = 'writing'";
        let values = vec![id.0.into(), time(lease_until)];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn make_live(
        &self,
        id: ObjectId,
        size: u64,
        sha256: &Sha256,
        now: Timestamp,
    ) -> Result<bool, PortError> {
        let sql = "UPDATE objects SET state = 'live', lease_until = NULL, size_bytes = $2, \
                   sha256 = $3, updated_at = $4 WHERE id = $1 AND state = 'writing'";
        let values = vec![id.0.into(), number(size), text(sha256.as_str()), time(now)];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn original(&self, document: DocumentId) -> Result<Option<ObjectRow>, PortError> {
        let sql = "SELECT id, document_id, kind, key, storage, state FROM objects \
                   WHERE document_id = $1 AND kind = 'original' AND state = 'live'";
        self.one(CONTEXT, sql, vec![document.0.into()], object)
            .await
    }

    async fn thumbnail(&self, document: DocumentId) -> Result<Option<StoredObject>, PortError> {
        let sql = "SELECT key, size_bytes, sha256 FROM objects \
                   WHERE document_id = $1 AND kind = 'thumbnail' AND state = 'live'";
        self.one(CONTEXT, sql, vec![document.0.into()], stored_object)
            .await
    }

    async fn retire_thumbnails(
        &self,
        document: DocumentId,
        kept: ObjectId,
        now: Timestamp,
    ) -> Result<(), PortError> {
        let sql = "UPDATE objects SET state = 'deleting', updated_at = $3 \
                   WHERE document_id = $1 AND kind = 'thumbnail' AND state = 'live' AND id <> $2";
        let values = vec![document.0.into(), kept.0.into(), time(now)];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn mark_deleting(
        &self,
        document: DocumentId,
        now: Timestamp,
    ) -> Result<Vec<ObjectRow>, PortError> {
        let sql = "UPDATE objects SET state = 'deleting', lease_until = NULL, updated_at = $2 \
                   WHERE document_id = $1 AND state = 'live' \
                   RETURNING id, document_id, kind, key, storage, state";
        let values = vec![document.0.into(), time(now)];
        self.all(CONTEXT, sql, values, object).await
    }

    async fn abandon(&self, id: ObjectId, now: Timestamp) -> Result<(), PortError> {
        let sql = "UPDATE objects SET state = 'deleting', lease_until = NULL, updated_at = $2 \
                   WHERE id = $1 AND state = 'writing'";
        self.execute(CONTEXT, sql, vec![id.0.into(), time(now)])
            .await?;
        Ok(())
    }

    async fn sweepable(&self, now: Timestamp, limit: u32) -> Result<Vec<ObjectRow>, PortError> {
        let expire = "UPDATE objects SET state = 'deleting', lease_until = NULL, \
                      updated_at = $1 WHERE state = 'writing' AND lease_until < $1";
        self.execute(CONTEXT, expire, vec![time(now)]).await?;
        let sql = "SELECT id, document_id, kind, key, storage, state FROM objects \
                   WHERE state = 'deleting' ORDER BY created_at, id LIMIT $1";
        self.all(CONTEXT, sql, vec![number(limit)], object).await
    }

    async fn forget(&self, id: ObjectId) -> Result<(), PortError> {
        let sql = "DELETE FROM objects WHERE id = $1 AND state = 'deleting'";
        self.execute(CONTEXT, sql, vec![id.0.into()]).await?;
        Ok(())
    }
}

fn object(fields: &mut Fields<'_>) -> Result<ObjectRow, DbErr> {
    Ok(ObjectRow {
        id: ObjectId(fields.get()?),
        document: DocumentId(fields.get()?),
        kind: fields.parsed(ObjectKind::parse)?,
        key: fields.parsed(ObjectKey::parse)?,
        storage: fields.parsed(StorageKind::parse)?,
        state: fields.parsed(parse_state)?,
    })
}

fn stored_object(fields: &mut Fields<'_>) -> Result<StoredObject, DbErr> {
    Ok(StoredObject {
        key: fields.parsed(ObjectKey::parse)?,
        stored: Stored {
            size: fields.number()?,
            sha256: fields.parsed(|hex| Sha256::parse(hex))?,
        },
    })
}

fn parse_state(name: &str) -> Option<ObjectState> {
    match name {
        "writing" => Some(ObjectState::Writing),
        "live" => Some(ObjectState::Live),
        "deleting" => Some(ObjectState::Deleting),
        _ => None,
    }
}
