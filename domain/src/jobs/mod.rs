//! Work behind requests: how a job is handed out, run, retried, stopped and given up, whatever its kind.

mod backoff;
mod handler;
mod run;
mod table;

pub use backoff::retry_delay;
pub use handler::{JobHandler, JobRun, Outcome};
pub use run::{abandon, run_job};
pub use table::JobTable;
