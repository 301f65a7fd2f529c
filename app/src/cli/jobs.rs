use std::process::ExitCode;

use docuvault_domain::Timestamp;
use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{JobState, JobStatus};
use serde_json::json;

use crate::config::Overrides;
use crate::telemetry;

/// There is no such job, or it is over.
const NOT_FOUND: u8 = 3;

#[derive(clap::Args)]
#[command(
    after_help = "A job that was stopped has changed nothing; a document whose reading was stopped says \
    so and can be read again.\nExit codes: 0 done, 1 it could not be done, 3 there is no such job or it \
    is over.\n\n\
    Example:\n  docuvault jobs list --state dead"
)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// List jobs, the youngest first
    List {
        /// Which ones
        #[arg(long, value_enum, default_value = "open")]
        state: State,
        /// How many at most
        #[arg(long, default_value_t = 50)]
        limit: u32,
        /// Print them as JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one job: how far it is, and what it came to
    Show {
        /// Its id
        id: uuid::Uuid,
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Have a job stopped by whoever works on it
    Stop {
        /// Its id
        id: uuid::Uuid,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum State {
    Open,
    Done,
    Dead,
    Stopped,
}

pub(super) fn run(args: &Args, overrides: &Overrides) -> anyhow::Result<ExitCode> {
    let config = super::quiet_configuration(overrides)?;
    telemetry::start_logs(&config.log)?;
    super::with_vault(&config, async |services| {
        let jobs = &services.processing.jobs;
        match &args.command {
            Command::List { state, limit, json } => {
                print(&jobs.list((*state).into(), *limit).await?, *json);
            }
            Command::Show { id, json } => match jobs.find(JobId(*id)).await? {
                Some(job) => print(&[job], *json),
                None => return Ok(not_found()),
            },
            Command::Stop { id } => {
                if !jobs.request_stop(JobId(*id)).await? {
                    return Ok(not_found());
                }
                println!("It will be stopped within moments.");
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn not_found() -> ExitCode {
    eprintln!("There is no such job, or it is over.");
    ExitCode::from(NOT_FOUND)
}

fn print(jobs: &[JobStatus], as_json: bool) {
    for job in jobs {
        if as_json {
            println!("{}", json(job));
        } else {
            println!("{}", line(job));
        }
    }
}

fn line(job: &JobStatus) -> String {
    let progress = job.progress;
    let parts = [
        Some(format!("{}  {}  {}", job.job.id, job.job.kind, state(job))),
        Some(format!("tried {} times", job.attempts)),
        Some(format!("scheduled {}", job.created_at.to_rfc3339())),
        progress.map(|it| format!("{} of {}", it.done, it.total)),
        job.note.clone(),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn state(job: &JobStatus) -> &'static str {
    match job.state {
        JobState::Open if job.stop_requested => "to be stopped",
        JobState::Open if job.claimed => "being worked on",
        JobState::Open => "waiting",
        over => over.as_str(),
    }
}

fn json(job: &JobStatus) -> serde_json::Value {
    let progress = job.progress;
    json!({
        "id": job.job.id.0,
        "kind": job.job.kind.as_str(),
        "state": job.state.as_str(),
        "claimed": job.claimed,
        "stop_requested": job.stop_requested,
        "owner": job.job.owner.map(|owner| owner.0),
        "payload": job.job.payload,
        "attempts": job.attempts,
        "due_at": job.due_at.to_rfc3339(),
        "progress": progress.map(|it| json!({ "done": it.done, "total": it.total })),
        "result": job.result,
        "note": job.note,
        "created_at": job.created_at.to_rfc3339(),
        "finished_at": job.finished_at.map(Timestamp::to_rfc3339),
    })
}

impl From<State> for JobState {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Done => Self::Done,
            State::Dead => Self::Dead,
            State::Stopped => Self::Stopped,
        }
    }
}
