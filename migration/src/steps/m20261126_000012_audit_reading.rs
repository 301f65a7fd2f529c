//! The trail is read: newest first, and by who did it.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261126_000012_audit_reading",
    sql: SQL,
    postgres_only: None,
    sqlite_only: None,
};

const SQL: &str = r"
CREATE INDEX audit_log_at ON audit_log (at, id);
CREATE INDEX audit_log_actor ON audit_log (actor_id, at, id);
";
