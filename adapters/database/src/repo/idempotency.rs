use async_trait::async_trait;
use docuvault_domain::ids::{DocumentId, UserId};
use docuvault_domain::ports::{IdempotencyClaim, IdempotencyKey, IdempotencyRepo};
use docuvault_domain::{FaultKind, PortError, Timestamp};
use sea_orm::ConnectionTrait;

use crate::sql::{SqlRepos, owner as owner_value, text, time};

const CONTEXT: &str = "keeping idempotency keys";

#[async_trait]
impl<C: ConnectionTrait + Send> IdempotencyRepo for SqlRepos<C> {
    async fn claim(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<IdempotencyClaim, PortError> {
        let take = "INSERT INTO idempotency_keys AS kept (user_id, key, lease_until, created_at) \
                    VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (user_id, key) DO UPDATE SET document_id = NULL, \
                    fingerprint = NULL, expires_at = NULL, \
                    lease_until = excluded.lease_until, created_at = excluded.created_at \
                    WHERE COALESCE(kept.expires_at, kept.lease_until) <= $4";
        let values = vec![
            owner_value(owner),
            text(key.as_str()),
            time(lease_until),
            time(now),
        ];
        if self.execute(CONTEXT, take, values).await? == 1 {
            return Ok(IdempotencyClaim::Granted);
        }
        let read = "SELECT document_id, fingerprint FROM idempotency_keys \
                    WHERE user_id = $1 AND key = $2 AND document_id IS NOT NULL";
        let values = vec![owner_value(owner), text(key.as_str())];
        let done = self
            .one(CONTEXT, read, values, |fields| {
                Ok(IdempotencyClaim::Done {
                    document: DocumentId(fields.get()?),
                    fingerprint: fields.get()?,
                })
            })
            .await?;
        Ok(done.unwrap_or(IdempotencyClaim::InProgress))
    }

    async fn extend(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
        lease_until: Timestamp,
    ) -> Result<(), PortError> {
        let sql = "UPDATE idempotency_keys SET lease_until = $3 \
                   WHERE user_id = $1 AND key = $2 AND document_id IS NULL";
        let values = vec![owner_value(owner), text(key.as_str()), time(lease_until)];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn complete(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
        document: DocumentId,
        fingerprint: &str,
        expires_at: Timestamp,
    ) -> Result<(), PortError> {
        let sql = "UPDATE idempotency_keys SET document_id = $3, fingerprint = $4, \
                   expires_at = $5 WHERE user_id = $1 AND key = $2 AND document_id IS NULL";
        let values = vec![
            owner_value(owner),
            text(key.as_str()),
            document.0.into(),
            text(fingerprint),
            time(expires_at),
        ];
        if self.execute(CONTEXT, sql, values).await? == 0 {
            // The lease ran out and another request has made a document of the same key since.
            return Err(PortError::new(
                FaultKind::Conflict,
                CONTEXT,
                "the key is somebody else's by now",
            ));
        }
        Ok(())
    }

    async fn release(&self, owner: UserId, key: &IdempotencyKey) -> Result<(), PortError> {
        let sql = "DELETE FROM idempotency_keys \
                   WHERE user_id = $1 AND key = $2 AND document_id IS NULL";
        let values = vec![owner_value(owner), text(key.as_str())];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn purge(&self, now: Timestamp) -> Result<u64, PortError> {
        // A key that was never completed expires with its lease.
        let sql = "DELETE FROM idempotency_keys WHERE COALESCE(expires_at, lease_until) < $1";
        self.execute(CONTEXT, sql, vec![time(now)]).await
    }
}
