use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::{ChainPosition, Link, StoredLine};
use crate::fault::PortError;
use crate::ids::AuditId;
use crate::ports::{MacKey, Store};
use crate::timestamp::Timestamp;

/// Links looked at in one step.
const BATCH: u32 = 500;

/// Faults told one by one; more are counted only.
const TOLD: usize = 100;

/// A line that was sealed later than that after it was written is worth a look: the vault stood still, or
/// links were removed and made anew.
const LATE: Duration = Duration::from_hours(24);

/// Goes through the whole chain, in bounded memory, and finds lines that were changed or removed since they
/// were sealed. It finds nothing wrong with lines that were made up before they were sealed, nor, without a
/// place that was noted elsewhere, with a chain whose end was cut off together with its lines.
pub struct VerifyAudit {
    /// The database.
    pub store: Arc<dyn Store>,
    /// What made the MACs.
    pub key: Arc<dyn MacKey>,
}

/// What is wrong with the trail.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChainFault {
    /// The line is not what was sealed, or the master key is not the one it was sealed with.
    #[error("position {position}: the line {line} is not what was sealed")]
    Changed {
        /// The link's place.
        position: u64,
        /// The line.
        line: AuditId,
    },
    /// The line was sealed and is not there.
    #[error("position {position}: the line {line} is gone")]
    LineGone {
        /// The link's place.
        position: u64,
        /// The line.
        line: AuditId,
    },
    /// Links are not there. The one after them was sealed with a MAC that went with them, so that its line
    /// could not be looked at.
    #[error("positions {first} to {last}: the links are gone")]
    LinksGone {
        /// The first of them.
        first: u64,
        /// The last of them.
        last: u64,
    },
    /// The chain does not have the place that it had once.
    #[error("position {position}: the chain was another one when that place was noted")]
    Elsewhere {
        /// The position that was noted.
        position: u64,
    },
}

/// Lines without a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsealed {
    /// How many.
    pub lines: u64,
    /// When the oldest was written.
    pub oldest: Option<Timestamp>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Lines that are what was sealed.
    pub intact: u64,
    /// The newest link.
    pub end: Option<ChainPosition>,
    /// What is wrong: the first 100.
    pub faults: Vec<ChainFault>,
    /// How much is wrong.
    pub fault_count: u64,
    /// Lines that were sealed more than a day after they were written.
    pub late: u64,
    /// The first of these.
    pub first_late: Option<u64>,
    /// Lines that are not sealed yet.
    pub unsealed: Unsealed,
}

impl VerifyAudit {
    /// Verifies all of it; `noted` is a place that an earlier run gave.
    pub async fn run(&self, noted: Option<&ChainPosition>) -> Result<Verification, PortError> {
        let mut found = Verification::default();
        let mut before = ChainPosition::START;
        let mut met = false;
        loop {
            let batch = self.store.audit_chain().links(before.position, BATCH);
            let batch = batch.await?;
            if batch.is_empty() {
                break;
            }
            for (link, stored) in batch {
                self.look(&before, &link, stored.as_ref(), &mut found)?;
                before = link.place;
                met |= noted == Some(&before);
            }
        }
        if let Some(noted) = noted.filter(|_| !met) {
            let position = noted.position;
            found.report(ChainFault::Elsewhere { position });
        }
        found.end = (before.position > 0).then_some(before);
        found.unsealed = self.store.audit_chain().count_unsealed().await?;
        Ok(found)
    }

    fn look(
        &self,
        before: &ChainPosition,
        link: &Link,
        stored: Option<&StoredLine>,
        found: &mut Verification,
    ) -> Result<(), PortError> {
        let position = link.place.position;
        let is_next = position == before.position + 1;
        if !is_next {
            found.report(ChainFault::LinksGone {
                first: before.position + 1,
                last: position - 1,
            });
        }
        let Some(stored) = stored else {
            found.report(ChainFault::LineGone {
                position,
                line: link.line,
            });
            return Ok(());
        };
        if is_next {
            if before.is_before(link, stored, &*self.key)? {
                found.intact += 1;
            } else {
                found.report(ChainFault::Changed {
                    position,
                    line: link.line,
                });
            }
        }
        if link.sealed_at.since(Timestamp::from_micros(stored.at)) > LATE {
            found.late += 1;
            found.first_late.get_or_insert(position);
        }
        Ok(())
    }
}

impl Verification {
    fn report(&mut self, fault: ChainFault) {
        self.fault_count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(fault);
        }
    }
}
