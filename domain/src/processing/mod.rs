//! What happens to a document after it was taken in.

mod backoff;
mod filing;
mod job_table;
mod process_document;
mod sweep;
mod thumbnail;

pub use backoff::{MAX_ATTEMPTS, retry_delay};
pub use job_table::JobTable;
pub use process_document::{Outcome, ProcessDocument};
pub use sweep::{Sweep, Swept};

/// Counts the versions of reading and filing: raising it gives every reading a new identity.
pub const PIPELINE_VERSION: u32 = 1;
