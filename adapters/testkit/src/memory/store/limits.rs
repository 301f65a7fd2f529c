use async_trait::async_trait;
use docuvault_domain::ports::{Allowance, LimitRepo, RateDecision};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;

const CONTEXT: &str = "counting tries";

#[async_trait]
impl LimitRepo for Tables {
    async fn take(
        &self,
        key: &str,
        allowance: Allowance,
        now: Timestamp,
    ) -> Result<RateDecision, PortError> {
        self.write(CONTEXT, |state| {
            let full_at = state.limits.get(key).copied().unwrap_or(now).max(now);
            let next = full_at.plus(allowance.interval());
            if next > now.plus(allowance.refill) {
                let room_at = next.minus(allowance.refill);
                return Ok(RateDecision::Wait(room_at.since(now)));
            }
            state.limits.insert(key.to_owned(), next);
            Ok(RateDecision::Allowed)
        })
    }

    async fn clear(&self, key: &str) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.limits.remove(key);
            Ok(())
        })
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        self.write(CONTEXT, |state| {
            let all = state.limits.len();
            state.limits.retain(|_, full_at| *full_at >= before);
            Ok((all - state.limits.len()) as u64)
        })
    }
}
