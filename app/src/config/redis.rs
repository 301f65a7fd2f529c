use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::validate::{Problems, scheme};

/// Redis.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Redis {
    /// `redis://…`.
    pub url: Option<Secret>,
}

impl Redis {
    pub(super) fn check(&self, problems: &mut Problems) {
        if scheme(self.url.as_ref())
            .is_some_and(|scheme| !matches!(scheme, "redis" | "unix" | "redis+unix"))
        {
            problems.push("redis.url: must begin with redis:// (TLS is not supported yet)");
        }
    }
}
