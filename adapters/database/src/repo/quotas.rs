use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{Quota, QuotaRepo};
use sea_orm::ConnectionTrait;

use crate::sql::{Fields, SqlRepos, number};

const CONTEXT: &str = "keeping quotas";

#[async_trait]
impl<C: ConnectionTrait + Send> QuotaRepo for SqlRepos<C> {
    async fn of(&self, user: UserId) -> Result<Option<Quota>, PortError> {
        let sql = "SELECT used_bytes, limit_bytes FROM quotas WHERE user_id = $1";
        let quota = |fields: &mut Fields<'_>| {
            Ok(Quota {
                used_bytes: fields.number()?,
                limit_bytes: fields.number()?,
            })
        };
        self.one(CONTEXT, sql, vec![user.0.into()], quota).await
    }

    async fn charge(&self, user: UserId, bytes: u64) -> Result<bool, PortError> {
        let sql = "UPDATE quotas SET used_bytes = used_bytes + $2 \
                   WHERE user_id = $1 AND used_bytes + $2 <= limit_bytes";
        let values = vec![user.0.into(), number(bytes)];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn refund(&self, user: UserId, bytes: u64) -> Result<(), PortError> {
        let sql = "UPDATE quotas SET used_bytes = used_bytes - $2 WHERE user_id = $1";
        let values = vec![user.0.into(), number(bytes)];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }
}
