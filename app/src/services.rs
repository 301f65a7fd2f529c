//! The use cases, wired once and shared by HTTP, worker and command line.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::documents::{ChangeDocuments, DownloadDocument, UploadDocument};
use docuvault_domain::instance::VerifyInstance;
use docuvault_domain::ports::{
    Classifier, Clock, ContentTypes, EventBus, Ids, Queue, StorageBackend, Store, TextExtractor,
};
use docuvault_domain::processing::{JobTable, ProcessDocument, Sweep};
use docuvault_domain::topics::{ManageTopics, StarterLanguage};
use tokio_util::task::TaskTracker;

use crate::config::{Config, Language};

/// The outside world, behind its ports.
pub(crate) struct Ports {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) storage: Arc<dyn StorageBackend>,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) events: Arc<dyn EventBus>,
    pub(crate) extractor: Arc<dyn TextExtractor>,
    pub(crate) classifier: Arc<dyn Classifier>,
    pub(crate) content_types: Arc<dyn ContentTypes>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
}

/// Everything that can be asked of the vault.
pub(crate) struct Services {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) storage: Arc<dyn StorageBackend>,
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) events: Arc<dyn EventBus>,
    pub(crate) content_types: Arc<dyn ContentTypes>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) uploads: UploadDocument,
    pub(crate) downloads: DownloadDocument,
    pub(crate) documents: ChangeDocuments,
    pub(crate) topics: ManageTopics,
    pub(crate) processing: ProcessDocument,
    pub(crate) jobs: JobTable,
    pub(crate) sweep: Sweep,
    pub(crate) instance: VerifyInstance,
    /// Work that outlives a request; shutdown waits for it.
    pub(crate) background: TaskTracker,
}

impl Services {
    /// Hands each use case the ports it needs.
    pub(crate) fn new(config: &Config, ports: Ports) -> Self {
        let Ports {
            store,
            storage,
            queue,
            events,
            extractor,
            classifier,
            content_types,
            clock,
            ids,
        } = ports;
        Self {
            uploads: UploadDocument {
                store: store.clone(),
                storage: storage.clone(),
                events: events.clone(),
                queue: queue.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                lease: Duration::from_secs(config.upload_lease_seconds),
            },
            downloads: DownloadDocument {
                store: store.clone(),
                storage: storage.clone(),
            },
            documents: ChangeDocuments {
                store: store.clone(),
                storage: storage.clone(),
                events: events.clone(),
                queue: queue.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            topics: ManageTopics {
                store: store.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            processing: ProcessDocument {
                store: store.clone(),
                storage: storage.clone(),
                extractor,
                classifier,
                events: events.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            jobs: JobTable {
                store: store.clone(),
                clock: clock.clone(),
                lease_for: Duration::from_secs(config.worker.lease_seconds),
            },
            sweep: Sweep {
                store: store.clone(),
                storage: storage.clone(),
                queue: queue.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
            },
            instance: VerifyInstance {
                store: store.clone(),
                storage: storage.clone(),
                clock: clock.clone(),
                ids: ids.clone(),
                language: match config.language {
                    Language::En => StarterLanguage::English,
                    Language::De => StarterLanguage::German,
                },
            },
            store,
            storage,
            queue,
            events,
            content_types,
            clock,
            ids,
            background: TaskTracker::new(),
        }
    }
}
