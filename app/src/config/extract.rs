use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::validate::Problems;

/// The limits of the confined process that reads a document.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Extract {
    /// Address space, in bytes.
    pub memory_bytes: u64,
    /// CPU time, in seconds.
    pub cpu_seconds: u64,
    /// Time on the wall clock, in seconds.
    pub wall_seconds: u64,
    /// Text kept of one document, in bytes.
    pub max_text_bytes: usize,
}

impl Default for Extract {
    fn default() -> Self {
        Self {
            memory_bytes: 1024 * 1024 * 1024,
            cpu_seconds: 20,
            wall_seconds: 60,
            max_text_bytes: 16 * 1024 * 1024,
        }
    }
}

impl Extract {
    pub(super) fn check(&self, problems: &mut Problems) {
        problems.at_least_one("extract.cpu_seconds", self.cpu_seconds);
        problems.at_least_one("extract.wall_seconds", self.wall_seconds);
    }
}
