use std::process::ExitCode;

use docuvault_domain::Caller;
use docuvault_domain::ids::UserId;

use crate::config::Overrides;
use crate::lifecycle::Lifecycle;
use crate::{bootstrap, telemetry};

#[derive(clap::Args)]
#[command(
    after_help = "Nobody is signed out by it: what the old key signed stays valid until its time is \
    over.\n\nExample:\n  docuvault keys replace"
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Sign access tokens with a new key, from in two minutes on
    Replace,
}

pub(super) fn run(args: &Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = super::configuration(overrides)?;
    telemetry::start_logs(&config.log)?;
    super::runtime()?.block_on(async {
        let vault = bootstrap::join(&config, &Lifecycle::default()).await?;
        match args.command {
            Command::Replace => {
                let operator = Caller::operator(UserId::NOBODY);
                vault.services.signing_keys.replace(&operator).await?;
                println!("A new key signs access tokens from in two minutes on.");
            }
        }
        vault.close().await;
        Ok(ExitCode::SUCCESS)
    })
}
