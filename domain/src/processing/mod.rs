//! What happens to a document after it was taken in.

mod backoff;
mod job_table;

pub use backoff::{MAX_ATTEMPTS, retry_delay};
pub use job_table::JobTable;

/// Counts the versions of reading and filing: raising it gives every reading a new identity.
pub const PIPELINE_VERSION: u32 = 1;
