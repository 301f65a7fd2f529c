use std::process::ExitCode;

#[derive(clap::Args)]
#[command(after_help = "Example:\n  docuvault openapi > openapi.json")]
pub(super) struct Args {}

pub(super) fn run(_: &Args) -> ExitCode {
    print!("{}", crate::http::openapi_json());
    ExitCode::SUCCESS
}
