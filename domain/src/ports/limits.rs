//! How often somebody may try.

use std::time::Duration;

use async_trait::async_trait;

use crate::fault::PortError;
use crate::timestamp::Timestamp;

/// So many at once, and so many again over a while: a bucket that refills steadily (GCRA, ITU-T
/// I.371).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How many, at least 1.
    pub burst: u32,
    /// How long an empty bucket takes to be full.
    pub refill: Duration,
}

impl Allowance {
    /// The time that one costs.
    pub fn interval(self) -> Duration {
        self.refill / self.burst.max(1)
    }
}

/// Whether one more is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateDecision {
    /// It is, and was counted.
    Allowed,
    /// Not before so long.
    Wait(Duration),
}

/// Counts in the database, so that the count is the same at every replica and survives a restart, and
/// a Redis that is flushed or away changes nothing. For what is tried seldom: passwords and codes.
#[async_trait]
pub trait LimitRepo: Send + Sync {
    /// Counts one more of `key`, if `allowance` has room. Of many at once no more than `burst` are allowed.
    async fn take(
        &self,
        key: &str,
        allowance: Allowance,
        now: Timestamp,
    ) -> Result<RateDecision, PortError>;
    /// Forgets what was counted of `key`.
    async fn clear(&self, key: &str) -> Result<(), PortError>;
    /// Forgets all buckets that were full before `before`; returns how many.
    async fn purge(&self, before: Timestamp) -> Result<u64, PortError>;
}
