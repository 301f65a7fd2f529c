use std::process::ExitCode;

use docuvault_domain::Timestamp;
use docuvault_domain::audit::{ChainPosition, Verification};
use serde_json::json;

use crate::config::Overrides;
use crate::telemetry;

/// The trail is not what was sealed.
const CHANGED: u8 = 3;

#[derive(clap::Args)]
#[command(
    after_help = "Note the printed end somewhere else. Given with --expect later, it shows that nothing \
    up to there was cut off.\nExit codes: 0 all is as it was sealed, 1 it could not be verified, 3 lines \
    were changed or are missing.\n\n\
    Example:\n  docuvault audit verify --expect \"$(cat audit-end.txt)\""
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Find lines of the audit trail that were changed or removed
    Verify {
        /// An end of the trail that was noted before
        #[arg(long, value_name = "POSITION:MAC")]
        expect: Option<ChainPosition>,
        /// Print what was found as JSON
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(args: &Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = super::quiet_configuration(overrides)?;
    telemetry::start_logs(&config.log)?;
    let Command::Verify { expect, json } = &args.command;
    let found = super::with_vault(&config, async |services| {
        Ok(services.audit.verify.run(expect.as_ref()).await?)
    })?;
    if *json {
        println!("{}", as_json(&found));
    } else {
        print_report(&found);
    }
    Ok(if found.fault_count == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(CHANGED)
    })
}

fn as_json(found: &Verification) -> serde_json::Value {
    let faults = found.faults.iter().map(ToString::to_string);
    json!({
        "intact": found.intact,
        "end": found.end.as_ref().map(ToString::to_string),
        "fault_count": found.fault_count,
        "faults": faults.collect::<Vec<_>>(),
        "sealed_late": found.late,
        "first_sealed_late": found.first_late,
        "unsealed": found.unsealed.lines,
        "oldest_unsealed": found.unsealed.oldest.map(Timestamp::to_rfc3339),
    })
}

fn print_report(found: &Verification) {
    for fault in &found.faults {
        println!("{fault}");
    }
    let more = found.fault_count - found.faults.len() as u64;
    if more > 0 {
        println!("and {more} more");
    }
    println!("{} lines are as they were sealed.", found.intact);
    if let Some(first) = found.first_late {
        println!(
            "{} were sealed more than a day after they were written, first at position {first}: the \
             vault stood still then, or somebody had the trail sealed anew.",
            found.late
        );
    }
    if let Some(oldest) = found.unsealed.oldest {
        println!(
            "{} are not sealed yet, the oldest of {}: a running vault seals them within a minute.",
            found.unsealed.lines,
            oldest.to_rfc3339()
        );
    }
    if let Some(end) = &found.end {
        println!("The end: {end}");
    }
}
