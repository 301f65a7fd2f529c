use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::Core;
use docuvault_domain::PortError;
use docuvault_domain::jobs::{JobHandler, JobRun, Outcome};
use docuvault_domain::ports::{Claimable, JobEnd, JobKind, Lease};
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};

use super::catch_panics::CatchPanics;
use super::registry::Kind;

/// The kinds of a worker, with how many of each may run at once.
pub(super) struct Kinds {
    kinds: Vec<(Kind, Arc<Semaphore>)>,
    /// Held from looking for free slots until one is taken: else two claims would take the same.
    turn: Mutex<()>,
}

/// What may be claimed just now, by whoever holds the turn.
pub(super) struct Slots<'a> {
    pub(super) claimable: Vec<Claimable>,
    pub(super) turn: Turn<'a>,
}

pub(super) struct Turn<'a> {
    kinds: &'a Kinds,
    _held: MutexGuard<'a, ()>,
}

impl Kinds {
    pub(super) fn new(kinds: Vec<Kind>, core: &Core, retired: &[JobKind]) -> Self {
        let drain = retired.iter().map(|name| Kind {
            name: name.clone(),
            handler: Arc::new(Drain(core.clone())),
            attempts: None,
            lease: Duration::from_mins(1),
            at_once: 1,
        });
        let with_slots = |kind: Kind| {
            let slots = Arc::new(Semaphore::new(kind.at_once as usize));
            let handler = Arc::new(CatchPanics(kind.handler));
            (Kind { handler, ..kind }, slots)
        };
        Self {
            kinds: kinds.into_iter().chain(drain).map(with_slots).collect(),
            turn: Mutex::new(()),
        }
    }

    pub(super) fn get(&self, name: &JobKind) -> Option<&Kind> {
        let mut kinds = self.kinds.iter().map(|(kind, _)| kind);
        kinds.find(|kind| kind.name == *name)
    }

    /// The kinds that may run once more.
    pub(super) async fn free_slots(&self) -> Slots<'_> {
        let held = self.turn.lock().await;
        let free = self
            .kinds
            .iter()
            .filter(|(_, slots)| slots.available_permits() > 0);
        let claimable = free.map(|(kind, _)| Claimable {
            kind: kind.name.clone(),
            lease: kind.lease,
        });
        Slots {
            claimable: claimable.collect(),
            turn: Turn {
                kinds: self,
                _held: held,
            },
        }
    }
}

impl Turn<'_> {
    /// Takes a slot of the kind until the permit is dropped.
    pub(super) fn take(self, name: &JobKind) -> Option<OwnedSemaphorePermit> {
        let mut kinds = self.kinds.kinds.iter();
        let (_, slots) = kinds.find(|(kind, _)| kind.name == *name)?;
        slots.clone().try_acquire_owned().ok()
    }
}

/// Finishes jobs of a retired kind without doing them.
struct Drain(Core);

#[async_trait]
impl JobHandler for Drain {
    async fn run(&self, run: &JobRun) -> Outcome {
        match self.abandon(&run.lease, JobEnd::Done(None)).await {
            Ok(true) => Outcome::Done,
            Ok(false) => Outcome::LeaseLost,
            Err(error) => Outcome::retry(error.to_string()),
        }
    }

    async fn abandon(&self, lease: &Lease, end: JobEnd<'_>) -> Result<bool, PortError> {
        let unit = self.0.begin().await?;
        let held = unit.jobs().finish(lease, self.0.now(), end).await?;
        unit.commit().await?;
        Ok(held)
    }

    fn exhausted(&self) -> &'static str {
        "This kind of work is not done any more."
    }
}
