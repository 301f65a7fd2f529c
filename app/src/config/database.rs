use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Secret;
use super::validate::{Problems, scheme};

/// PostgreSQL.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `postgres://…` of the role that runs the vault; needs no right to change the schema.
    pub url: Option<Secret>,
    /// `postgres://…` of the role that owns the schema; used on start and by `docuvault migrate`.
    pub migrate_url: Option<Secret>,
    /// The most connections of this process.
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            migrate_url: None,
            max_connections: 16,
        }
    }
}

impl Database {
    pub(super) fn check(&self, problems: &mut Problems) {
        for (key, value) in [
            ("database.url", &self.url),
            ("database.migrate_url", &self.migrate_url),
        ] {
            if scheme(value.as_ref())
                .is_some_and(|scheme| !matches!(scheme, "postgres" | "postgresql"))
            {
                problems.push(format!("{key}: must begin with postgres://"));
            }
        }
        if self.url.is_none() && self.migrate_url.is_some() {
            problems.push("database.migrate_url: is set, but DATABASE_URL is not");
        }
        problems.at_least_one("database.max_connections", self.max_connections.into());
    }
}
