use std::process::ExitCode;

use docuvault_domain::Caller;
use docuvault_domain::accounts::Email;
use docuvault_domain::ids::UserId;

use crate::config::Overrides;
use crate::telemetry;

#[derive(clap::Args)]
#[command(after_help = "Example:\n  docuvault mail test ada@example.org")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Send a mail to see whether that works
    Test {
        /// Who gets it
        to: String,
    },
}

pub(super) fn run(args: &Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = super::configuration(overrides)?;
    telemetry::start_logs(&config.log)?;
    let Command::Test { to } = &args.command;
    let to = Email::parse(to)?;
    super::with_vault(&config, async |services| {
        let operator = Caller::operator(UserId::NOBODY);
        Ok(services.mail.try_out.run(&operator, &to).await?)
    })?;
    println!("The mail server has taken the mail to {to}.");
    Ok(ExitCode::SUCCESS)
}
