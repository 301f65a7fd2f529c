//! Configuration: defaults ← file ← environment ← command line.
//!
//! The types below are the single source: the reference in `docs/configuration.md`, the check for
//! unknown keys and the masking of secrets are all made from them.

mod accounts;
mod ai;
mod database;
mod extract;
mod load;
mod log;
mod mail;
mod oidc;
mod redis;
mod reference;
mod s3;
mod secret;
mod validate;
mod worker;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use docuvault_domain::Language;
use ipnet::IpNet;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

pub use self::accounts::{Accounts, Registration, SecondFactor};
pub use self::ai::{Ai, AiProvider};
pub use self::database::Database;
pub use self::extract::Extract;
pub use self::log::{Log, LogFormat};
pub use self::mail::{Mail, MailEncryption};
pub use self::oidc::Oidc;
pub use self::redis::Redis;
pub use self::s3::S3;
pub use self::worker::Worker;
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
