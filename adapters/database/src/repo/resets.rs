use async_trait::async_trait;
use docuvault_domain::accounts::Email;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{ResetRepo, ResetRequest};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};

use crate::dialect::skip_locked;
use crate::sql::{Fields, SqlRepos, text, time};

const CONTEXT: &str = "keeping links to new passwords";

fn request(fields: &mut Fields<'_>) -> Result<ResetRequest, DbErr> {
    Ok(ResetRequest {
        id: fields.get()?,
        email: fields.parsed(|email| Email::parse(email).ok())?,
        at: fields.time()?,
    })
}

#[async_trait]
impl<C: ConnectionTrait + Send> ResetRepo for SqlRepos<C> {
    async fn ask(&self, request: &ResetRequest) -> Result<(), PortError> {
        let sql = "INSERT INTO reset_requests (id, email, created_at) VALUES ($1, $2, $3)";
        let values = vec![
            request.id.into(),
            text(request.email.as_str()),
            time(request.at),
        ];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn any_asked(&self) -> Result<bool, PortError> {
        let sql = "SELECT 1 FROM reset_requests LIMIT 1";
        let found = self.one(CONTEXT, sql, vec![], |_| Ok(())).await?;
        Ok(found.is_some())
    }

    async fn take_request(&self) -> Result<Option<ResetRequest>, PortError> {
        let sql = format!(
            "DELETE FROM reset_requests WHERE id = \
             (SELECT id FROM reset_requests ORDER BY created_at, id LIMIT 1{}) \
             RETURNING id, email, created_at",
            skip_locked(self.0.get_database_backend())
        );
        self.one(CONTEXT, sql, vec![], request).await
    }

    async fn put(
        &self,
        user: UserId,
        digest: &Sha256,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), PortError> {
        let sql = "INSERT INTO reset_links (user_id, token_hash, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT (user_id) DO UPDATE SET \
                   token_hash = excluded.token_hash, created_at = excluded.created_at, \
                   expires_at = excluded.expires_at";
        let values = vec![
            user.0.into(),
            text(digest.as_str()),
            time(now),
            time(expires_at),
        ];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn find(&self, digest: &Sha256, now: Timestamp) -> Result<Option<UserId>, PortError> {
        let sql = "SELECT user_id FROM reset_links WHERE token_hash = $1 AND expires_at > $2";
        let values = vec![text(digest.as_str()), time(now)];
        self.one(CONTEXT, sql, values, |fields| Ok(UserId(fields.get()?)))
            .await
    }

    async fn take(&self, digest: &Sha256, now: Timestamp) -> Result<Option<UserId>, PortError> {
        let sql = "DELETE FROM reset_links WHERE token_hash = $1 AND expires_at > $2 \
                   RETURNING user_id";
        let values = vec![text(digest.as_str()), time(now)];
        self.one(CONTEXT, sql, values, |fields| Ok(UserId(fields.get()?)))
            .await
    }

    async fn remove(&self, user: UserId) -> Result<(), PortError> {
        let sql = "DELETE FROM reset_links WHERE user_id = $1";
        self.execute(CONTEXT, sql, vec![user.0.into()]).await?;
        Ok(())
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        let sql = "DELETE FROM reset_links WHERE expires_at < $1";
        self.execute(CONTEXT, sql, vec![time(before)]).await
    }
}
