use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{SealedKey, SigningKeyRepo};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::sql::{Fields, SqlRepos, number, time};

const CONTEXT: &str = "keeping the signing keys";

fn key(fields: &mut Fields<'_>) -> Result<SealedKey, DbErr> {
    Ok(SealedKey {
        id: fields.get()?,
        number: fields.number()?,
        sealed: fields.get()?,
        signs_from: fields.time()?,
        created_at: fields.time()?,
    })
}

#[async_trait]
impl<C: ConnectionTrait + Send> SigningKeyRepo for SqlRepos<C> {
    async fn list(&self) -> Result<Vec<SealedKey>, PortError> {
        let sql = "SELECT id, number, secret, signs_from, created_at FROM signing_keys \
                   ORDER BY number DESC";
        self.all(CONTEXT, sql, vec![], key).await
    }

    async fn add(&self, key: &SealedKey) -> Result<bool, PortError> {
        let sql = "INSERT INTO signing_keys (id, number, secret, signs_from, created_at) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let values = vec![
            key.id.into(),
            number(key.number),
            key.sealed.clone().into(),
            time(key.signs_from),
            time(key.created_at),
        ];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn remove(&self, id: Uuid) -> Result<(), PortError> {
        let sql = "DELETE FROM signing_keys WHERE id = $1";
        self.execute(CONTEXT, sql, vec![id.into()]).await?;
        Ok(())
    }
}
