use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::Core;
use docuvault_domain::documents::{
    ChangeDocuments, DownloadDocument, DownloadLinks, UploadDocument,
};
use docuvault_domain::ports::{ContentTypes, StorageBackend};

use super::{Credentials, Dispatch};
use crate::config::Config;

/// Taking documents in, handing them out and changing them.
pub(crate) struct Documents {
    pub(crate) content_types: Arc<dyn ContentTypes>,
    pub(crate) upload: UploadDocument,
    pub(crate) download: DownloadDocument,
    pub(crate) download_links: DownloadLinks,
    pub(crate) change: ChangeDocuments,
}

impl Documents {
    pub(super) fn new(
        core: &Core,
        storage: &Arc<dyn StorageBackend>,
        dispatch: &Dispatch,
        content_types: Arc<dyn ContentTypes>,
        credentials: &Credentials,
        config: &Config,
    ) -> Self {
        let download = || DownloadDocument {
            store: core.store.clone(),
            storage: storage.clone(),
        };
        Self {
            content_types,
            upload: UploadDocument {
                core: core.clone(),
                storage: storage.clone(),
                events: dispatch.events.clone(),
                queue: dispatch.queue.clone(),
                lease: Duration::from_secs(config.upload_lease_seconds),
            },
            download: download(),
            download_links: DownloadLinks {
                downloads: download(),
                secrets: credentials.secrets.clone(),
                clock: core.clock.clone(),
                from_store: config.s3.public_endpoint.is_some(),
            },
            change: ChangeDocuments {
                core: core.clone(),
                storage: storage.clone(),
                events: dispatch.events.clone(),
                queue: dispatch.queue.clone(),
            },
        }
    }
}
