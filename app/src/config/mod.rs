//! Configuration: defaults ← file ← environment ← command line.
//!
//! The types below are the single source: the reference in `docs/configuration.md`, the check for
//! unknown keys and the masking of secrets are all made from them.

mod load;
mod reference;
mod secret;
mod validate;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use docuvault_domain::Language;
use ipnet::IpNet;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

pub use load::{ConfigError, Overrides, load};
pub use reference::{keys, reference, show};
pub use secret::Secret;

/// Settings of a vault. Every key can stand in `docuvault.toml`, or in the environment as
/// `DOCUVAULT_` with `__` between the parts.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where this runs: `production` refuses what is only safe on a developer's machine. A vault
    /// without `DATABASE_URL` is embedded and needs no secrets either way.
    pub env: Environment,
    /// Address and port of the HTTP server.
    pub listen: String,
    /// Where an embedded vault keeps its database, objects and keys.
    pub data_dir: PathBuf,
    /// What this process does: serve HTTP, read documents, or both.
    pub role: Role,
    /// Address and port of the metrics for Prometheus; `off` turns them off.
    pub metrics_listen: String,
    /// The address people use, for links and to know which `Host` is ours, such as
    /// `https://vault.example.org`.
    pub url: Option<String>,
    /// Proxies in front of the vault, as addresses or networks with commas between them, such as
    /// `10.0.0.0/8`: only theirs is the `X-Forwarded-For` that is believed.
    pub trusted_proxies: Option<String>,
    /// The largest file taken, in bytes.
    pub max_upload_bytes: u64,
    /// After this many seconds without a sign of life an upload counts as dead and is cleaned up.
    pub upload_lease_seconds: u64,
    /// How long a stopping process may take to finish requests and jobs, in seconds.
    pub shutdown_grace_seconds: u64,
    /// How often the sweep looks for what crashes left behind, in seconds.
    pub sweep_seconds: u64,
    /// The language of the first topics.
    #[schemars(schema_with = "language_schema")]
    pub language: Language,
    /// What is logged, and how.
    pub log: Log,
    /// PostgreSQL. Without it the vault is embedded: SQLite in the data directory.
    pub database: Database,
    /// The object store. Without it objects are files in the data directory.
    pub s3: S3,
    /// Redis. Without it jobs and events go through the database and this process.
    pub redis: Redis,
    /// Who works on jobs.
    pub worker: Worker,
    /// The limits of the confined process that reads a document.
    pub extract: Extract,
    /// Who files documents.
    pub ai: Ai,
    /// Who may make accounts, and how long people stay signed in.
    pub accounts: Accounts,
    /// An OpenID Connect provider by which people sign in, such as Authentik, Keycloak or Pocket ID. Its
    /// redirect address is the vault's, with `/api/auth/oidc/callback` at the end.
    pub oidc: Oidc,
    /// How mail leaves. Without a server an embedded vault writes mails to its log; one on PostgreSQL
    /// sends none.
    pub mail: Mail,
    /// 256 random bits in base64, from which secrets in the database are sealed: `openssl rand -base64 32`.
    /// An embedded vault makes its own in `keys/master`. Without it sealed secrets are lost for good.
    pub secret_key: Option<Secret>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            env: Environment::default(),
            listen: "127.0.0.1:8080".to_owned(),
            data_dir: PathBuf::from("./data"),
            role: Role::default(),
            metrics_listen: "127.0.0.1:9090".to_owned(),
            url: None,
            trusted_proxies: None,
            max_upload_bytes: 512 * 1024 * 1024,
            upload_lease_seconds: 60,
            shutdown_grace_seconds: 20,
            sweep_seconds: 30,
            language: Language::default(),
            log: Log::default(),
            database: Database::default(),
            s3: S3::default(),
            redis: Redis::default(),
            worker: Worker::default(),
            extract: Extract::default(),
            ai: Ai::default(),
            accounts: Accounts::default(),
            oidc: Oidc::default(),
            mail: Mail::default(),
            secret_key: None,
        }
    }
}

/// Where this runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// For people's papers.
    #[default]
    Production,
    /// A developer's machine; also reads `.env` in the working directory.
    Development,
}

/// What a process does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// HTTP and jobs.
    #[default]
    All,
    /// HTTP only.
    Api,
    /// Jobs only.
    Worker,
}

/// The domain knows no schemas.
fn language_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "oneOf": [{ "const": "en" }, { "const": "de" }] })
}

/// How lines look in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What is logged, and how.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `text` or `json`.
    pub format: LogFormat,
    /// What is logged: a level, or directives such as `info,docuvault::http=debug`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::default(),
            level: "info,actix_server=warn".to_owned(),
        }
    }
}

