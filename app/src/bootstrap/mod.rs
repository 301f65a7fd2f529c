//! From configuration to services: the only folder, apart from `keys.rs` and `cli/migrate.rs`, that names
//! adapters.

mod data_dir;
mod database;
mod dispatch;
mod identity_provider;
mod mail;
mod reading;
mod storage;

use std::fs::File;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use docuvault_crypto::{AeadBox, Argon2Hasher, Cost, HashLimits, HmacKeys, JwtTokens, TotpFactor};
use docuvault_database::SeaStore;
use docuvault_domain::Core;
use docuvault_local::{SystemClock, SystemIds};

pub(crate) use self::database::sqlite_url;
pub(crate) use self::reading::reading;

use crate::config::Config;
use crate::keys::master_key;
use crate::lifecycle::Lifecycle;
use crate::services::{Credentials, Ports, Reading, Services};

/// What access tokens and second factors say they are from.
const ISSUER: &str = "DocuVault";

/// A vault with everything connected.
pub(crate) struct Vault {
    pub(crate) services: Arc<Services>,
    /// For the first registration.
    pub(crate) setup_code: String,
    store: Arc<SeaStore>,
    /// Held while this process serves an embedded vault.
    _lock: Option<File>,
}

impl Vault {
    /// Closes the connections, once nothing works on them any more.
    pub(crate) async fn close(self) {
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }
}

/// Runs as the confined child that reads one document.
pub fn reader_child() -> ExitCode {
    docuvault_extract::child_main()
}

/// For `docuvault serve`: the one process of an embedded vault, or a replica.
pub(crate) async fn start(config: &Config, lifecycle: &Lifecycle) -> anyhow::Result<Vault> {
    let lock = if config.is_embedded() {
        Some(data_dir::lock_data_dir(config)?)
    } else {
        None
    };
    connect(config, lifecycle, lock).await
}

/// For commands that work on a vault whether or not it is running.
pub(crate) async fn join(config: &Config, lifecycle: &Lifecycle) -> anyhow::Result<Vault> {
    connect(config, lifecycle, None).await
}

async fn connect(
    config: &Config,
    lifecycle: &Lifecycle,
    lock: Option<File>,
) -> anyhow::Result<Vault> {
    // Two providers may be compiled in by dependencies; without a default, TLS would panic.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let store = database::open_store(config).await?;
    let core = Core {
        store: store.clone(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    };
    let dispatch = dispatch::open_dispatch(config, lifecycle).await?;
    let (content_types, extractor) = reading(config)?;
    let master_key = master_key(config)?;
    let setup_code = master_key.setup_code();
    let ports = Ports {
        storage: storage::open_storage(config).await?,
        dispatch,
        reading: Reading {
            content_types,
            extractor,
            classifier: reading::open_classifier(&config.ai, core.clock.clone())?,
        },
        credentials: Credentials {
            hasher: Arc::new(Argon2Hasher::new(Cost::default(), HashLimits::default())?),
            tokens: Arc::new(JwtTokens::new(ISSUER)),
            factor: Arc::new(TotpFactor::new(ISSUER)),
            mac_key: Arc::new(HmacKeys::new(&master_key, &[])?),
            secrets: Arc::new(AeadBox::new(vec![master_key])?),
        },
        mail: mail::open_mail(config)?,
        identity_provider: identity_provider::open_provider(config)?,
        core,
    };
    let services = Arc::new(Services::new(config, ports));
    services.accounts.signing_keys.refresh().await.context(
        "The keys of the database cannot be opened: secret_key, or the file keys/master, is not \
         the one that they were sealed with. Restore it from a backup",
    )?;
    Ok(Vault {
        services,
        setup_code,
        store,
        _lock: lock,
    })
}
