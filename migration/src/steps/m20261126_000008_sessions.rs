//! Sessions, each with its line of refresh tokens; recovery codes; how often somebody may try; and the code for the
//! first account.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261126_000008_sessions",
    sql: SQL,
    sqlite_only: None,
    postgres_only: None,
};

const SQL: &str = r"
CREATE TABLE sessions (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent {text},
    address {text},
    created_at bigint NOT NULL,
    last_used_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    ended_at bigint
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Nothing was ever written to it.
DROP TABLE refresh_tokens;
-- One token of a session is unused: the current one. A used one that is shown again was copied.
CREATE TABLE refresh_tokens (
    token_hash {text} PRIMARY KEY,
    session_id {uuid} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at bigint NOT NULL,
    used_at bigint
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- Each opens an account once in place of the second factor.
CREATE TABLE recovery_codes (
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash {text} NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);

-- Whoever tries too often waits: full_at is when the bucket of a key is full again.
CREATE TABLE rate_limits (
    key {text} PRIMARY KEY,
    full_at bigint NOT NULL
);
CREATE INDEX rate_limits_full ON rate_limits (full_at);

-- The first registration must carry the code that was printed; its digest goes with it.
ALTER TABLE instance ADD COLUMN setup_code_hash {text};

-- Sessions say it themselves.
ALTER TABLE users DROP COLUMN session_epoch;
";
