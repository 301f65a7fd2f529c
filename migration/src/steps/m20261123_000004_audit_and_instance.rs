//! The audit trail, which is only ever added to, and the name of the installation.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261123_000004_audit_and_instance",
    sql: SQL,
    sqlite_only: SQLITE_GUARDS,
    postgres_only: None,
};

const SQL: &str = r"
-- No foreign keys: the trail outlives what it tells of.
CREATE TABLE audit_log (
    id {uuid} PRIMARY KEY,
    at bigint NOT NULL,
    actor_id {uuid},
    actor_kind {text} NOT NULL,
    owner_id {uuid},
    action {text} NOT NULL,
    resource_kind {text} NOT NULL,
    resource_id {uuid} NOT NULL,
    outcome {text} NOT NULL,
    address {text},
    request_id {uuid},
    detail {json}
);
CREATE INDEX audit_log_owner ON audit_log (owner_id, at, id);
CREATE INDEX audit_log_resource ON audit_log (resource_id, at);

CREATE TABLE instance (
    only_row smallint PRIMARY KEY DEFAULT 1 CHECK (only_row = 1),
    id {uuid} NOT NULL,
    created_at bigint NOT NULL
);
";

/// PostgreSQL has roles for this.
const SQLITE_GUARDS: Option<&str> = Some(
    r"
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit lines are never changed'); END;

CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit lines are never removed'); END;
",
);
