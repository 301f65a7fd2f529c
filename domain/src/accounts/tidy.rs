use std::sync::Arc;
use std::time::Duration;

use super::RateLimiter;
use crate::core::Core;
use crate::fault::PortError;

/// Sessions and invitations are remembered for so long after they are over: a browser that was seen lately
/// is known again.
const REMEMBERED: Duration = Duration::from_hours(90 * 24);

/// Removes what of accounts is long over. Takes no input, so it may run at any time.
pub struct TidyAccounts {
    /// Database, clock and ids.
    pub core: Core,
    /// What was tried too often.
    pub rate_limiter: Arc<RateLimiter>,
}

impl TidyAccounts {
    /// Tidies once; returns how many rows went.
    pub async fn run(&self) -> Result<u64, PortError> {
        let now = self.core.now();
        let long_ago = now.minus(REMEMBERED);
        let unit = self.core.begin().await?;
        let sessions = unit.sessions().purge(long_ago).await?;
        let invites = unit.invites().purge(long_ago).await?;
        let links = unit.resets().purge(now).await?;
        let attempts = unit.sso().purge(now).await?;
        unit.commit().await?;
        Ok(sessions + invites + links + attempts + self.rate_limiter.purge().await?)
    }
}