/// PostgreSQL.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `postgres://…` of the role that runs the vault; needs no right to change the schema.
    pub url: Option<Secret>,
    /// `postgres://…` of the role that owns the schema; used on start and by `docuvault migrate`.
    pub migrate_url: Option<Secret>,
    /// The most connections of this process.
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            migrate_url: None,
            max_connections: 16,
        }
    }
}

/// An S3 server: MinIO, SeaweedFS, Garage, Ceph, AWS and others.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct S3 {
    /// The server as this process reaches it, such as `http://minio:9000`.
    pub endpoint: Option<String>,
    /// The server as browsers reach it, for presigned links. Without it downloads go through the vault.
    pub public_endpoint: Option<String>,
    /// The bucket; made on start if it does not exist.
    pub bucket: String,
    /// The region that requests are signed for.
    pub region: String,
    /// The access key's id.
    pub access_key: Option<Secret>,
    /// The access key's secret.
    pub secret_key: Option<Secret>,
    /// A read-only key for presigned links; the main key unless set.
    pub presign_access_key: Option<Secret>,
    /// Its secret.
    pub presign_secret_key: Option<Secret>,
}

impl Default for S3 {
    fn default() -> Self {
        Self {
            endpoint: None,
            public_endpoint: None,
            bucket: "docuvault".to_owned(),
            region: "us-east-1".to_owned(),
            access_key: None,
            secret_key: None,
            presign_access_key: None,
            presign_secret_key: None,
        }
    }
}

/// Redis.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Redis {
    /// `redis://…`.
    pub url: Option<Secret>,
}

/// Who works on jobs.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Worker {
    /// Documents read at the same time by this process; 0 pauses reading, jobs wait.
    pub concurrency: u32,
    /// A job whose worker died is taken over after this many seconds.
    pub lease_seconds: u64,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            concurrency: 2,
            lease_seconds: 30,
        }
    }
}

/// The limits of the confined process that reads a document.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Extract {
    /// Address space, in bytes.
    pub memory_bytes: u64,
    /// CPU time, in seconds.
    pub cpu_seconds: u64,
    /// Time on the wall clock, in seconds.
    pub wall_seconds: u64,
    /// Text kept of one document, in bytes.
    pub max_text_bytes: usize,
}

impl Default for Extract {
    fn default() -> Self {
        Self {
            memory_bytes: 1024 * 1024 * 1024,
            cpu_seconds: 20,
            wall_seconds: 60,
            max_text_bytes: 16 * 1024 * 1024,
        }
    }
}

/// Who may make accounts, and how long people stay signed in.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Accounts {
    /// `open`: anybody may make an account. `invite`: whoever has an invitation. `closed`:
    /// administrators make them. The first account is made with the setup code that the vault prints,
    /// whatever stands here.
    pub registration: Registration,
    /// Who must have a second factor: `optional` nobody, `admins`, or `everyone`. Whoever has none sets
    /// it up when they sign in.
    pub second_factor: SecondFactor,
    /// Whether people sign in by password. `false` needs `oidc.issuer`: then only the first account is made
    /// with a password, which links it to its person's identity at the provider.
    pub password_sign_in: bool,
    /// What a new account may keep, in bytes.
    pub quota_bytes: u64,
    /// An access token lasts so many minutes; it ends with its session in any case.
    pub access_minutes: u64,
    /// A session that was not used for so many days is over.
    pub session_idle_days: u64,
    /// A session is over after so many days, however much it was used.
    pub session_days: u64,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            registration: Registration::default(),
            second_factor: SecondFactor::default(),
            password_sign_in: true,
            quota_bytes: 100 * 1024 * 1024,
            access_minutes: 15,
            session_idle_days: 14,
            session_days: 90,
        }
    }
}

/// An OpenID Connect provider. Its accounts are matched by issuer and subject; the first time, by an e-mail
/// address that the provider has verified, and the password of the account that has it.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Oidc {
    /// Its address, such as `https://id.example.org`; `/.well-known/openid-configuration` is below it. Must
    /// be what the provider itself says it is, to the slash at the end.
    pub issuer: Option<String>,
    /// The vault's name at the provider.
    pub client_id: Option<String>,
    /// The vault's secret there; none for a public client.
    pub client_secret: Option<Secret>,
    /// What people know it by: “Sign in with …”.
    pub label: String,
    /// What is asked for beside `openid`, with commas between.
    pub scopes: String,
    /// The claim that has a person's groups.
    pub groups_claim: String,
    /// Groups, with commas between, whose people are let in; everybody unless set.
    pub allowed_groups: Option<String>,
    /// Groups, with commas between, whose people are administrators. When set, nobody else who signs in by
    /// the provider stays one, but for the last.
    pub admin_groups: Option<String>,
    /// Whether whoever has no account gets one. Never in a vault that waits for its first account.
    pub create_accounts: bool,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: None,
            client_id: None,
            client_secret: None,
            label: "single sign-on".to_owned(),
            scopes: "profile,email".to_owned(),
            groups_claim: "groups".to_owned(),
            allowed_groups: None,
            admin_groups: None,
            create_accounts: true,
        }
    }
}

