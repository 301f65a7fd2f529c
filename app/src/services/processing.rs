use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::Core;
use docuvault_domain::ports::StorageBackend;
use docuvault_domain::processing::{JobTable, ProcessDocument, Sweep};

use super::{Dispatch, Reading};
use crate::config::Worker;

/// The work beside requests.
pub(crate) struct Processing {
    pub(crate) process: ProcessDocument,
    pub(crate) jobs: JobTable,
    pub(crate) sweep: Sweep,
}

impl Processing {
    pub(super) fn new(
        core: &Core,
        storage: &Arc<dyn StorageBackend>,
        dispatch: &Dispatch,
        reading: Reading,
        config: &Worker,
    ) -> Self {
        Self {
            process: ProcessDocument {
                store: core.store.clone(),
                storage: storage.clone(),
                extractor: reading.extractor,
                classifier: reading.classifier,
                events: dispatch.events.clone(),
                clock: core.clock.clone(),
                ids: core.ids.clone(),
            },
            jobs: job_table(core, config),
            sweep: Sweep {
                store: core.store.clone(),
                storage: storage.clone(),
                queue: dispatch.queue.clone(),
                clock: core.clock.clone(),
                ids: core.ids.clone(),
            },
        }
    }
}

/// The jobs of the database, for the queue as well.
pub(crate) fn job_table(core: &Core, config: &Worker) -> JobTable {
    JobTable {
        store: core.store.clone(),
        clock: core.clock.clone(),
        lease_for: Duration::from_secs(config.lease_seconds),
    }
}
