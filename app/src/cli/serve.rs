use std::net::TcpListener;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;

use crate::config::{Config, Overrides, Role};
use crate::lifecycle::Lifecycle;
use crate::{bootstrap, http, telemetry, worker};

#[derive(clap::Args)]
#[command(after_help = "Example:\n  docuvault serve --listen 127.0.0.1:8080 --data-dir ~/vault")]
pub(super) struct Args {
    /// Address and port; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// What this process does
    #[arg(long, value_parser = ["all", "api", "worker"])]
    role: Option<String>,
}

pub(super) fn run(args: Args, mut overrides: Overrides) -> anyhow::Result<ExitCode> {
    if let Some(listen) = args.listen {
        overrides.values.push(("listen", listen.into()));
    }
    if let Some(role) = args.role {
        overrides.values.push(("role", role.into()));
    }
    let config = super::configuration(&overrides)?;
    telemetry::start_logs(&config.log)?;
    super::runtime()?.block_on(serve(&config))?;
    Ok(ExitCode::SUCCESS)
}

/// Runs until asked to stop. Order of stopping: no new jobs and no endless answers, HTTP drained,
/// loops finished, connections closed.
async fn serve(config: &Config) -> anyhow::Result<()> {
    let metrics = telemetry::start_metrics()?;
    let lifecycle = Lifecycle::default();
    lifecycle.listen_for_signals()?;
    let vault = bootstrap::start(config, &lifecycle).await?;
    let services = &vault.services;
    let id = services.instance.run().await?;
    tracing::info!(instance = %id, engine = services.core.store.engine(), "the vault is open");

    worker::start(config, services, &lifecycle);
    if let Some(address) = config.metrics_address() {
        match http::metrics_server(address, services, metrics, &lifecycle.stopping) {
            Ok(server) => {
                lifecycle.tasks.spawn(server);
            }
            // A second vault on the same machine is no reason not to start.
            Err(error) => tracing::warn!(%address, %error, "no metrics: the address is taken"),
        }
    }
    if config.role == Role::Worker {
        println!("DocuVault is reading documents.");
        lifecycle.stopping.cancelled().await;
    } else {
        serve_http(config, &vault, &lifecycle).await?;
    }

    let grace = Duration::from_secs(config.shutdown_grace_seconds);
    services.background.close();
    if tokio::time::timeout(grace, services.background.wait())
        .await
        .is_err()
    {
        tracing::warn!("uploads were left to the sweep");
    }
    lifecycle.finish(grace).await;
    vault.close().await;
    tracing::info!("stopped");
    Ok(())
}

async fn serve_http(
    config: &Config,
    vault: &bootstrap::Vault,
    lifecycle: &Lifecycle,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(&config.listen)
        .with_context(|| format!("{} cannot be listened on", config.listen))?;
    let address = listener.local_addr()?;
    let server = http::server(config, &vault.services, listener, &lifecycle.stopping)?;
    let stopping = lifecycle.stopping.clone();
    // However the server ends, everything else ends with it.
    let guard = stopping.clone().drop_guard();
    println!("DocuVault is listening on http://{address}");
    if config.is_embedded() {
        println!("Everything it keeps is in {}", config.data_dir.display());
    }
    if vault
        .services
        .accounts
        .register
        .expect_setup_code(&vault.setup_code)
        .await?
    {
        let url = config.url.clone().unwrap_or(format!("http://{address}"));
        println!("There is no account yet. Make the first one at {url}/setup");
        println!("Setup code: {}", vault.setup_code);
    }
    println!("Ready.");
    server.await?;
    drop(guard);
    Ok(())
}
