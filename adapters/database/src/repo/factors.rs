use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{FactorRepo, StoredFactor};
use sea_orm::ConnectionTrait;

use crate::sql::{Fields, SqlRepos, number, text};

const CONTEXT: &str = "keeping second factors";

#[async_trait]
impl<C: ConnectionTrait + Send> FactorRepo for SqlRepos<C> {
    async fn find(&self, user: UserId) -> Result<Option<StoredFactor>, PortError> {
        let sql = "SELECT totp_secret, totp_last_step FROM users \
                   WHERE id = $1 AND totp_secret IS NOT NULL";
        let factor = |fields: &mut Fields<'_>| {
            Ok(StoredFactor {
                sealed: fields.get()?,
                last_step: fields.maybe_number()?,
            })
        };
        self.one(CONTEXT, sql, vec![user.0.into()], factor).await
    }

    async fn offer(&self, user: UserId, sealed: &[u8]) -> Result<bool, PortError> {
        let sql = "UPDATE users SET totp_secret = $2 WHERE id = $1 AND totp_last_step IS NULL";
        let values = vec![user.0.into(), sealed.to_vec().into()];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn take_step(&self, user: UserId, step: u64) -> Result<bool, PortError> {
        let sql = "UPDATE users SET totp_last_step = $2 WHERE id = $1 \
                   AND totp_secret IS NOT NULL AND (totp_last_step IS NULL OR totp_last_step < $2)";
        let values = vec![user.0.into(), number(step)];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn remove(&self, user: UserId) -> Result<bool, PortError> {
        let sql = "UPDATE users SET totp_secret = NULL, totp_last_step = NULL \
                   WHERE id = $1 AND totp_last_step IS NOT NULL";
        let removed = self.execute(CONTEXT, sql, vec![user.0.into()]).await?;
        self.set_recovery_codes(user, &[]).await?;
        Ok(removed == 1)
    }

    async fn set_recovery_codes(&self, user: UserId, digests: &[Sha256]) -> Result<(), PortError> {
        let sql = "DELETE FROM recovery_codes WHERE user_id = $1";
        self.execute(CONTEXT, sql, vec![user.0.into()]).await?;
        for digest in digests {
            let sql = "INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)";
            let values = vec![user.0.into(), text(digest.as_str())];
            self.execute(CONTEXT, sql, values).await?;
        }
        Ok(())
    }

    async fn take_recovery_code(&self, user: UserId, digest: &Sha256) -> Result<bool, PortError> {
        let sql = "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2";
        let values = vec![user.0.into(), text(digest.as_str())];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn count_recovery_codes(&self, user: UserId) -> Result<u32, PortError> {
        let sql = "SELECT count(*) FROM recovery_codes WHERE user_id = $1";
        let count = |fields: &mut Fields<'_>| fields.number();
        let count = self.one(CONTEXT, sql, vec![user.0.into()], count).await?;
        Ok(count.unwrap_or(0))
    }
}
