use std::process::ExitCode;

use clap::Subcommand;

use crate::config::{Overrides, reference, show};

#[derive(clap::Args)]
#[command(after_help = "Example:\n  docuvault config check --config /etc/docuvault/docuvault.toml")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Name every problem; exit code 1 if there is one
    Check,
    /// Print what is in force, secrets masked
    Show {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the reference of all settings, in Markdown
    Reference,
}

pub(super) fn run(args: &Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Check => {
            super::configuration(overrides)?;
            println!("The configuration is valid.");
        }
        Command::Show { json } => {
            let config = super::configuration(overrides)?;
            if json {
                println!("{}", serde_json::to_string_pretty(&config)?);
            } else {
                print!("{}", show(&config));
            }
        }
        Command::Reference => print!("{}", reference()),
    }
    Ok(ExitCode::SUCCESS)
}
