use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::ports::{Allowance, LimitRepo, RateDecision};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, Value};

use crate::sql::{Fields, SqlRepos, text, time};

const CONTEXT: &str = "counting tries";

#[async_trait]
impl<C: ConnectionTrait + Send> LimitRepo for SqlRepos<C> {
    async fn take(
        &self,
        key: &str,
        allowance: Allowance,
        now: Timestamp,
    ) -> Result<RateDecision, PortError> {
        // Full again at `full_at`: one more moves that on by the time one costs, at most as far ahead as
        // an empty bucket takes to fill.
        let sql = "INSERT INTO rate_limits AS kept (key, full_at) VALUES ($1, $2 + $3) \
                   ON CONFLICT (key) DO UPDATE SET full_at = \
                   CASE WHEN kept.full_at > $2 THEN kept.full_at ELSE $2 END + $3 \
                   WHERE CASE WHEN kept.full_at > $2 THEN kept.full_at ELSE $2 END + $3 <= $2 + $4";
        let values = vec![
            text(key),
            time(now),
            micros(allowance.interval()),
            micros(allowance.refill),
        ];
        if self.execute(CONTEXT, sql, values).await? == 1 {
            return Ok(RateDecision::Allowed);
        }
        let sql = "SELECT full_at FROM rate_limits WHERE key = $1";
        let wait = |fields: &mut Fields<'_>| {
            let next = fields.time()?.plus(allowance.interval());
            Ok(RateDecision::Wait(next.minus(allowance.refill).since(now)))
        };
        let wait = self.one(CONTEXT, sql, vec![text(key)], wait).await?;
        // Gone meanwhile: the next try finds an empty bucket.
        Ok(wait.unwrap_or(RateDecision::Wait(Duration::ZERO)))
    }

    async fn clear(&self, key: &str) -> Result<(), PortError> {
        let sql = "DELETE FROM rate_limits WHERE key = $1";
        self.execute(CONTEXT, sql, vec![text(key)]).await?;
        Ok(())
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        let sql = "DELETE FROM rate_limits WHERE full_at < $1";
        self.execute(CONTEXT, sql, vec![time(before)]).await
    }
}

fn micros(time: Duration) -> Value {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX).into()
}