/// Who may make accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// Anybody.
    Open,
    /// Whoever was invited.
    Invite,
    /// Administrators.
    #[default]
    Closed,
}

/// Who must have a second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// Nobody.
    #[default]
    Optional,
    /// Administrators.
    Admins,
    /// Everybody.
    Everyone,
}

/// How mail leaves.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    /// The SMTP server, such as `smtp.example.org`. The vault's `url` must be set as well, for the links
    /// in mails.
    pub host: Option<String>,
    /// Its port; 587 with `starttls`, 465 with `tls` and 25 with `none` unless set.
    pub port: Option<u16>,
    /// `starttls`, `tls`, or `none` for a relay on the same machine.
    pub encryption: MailEncryption,
    /// Who the vault says it is, where the server asks.
    pub username: Option<String>,
    /// The password that belongs to it.
    pub password: Option<Secret>,
    /// From whom mails are, such as `DocuVault <vault@example.org>`.
    pub from: Option<String>,
    /// A file with certificates (PEM) of an authority that the public does not know.
    pub ca_file: Option<PathBuf>,
    /// How long handing over one mail may take, in seconds.
    pub timeout_seconds: u64,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: None,
            port: None,
            encryption: MailEncryption::default(),
            username: None,
            password: None,
            from: None,
            ca_file: None,
            timeout_seconds: 60,
        }
    }
}

/// What the connection to a mail server is wrapped in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailEncryption {
    /// Nothing.
    None,
    /// TLS after the greeting.
    #[default]
    Starttls,
    /// TLS from the first byte.
    Tls,
}

/// Who files documents. With anything but `builtin` the start of each document's text leaves this
/// process for `base_url`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ai {
    /// `builtin`: what is known of papers and learned from people's filing, on this machine. `openai`: any
    /// OpenAI-compatible server. `anthropic`. `ollama`.
    pub provider: AiProvider,
    /// Where the provider answers, such as `http://localhost:11434`; its vendor's address unless set.
    pub base_url: Option<String>,
    /// The provider's API key.
    pub api_key: Option<Secret>,
    /// The model, as the provider names it. A small one will do: "mini", "haiku", or 3 to 8 billion
    /// parameters on a machine of one's own.
    pub model: Option<String>,
    /// How long one answer may take, in seconds; 60 unless set, 300 with `ollama`.
    pub timeout_seconds: Option<u64>,
    /// Documents asked about at the same time; 4 unless set, 1 with `ollama`.
    pub max_in_flight: Option<u32>,
    /// Tokens of questions and answers a day for each process; what comes later is filed the next
    /// day. No limit unless set.
    pub daily_tokens: Option<u64>,
}

/// A kind of AI provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AiProvider {
    /// No provider: rules and learning.
    #[default]
    Builtin,
    /// Every server that speaks the protocol of `OpenAI`.
    Openai,
    /// Anthropic.
    Anthropic,
    /// Ollama.
    Ollama,
}

/// What stands between commas.
pub(crate) fn listed(text: &str) -> Vec<String> {
    let parts = text.split(',').map(str::trim);
    let named = parts.filter(|part| !part.is_empty());
    named.map(str::to_owned).collect()
}

/// A network, or the one address of a host.
fn network(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let host = || text.parse().ok().map(|host: IpAddr| host.into());
    text.parse().ok().or_else(host)
}

impl Config {
    /// Without PostgreSQL the vault is one process with everything in its data directory.
    pub fn is_embedded(&self) -> bool {
        self.database.url.is_none()
    }

    /// The networks of the trusted proxies; valid configurations name nothing else.
    pub fn proxy_networks(&self) -> Vec<IpNet> {
        let named = self.trusted_proxies.as_deref().unwrap_or_default();
        named.split(',').filter_map(network).collect()
    }

    /// Where people reach the vault, without a slash at its end: `url`, else the address it listens on.
    pub fn home(&self) -> String {
        let listens = || match self.listen_address() {
            Some(address) if !address.ip().is_unspecified() => format!("http://{address}"),
            Some(address) => format!("http://localhost:{}", address.port()),
            None => format!("http://{}", self.listen),
        };
        let url = self.url.clone().unwrap_or_else(listens);
        url.trim_end_matches('/').to_owned()
    }

    /// The HTTP address; valid configurations have one.
    pub fn listen_address(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }

    /// The metrics address, unless they are off.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_listen.parse().ok()
    }
}
