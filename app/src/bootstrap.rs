//! From configuration to services: the only file, apart from `keys.rs` and `cli/migrate.rs`, that names
//! adapters.

use std::fs::File;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use docuvault_ai::builtin::Builtin;
use docuvault_ai::provider::{ApiKey, ProviderConfig, ProviderKind};
use docuvault_crypto::{AeadBox, Argon2Hasher, Cost, HashLimits, HmacKeys, JwtTokens, TotpFactor};
use docuvault_database::{DatabaseConfig, DatabaseQueue, SeaStore};
use docuvault_domain::ports::{
    Classifier, Clock, ContentTypes, EventBus, IdentityProvider, Queue, StorageBackend,
    TextExtractor,
};
use docuvault_domain::processing::JobTable;
use docuvault_extract::{ChildExtractor, Detector, ExtractConfig, Limits};
use docuvault_local::{LocalEvents, SystemClock, SystemIds};
use docuvault_mail::{Encryption, LogMailer, SmtpConfig, SmtpMailer};
use docuvault_oidc::{OidcConfig, OidcProvider};
use docuvault_redis::{RedisEvents, RedisQueue};
use docuvault_storage::{FilesystemStorage, PresignKeys, S3Config, S3Storage};
use tokio::runtime::Handle;

use crate::cli::migrate;
use crate::config::{Ai, AiProvider, Config, MailEncryption, S3, Secret, listed};
use crate::http::WAY_BACK;
use crate::keys::master_key;
use crate::lifecycle::Lifecycle;
use crate::services::{MailPorts, Ports, Services};

/// What access tokens and second factors say they are from.
const ISSUER: &str = "DocuVault";

