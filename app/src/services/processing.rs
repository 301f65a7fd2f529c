use std::sync::Arc;

use docuvault_domain::Core;
use docuvault_domain::jobs::JobTable;
use docuvault_domain::ports::StorageBackend;
use docuvault_domain::processing::{FileDocument, Filer, ProcessDocument, Sweep};

use super::{Dispatch, Reading};

/// The work beside requests.
pub(crate) struct Processing {
    pub(crate) process: Arc<ProcessDocument>,
    pub(crate) file: Arc<FileDocument>,
    pub(crate) jobs: JobTable,
    pub(crate) sweep: Sweep,
}

impl Processing {
    pub(super) fn new(
        core: &Core,
        storage: &Arc<dyn StorageBackend>,
        dispatch: &Dispatch,
        reading: Reading,
    ) -> Self {
        let filer = Arc::new(Filer {
            core: core.clone(),
            classifier: reading.classifier,
            events: dispatch.events.clone(),
        });
        Self {
            process: Arc::new(ProcessDocument {
                core: core.clone(),
                storage: storage.clone(),
                extractor: reading.extractor,
                filer: filer.clone(),
            }),
            file: Arc::new(FileDocument(filer)),
            jobs: JobTable { core: core.clone() },
            sweep: Sweep {
                core: core.clone(),
                storage: storage.clone(),
                queue: dispatch.queue.clone(),
            },
        }
    }
}
