//! The command line.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what commands do"
)]

mod audit;
mod config;
mod extract;
mod healthcheck;
mod import;
mod jobs;
mod keys;
mod mail;
pub(crate) mod migrate;
mod openapi;
mod serve;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use docuvault_domain::ids::UserId;

use crate::bootstrap;
use crate::config::{Config, ConfigError, Overrides, load};
use crate::lifecycle::Lifecycle;
use crate::services::Services;

/// A self-hosted document vault: keeps documents, reads them, files them and finds them again.
#[derive(Parser)]
#[command(name = "docuvault", version, about, max_term_width = 100)]
struct Cli {
    /// The configuration file, in place of ./docuvault.toml and /etc/docuvault/docuvault.toml
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Where an embedded vault keeps everything
    #[arg(long, global = true, value_name = "PATH")]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the vault
    Serve(serve::Args),
    /// Bring the database's schema up to date
    Migrate(migrate::Args),
    /// Take in files and folders
    Import(import::Args),
    /// Make, list and change accounts
    User(user::Args),
    /// Try whether mail works
    Mail(mail::Args),
    /// List, show and stop jobs
    Jobs(jobs::Args),
    /// Look after the keys that access tokens are signed with
    Keys(keys::Args),
    /// Look whether the audit trail was changed
    Audit(audit::Args),
    /// Print the text of one file, read in the same confined process as documents
    Extract(extract::Args),
    /// Check, show or document the configuration
    Config(config::Args),
    /// Print the API's OpenAPI document
    Openapi(openapi::Args),
    /// Ask a running vault whether it is ready
    Healthcheck(healthcheck::Args),
}

/// Parses the command line and runs the command.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut overrides = Overrides {
        file: cli.config,
        values: Vec::new(),
    };
    if let Some(path) = cli.data_dir {
        overrides
            .values
            .push(("data_dir", path.display().to_string().into()));
    }
    let result = match cli.command {
        Command::Serve(args) => serve::run(args, overrides),
        Command::Migrate(args) => migrate::run(&args, &overrides),
        Command::Import(args) => import::run(&args, &overrides),
        Command::User(args) => user::run(args, &overrides),
        Command::Mail(args) => mail::run(&args, &overrides),
        Command::Jobs(args) => jobs::run(&args, &overrides),
        Command::Keys(args) => keys::run(&args, &overrides),
        Command::Audit(args) => audit::run(&args, &overrides),
        Command::Extract(args) => extract::run(&args, &overrides),
        Command::Config(args) => config::run(&args, &overrides),
        Command::Openapi(args) => Ok(openapi::run(&args)),
        Command::Healthcheck(args) => healthcheck::run(&args, &overrides),
    };
    result.unwrap_or_else(|error| {
        eprintln!("docuvault: {error:#}");
        ExitCode::FAILURE
    })
}

/// The configuration of this process.
fn configuration(overrides: &Overrides) -> Result<Config, ConfigError> {
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    load(environment, overrides)
}

/// The runtime that everything but the reader child runs on.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}

/// The same for a command that prints what it did: only warnings are logged unless it is said otherwise.
fn quiet_configuration(overrides: &Overrides) -> Result<Config, ConfigError> {
    let mut config = configuration(overrides)?;
    if config.log.level == Config::default().log.level {
        "warn".clone_into(&mut config.log.level);
    }
    Ok(config)
}

/// Does `act` with a vault, whether or not it is running.
fn with_vault<T>(
    config: &Config,
    act: impl AsyncFnOnce(&Services) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    runtime()?.block_on(async {
        let vault = bootstrap::join(config, &Lifecycle::default()).await?;
        let done = act(&vault.services).await;
        vault.close().await;
        done
    })
}

/// Whose account has this handle or e-mail address.
async fn account(services: &Services, login: &str) -> anyhow::Result<UserId> {
    let found = services.core.store.users().find_by_login(login).await?;
    let (user, _) = found.with_context(|| format!("Nobody here is called {login:?}."))?;
    Ok(user.id)
}
