//! The trail is sealed: each line has a link in a chain, whose MAC covers the line and the link before.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261126_000013_audit_chain",
    sql: SQL,
    sqlite_only: SQLITE_GUARDS,
    postgres_only: None,
};

const SQL: &str = r"
-- Never written: a link covers whatever a line has.
ALTER TABLE audit_log DROP COLUMN detail;

-- Of several that seal at once, one gets a position. No foreign key: a line that is gone is to be found.
CREATE TABLE audit_chain (
    position bigint PRIMARY KEY,
    line_id {uuid} NOT NULL UNIQUE,
    sealed_at bigint NOT NULL,
    mac {text} NOT NULL
);
";

/// PostgreSQL has roles for this.
const SQLITE_GUARDS: Option<&str> = Some(
    r"
CREATE TRIGGER audit_chain_no_update BEFORE UPDATE ON audit_chain
BEGIN SELECT RAISE(ABORT, 'audit links are never changed'); END;

CREATE TRIGGER audit_chain_no_delete BEFORE DELETE ON audit_chain
BEGIN SELECT RAISE(ABORT, 'audit links are never removed'); END;
",
);
