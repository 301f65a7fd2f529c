use std::sync::Arc;

use docuvault_domain::Core;
use docuvault_domain::ports::{
    Classifier, ContentTypes, EventBus, IdentityProvider, MacKey, Mailer, PasswordHasher, Queue,
    SecondFactor, SecretBox, StorageBackend, TextExtractor, Tokens,
};

/// The outside world, behind its ports.
pub(crate) struct Ports {
    pub(crate) core: Core,
    pub(crate) storage: Arc<dyn StorageBackend>,
    pub(crate) dispatch: Dispatch,
    pub(crate) reading: Reading,
    pub(crate) credentials: Credentials,
    pub(crate) mail: MailPorts,
    pub(crate) identity_provider: Option<Arc<dyn IdentityProvider>>,
}

/// What tells workers and browsers of news.
#[derive(Clone)]
pub(crate) struct Dispatch {
    pub(crate) queue: Arc<dyn Queue>,
    pub(crate) events: Arc<dyn EventBus>,
}

/// What understands documents.
pub(crate) struct Reading {
    pub(crate) content_types: Arc<dyn ContentTypes>,
    pub(crate) extractor: Arc<dyn TextExtractor>,
    pub(crate) classifier: Arc<dyn Classifier>,
}

/// What people and programs are known by, and what keeps secrets.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) hasher: Arc<dyn PasswordHasher>,
    pub(crate) tokens: Arc<dyn Tokens>,
    pub(crate) factor: Arc<dyn SecondFactor>,
    pub(crate) secrets: Arc<dyn SecretBox>,
    pub(crate) mac_key: Arc<dyn MacKey>,
}

/// Where mails go.
#[derive(Clone)]
pub(crate) enum MailPorts {
    /// To people.
    Server(Arc<dyn Mailer>),
    /// To the log, from which whoever runs the vault hands links on.
    Log(Arc<dyn Mailer>),
    /// Nowhere.
    Off,
}

impl MailPorts {
    pub(super) fn mailer(&self) -> Option<Arc<dyn Mailer>> {
        match self {
            Self::Server(mailer) | Self::Log(mailer) => Some(mailer.clone()),
            Self::Off => None,
        }
    }

    pub(super) fn server(&self) -> Option<Arc<dyn Mailer>> {
        match self {
            Self::Server(mailer) => Some(mailer.clone()),
            Self::Log(_) | Self::Off => None,
        }
    }
}