/// How often the jobs table is looked at when nobody says that there is work.
const POLL: Duration = Duration::from_secs(1);

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
        Some(lock_data_dir(config)?)
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
    let store = open_store(config).await?;
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let table = JobTable {
        store: store.clone(),
        clock: clock.clone(),
        lease_for: Duration::from_secs(config.worker.lease_seconds),
    };
    let (queue, events) = open_dispatch(config, table, lifecycle).await?;
    let (content_types, extractor) = reading(config)?;
    let master_key = master_key(config)?;
    let setup_code = master_key.setup_code();
    let ports = Ports {
        store: store.clone(),
        storage: open_storage(config).await?,
        queue,
        events,
        extractor,
        classifier: open_classifier(&config.ai, clock.clone())?,
        content_types,
        hasher: Arc::new(Argon2Hasher::new(Cost::default(), HashLimits::default())?),
        tokens: Arc::new(JwtTokens::new(ISSUER)),
        factor: Arc::new(TotpFactor::new(ISSUER)),
        mac_key: Arc::new(HmacKeys::new(&master_key, &[])?),
        secrets: Arc::new(AeadBox::new(vec![master_key])?),
        mail: open_mail(config)?,
        identity_provider: open_provider(config)?,
        clock,
        ids,
    };
    let services = Arc::new(Services::new(config, ports));
    services.signing_keys.refresh().await.context(
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

fn open_mail(config: &Config) -> anyhow::Result<MailPorts> {
    let mail = &config.mail;
    let Some(host) = &mail.host else {
        return Ok(if config.is_embedded() {
            MailPorts::Log(Arc::new(LogMailer))
        } else {
            MailPorts::Off
        });
    };
    let (encryption, port) = match mail.encryption {
        MailEncryption::None => (Encryption::None, 25),
        MailEncryption::Starttls => (Encryption::StartTls, 587),
        MailEncryption::Tls => (Encryption::Tls, 465),
    };
    let roots = mail.ca_file.as_ref().map(|path| {
        std::fs::read(path).with_context(|| format!("mail.ca_file: {}", path.display()))
    });
    let credentials = mail.username.clone().zip(mail.password.as_ref());
    let mailer = SmtpMailer::new(SmtpConfig {
        host: host.clone(),
        port: mail.port.unwrap_or(port),
        encryption,
        credentials: credentials.map(|(name, password)| (name, password.expose().to_owned())),
        from: mail.from.clone().unwrap_or_default(),
        extra_roots: roots.transpose()?,
        timeout: Duration::from_secs(mail.timeout_seconds),
    });
    Ok(MailPorts::Server(Arc::new(mailer.context("mail")?)))
}

fn open_provider(config: &Config) -> anyhow::Result<Option<Arc<dyn IdentityProvider>>> {
    let oidc = &config.oidc;
    let Some(issuer) = &oidc.issuer else {
        return Ok(None);
    };
    let provider = OidcProvider::new(OidcConfig {
        issuer: issuer.clone(),
        client_id: oidc.client_id.clone().unwrap_or_default(),
        client_secret: oidc.client_secret.as_ref().map(|it| it.expose().to_owned()),
        redirect_url: config.home() + WAY_BACK,
        scopes: listed(&oidc.scopes),
        groups_claim: oidc.groups_claim.clone(),
    });
    Ok(Some(Arc::new(provider.context("oidc")?)))
}

fn open_classifier(ai: &Ai, clock: Arc<dyn Clock>) -> anyhow::Result<Arc<dyn Classifier>> {
    let kind = match ai.provider {
        AiProvider::Builtin => return Ok(Arc::new(Builtin)),
        AiProvider::Openai => ProviderKind::OpenAi,
        AiProvider::Anthropic => ProviderKind::Anthropic,
        AiProvider::Ollama => ProviderKind::Ollama,
    };
    let mut provider = ProviderConfig::new(kind, ai.model.as_deref().unwrap_or_default());
    if let Some(url) = &ai.base_url {
        provider.base_url.clone_from(url);
    }
    provider.api_key = ai.api_key.as_ref().map(|key| ApiKey::new(key.expose()));
    if let Some(seconds) = ai.timeout_seconds {
        provider.timeout = Duration::from_secs(seconds);
    }
    if let Some(most) = ai.max_in_flight {
        provider.max_in_flight = most as usize;
    }
    provider.daily_tokens = ai.daily_tokens;
    docuvault_ai::provider::provider(provider, clock).context("The AI provider")
}

/// Brings the schema up to date where this process may, and opens the pool.
async fn open_store(config: &Config) -> anyhow::Result<Arc<SeaStore>> {
    migrate::migrate(config).await?;
    let url = match &config.database.url {
        Some(url) => url.expose().to_owned(),
        None => sqlite_url(config)?,
    };
    let database = DatabaseConfig {
        url,
        max_connections: config.database.max_connections,
        expected_migration: migrate::latest(),
    };
    let store = docuvault_database::connect(database).await;
    Ok(Arc::new(store.context("The database cannot be reached")?))
}

async fn open_storage(config: &Config) -> anyhow::Result<Arc<dyn StorageBackend>> {
    let Some(endpoint) = &config.s3.endpoint else {
        let root = prepare_data_dir(config)?.join("objects");
        return Ok(Arc::new(
            FilesystemStorage::open(root)
                .await
                .context("The object folder")?,
        ));
    };
    let storage = S3Storage::connect(s3_config(&config.s3, endpoint))?;
    storage
        .ensure_bucket()
        .await
        .with_context(|| format!("The bucket {:?} at {endpoint}", config.s3.bucket))?;
    Ok(Arc::new(storage))
}

fn s3_config(s3: &S3, endpoint: &str) -> S3Config {
    let expose = |value: &Option<Secret>| value.as_ref().map(|it| it.expose().to_owned());
    let presign = (
        expose(&s3.presign_access_key),
        expose(&s3.presign_secret_key),
    );
    S3Config {
        endpoint: endpoint.to_owned(),
        public_endpoint: s3.public_endpoint.clone(),
        bucket: s3.bucket.clone(),
        region: s3.region.clone(),
        access_key: expose(&s3.access_key).unwrap_or_default(),
        secret_key: expose(&s3.secret_key).unwrap_or_default(),
        presign_keys: match presign {
            (Some(access_key), Some(secret_key)) => Some(PresignKeys {
                access_key,
                secret_key,
            }),
            _ => None,
        },
    }
}

type Dispatch = (Arc<dyn Queue>, Arc<dyn EventBus>);

/// Redis where it is configured, else the jobs table and this process.
async fn open_dispatch(
    config: &Config,
    table: JobTable,
    lifecycle: &Lifecycle,
) -> anyhow::Result<Dispatch> {
    let Some(url) = &config.redis.url else {
        let mark = format!("{:x}", SystemClock.now().as_micros());
        return Ok((
            Arc::new(DatabaseQueue::new(table, POLL)),
            Arc::new(LocalEvents::new(mark)),
        ));
    };
    let redis = docuvault_redis::connect(url.expose())?;
    let events = Arc::new(RedisEvents::connect(redis.clone()).await);
    let reading = events.clone();
    let stopping = lifecycle.stopping.clone();
    lifecycle
        .tasks
        .spawn(async move { reading.run(stopping).await });
    Ok((Arc::new(RedisQueue::new(redis, table)), events))
}

/// What reads documents, for a vault and for `docuvault extract` alike.
pub(crate) fn reading(
    config: &Config,
) -> anyhow::Result<(Arc<dyn ContentTypes>, Arc<dyn TextExtractor>)> {
    let program = std::env::current_exe().context("The path of this program")?;
    let extract = ExtractConfig {
        wall_clock: Duration::from_secs(config.extract.wall_seconds),
        limits: Limits {
            memory_bytes: config.extract.memory_bytes,
            cpu_seconds: config.extract.cpu_seconds,
        },
        max_text_bytes: config.extract.max_text_bytes,
        fallback_font: docuvault_extract::system_fallback_font(),
        ..ExtractConfig::new(program, ["extract", "--child"])
    };
    let extractor = ChildExtractor::new(extract, Handle::current())?;
    Ok((Arc::new(Detector), Arc::new(extractor)))
}

/// The data directory, made if need be, for this user alone.
pub(crate) fn prepare_data_dir(config: &Config) -> anyhow::Result<PathBuf> {
    let path = &config.data_dir;
    let mut builder = std::fs::DirBuilder::new();
    builder
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| {
            format!(
                "The data directory {} cannot be made or is not a directory",
                path.display()
            )
        })?;
    std::path::absolute(path).context("The data directory")
}

/// The embedded database, its file made for this user alone.
pub(crate) fn sqlite_url(config: &Config) -> anyhow::Result<String> {
    let path = prepare_data_dir(config)?.join("docuvault.db");
    private_file(&path)?;
    let path = path
        .to_str()
        .context("The path of the data directory is not UTF-8")?;
    // What has a meaning of its own in a URL.
    let path = path
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    Ok(format!("sqlite://{path}"))
}

fn private_file(path: &Path) -> anyhow::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(0o600);
    options
        .open(path)
        .with_context(|| format!("{}", path.display()))
}

/// SQLite has one writer, and leases and events of an embedded vault live in one process: a second
/// server on the same directory is refused.
fn lock_data_dir(config: &Config) -> anyhow::Result<File> {
    let path = prepare_data_dir(config)?.join("docuvault.lock");
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(0o600);
    let file = options
        .open(&path)
        .with_context(|| format!("{}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => bail!(
            "Another DocuVault is running on {}. An embedded vault (SQLite) is one process: stop the \
             other one, use another --data-dir, or set DATABASE_URL to run several.",
            config.data_dir.display()
        ),
        Err(std::fs::TryLockError::Error(error)) => {
            Err(error).context("Locking the data directory")
        }
    }
}
