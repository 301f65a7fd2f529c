use async_trait::async_trait;
use docuvault_domain::accounts::{ApiToken, ApiTokenName, Scopes, User};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{ApiTokenId, UserId};
use docuvault_domain::ports::ApiTokenRepo;
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};

use super::users;
use crate::sql::{Fields, SqlRepos, maybe_time, text, time};

const CONTEXT: &str = "keeping API tokens";

/// In the order of [`token`].
const COLUMNS: &str = "api_tokens.id, api_tokens.user_id, api_tokens.name, api_tokens.scopes, \
    api_tokens.created_at, api_tokens.expires_at, api_tokens.last_used_at";

fn token(fields: &mut Fields<'_>) -> Result<ApiToken, DbErr> {
    Ok(ApiToken {
        id: ApiTokenId(fields.get()?),
        user: UserId(fields.get()?),
        name: fields.parsed(|name| ApiTokenName::parse(name).ok())?,
        scopes: fields.parsed(Scopes::parse)?,
        created_at: fields.time()?,
        expires_at: fields.maybe_time()?,
        last_used_at: fields.maybe_time()?,
    })
}

#[async_trait]
impl<C: ConnectionTrait + Send> ApiTokenRepo for SqlRepos<C> {
    async fn add(&self, token: &ApiToken, digest: &Sha256) -> Result<(), PortError> {
        let sql = "INSERT INTO api_tokens (id, user_id, token_hash, name, scopes, created_at, \
                   expires_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = vec![
            token.id.0.into(),
            token.user.0.into(),
            text(digest.as_str()),
            text(token.name.as_str()),
            text(&token.scopes.to_text()),
            time(token.created_at),
            maybe_time(token.expires_at),
            maybe_time(token.last_used_at),
        ];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn list(&self, user: UserId) -> Result<Vec<ApiToken>, PortError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM api_tokens WHERE user_id = $1 ORDER BY created_at DESC, id DESC"
        );
        self.all(CONTEXT, sql, vec![user.0.into()], token).await
    }

    async fn live(
        &self,
        digest: &Sha256,
        now: Timestamp,
    ) -> Result<Option<(ApiToken, User)>, PortError> {
        let sql = format!(
            "SELECT {COLUMNS}, {} FROM api_tokens JOIN users ON users.id = api_tokens.user_id \
             WHERE api_tokens.token_hash = $1 AND users.disabled_at IS NULL \
             AND (api_tokens.expires_at IS NULL OR api_tokens.expires_at > $2)",
            users::COLUMNS
        );
        let row = |fields: &mut Fields<'_>| Ok((token(fields)?, users::user(fields)?));
        let values = vec![text(digest.as_str()), time(now)];
        self.one(CONTEXT, sql, values, row).await
    }

    async fn note_use(&self, token: &ApiToken, now: Timestamp) -> Result<(), PortError> {
        self.note_seen(token.user, now).await?;
        let sql = "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1 \
                   AND (last_used_at IS NULL OR last_used_at < $2)";
        self.execute(CONTEXT, sql, vec![token.id.0.into(), time(now)])
            .await?;
        Ok(())
    }

    async fn revoke(&self, user: UserId, id: ApiTokenId) -> Result<bool, PortError> {
        let sql = "DELETE FROM api_tokens WHERE id = $1 AND user_id = $2";
        let values = vec![id.0.into(), user.0.into()];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn revoke_all(&self, user: UserId) -> Result<u64, PortError> {
        let sql = "DELETE FROM api_tokens WHERE user_id = $1";
        self.execute(CONTEXT, sql, vec![user.0.into()]).await
    }
}
