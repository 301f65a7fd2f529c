use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::validate::Problems;

/// Who works on jobs.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Worker {
    /// Documents read at the same time by this process; 0 pauses reading, jobs wait.
    pub concurrency: u32,
    /// A job whose worker died is taken over after this many seconds.
    pub lease_seconds: u64,
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            concurrency: 2,
            lease_seconds: 30,
        }
    }
}

impl Worker {
    pub(super) fn check(&self, problems: &mut Problems) {
        problems.at_least_one("worker.lease_seconds", self.lease_seconds);
    }
}
