use std::process::ExitCode;

use docuvault_domain::Caller;
use docuvault_domain::ids::UserId;

use crate::config::Overrides;
use crate::telemetry;

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
    super::with_vault(&config, async |services| match args.command {
        Command::Replace => {
            let operator = Caller::operator(UserId::NOBODY);
            Ok(services.accounts.signing_keys.replace(&operator).await?)
        }
    })?;
    println!("A new key signs access tokens from in two minutes on.");
    Ok(ExitCode::SUCCESS)
}
