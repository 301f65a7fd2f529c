use std::sync::Arc;
use std::time::Duration;

use super::{ChainPosition, Link};
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::AuditId;
use crate::ports::MacKey;

/// Links added in one transaction: short enough for a single writer.
const BATCH: u32 = 500;

/// A line may become visible this much later than the ones around it: transactions take their time, and
/// the clocks of replicas differ.
const LATE: Duration = Duration::from_hours(1);

/// How far back lines without a link are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookBack {
    /// From an hour before the newest sealed line on.
    Recent,
    /// In all of the trail.
    Whole,
}

/// Seals the trail: gives each line that has none a link in the chain. Lines are written without waiting
/// for that, so that nothing queues behind the end of the chain; whatever was changed after it was sealed
/// is found by [`VerifyAudit`](super::VerifyAudit).
///
/// Takes no input, so it may die at any point, and run on any number of replicas: of those that seal at
/// the same time one gets the next positions, the others leave it at that.
pub struct SealAudit {
    /// Database, clock and ids.
    pub core: Core,
    /// What makes MACs.
    pub key: Arc<dyn MacKey>,
}

impl SealAudit {
    /// Seals until nothing is left, or another replica does; returns how many lines.
    pub async fn run(&self, look_back: LookBack) -> Result<u64, PortError> {
        let mut sealed = 0;
        while let Some(lines) = self.batch(look_back).await? {
            sealed += lines;
            if lines < u64::from(BATCH) {
                break;
            }
        }
        Ok(sealed)
    }

    /// `None` when another replica was faster.
    async fn batch(&self, look_back: LookBack) -> Result<Option<u64>, PortError> {
        let chain = self.core.store.audit_chain();
        let end = chain.end().await?;
        let since = match (look_back, &end) {
            (LookBack::Recent, Some(end)) => end.line_at.map(|at| at.minus(LATE)),
            _ => None,
        };
        let unsealed = chain.unsealed(since, BATCH).await?;
        if unsealed.is_empty() {
            return Ok(Some(0));
        }
        let now = self.core.now();
        let mut place = end.map_or(ChainPosition::START, |end| end.place);
        let mut links = Vec::with_capacity(unsealed.len());
        for line in &unsealed {
            place = place.next(line, now, &*self.key)?;
            links.push(Link {
                place: place.clone(),
                line: AuditId(line.id),
                sealed_at: now,
            });
        }
        let unit = self.core.begin().await?;
        if !unit.audit_chain().append(&links).await? {
            return Ok(None);
        }
        unit.commit().await?;
        // Also a copy of the chain's end that the database does not have.
        tracing::info!(lines = links.len(), end = %place, "the audit trail is sealed");
        Ok(Some(links.len() as u64))
    }
}
