//! The use cases, wired once and shared by HTTP, worker and command line: a group a feature.

mod accounts;
mod administration;
mod audit;
mod documents;
mod mail;
mod ports;
mod processing;
mod profile;

use std::sync::Arc;

use docuvault_domain::Core;
use docuvault_domain::instance::VerifyInstance;
use docuvault_domain::ports::StorageBackend;
use docuvault_domain::topics::ManageTopics;
use tokio_util::task::TaskTracker;

use self::accounts::{Accounts, Shared};
use self::administration::Administration;
use self::audit::Audit;
use self::documents::Documents;
use self::mail::Mail;
pub(crate) use self::ports::{Credentials, Dispatch, MailPorts, Ports, Reading};
use self::processing::Processing;
use self::profile::Profile;
use crate::config::Config;

/// Everything that can be asked of the vault.
pub(crate) struct Services {
    pub(crate) core: Core,
    pub(crate) storage: Arc<dyn StorageBackend>,
    pub(crate) dispatch: Dispatch,
    pub(crate) accounts: Accounts,
    pub(crate) profile: Profile,
    pub(crate) administration: Administration,
    pub(crate) mail: Mail,
    pub(crate) documents: Documents,
    pub(crate) topics: ManageTopics,
    pub(crate) processing: Processing,
    pub(crate) audit: Audit,
    pub(crate) instance: VerifyInstance,
    /// Work that outlives a request; shutdown waits for it.
    pub(crate) background: TaskTracker,
}

impl Services {
    /// Hands each group the ports of its kind.
    pub(crate) fn new(config: &Config, ports: Ports) -> Self {
        let Ports {
            core,
            storage,
            dispatch,
            reading,
            credentials,
            mail,
            identity_provider,
        } = ports;
        let mail = Mail::new(&core, &credentials, &mail, config);
        let shared = Shared::new(&core, &credentials, &mail, &config.accounts);
        Self {
            accounts: Accounts::new(&shared, identity_provider, &mail, config),
            profile: Profile::new(&shared),
            administration: Administration::new(&shared, config),
            mail,
            documents: Documents::new(
                &core,
                &storage,
                &dispatch,
                reading.content_types.clone(),
                &credentials,
                config,
            ),
            topics: ManageTopics { core: core.clone() },
            processing: Processing::new(&core, &storage, &dispatch, reading),
            audit: Audit::new(&core, &credentials),
            instance: VerifyInstance {
                core: core.clone(),
                storage: storage.clone(),
            },
            core,
            storage,
            dispatch,
            background: TaskTracker::new(),
        }
    }
}
