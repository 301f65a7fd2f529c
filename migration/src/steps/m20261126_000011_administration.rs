//! Accounts that others administer: last seen, deleted, invited; one-time links and the mails that bring
//! them.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261126_000011_administration",
    sql: SQL,
    sqlite_only: None,
    postgres_only: None,
};

const SQL: &str = r"
ALTER TABLE users ADD COLUMN last_seen_at bigint;
-- A deleted account has no names any more. Its row goes once everything that belongs to it is gone.
ALTER TABLE users ADD COLUMN deleted_at bigint;
CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL;

-- Handles that somebody once had are nobody else's again.
CREATE TABLE retired_handles (
    handle_key {text} PRIMARY KEY,
    user_id {uuid} NOT NULL
);

-- Sessions of before have proved nothing lately.
ALTER TABLE sessions ADD COLUMN confirmed_at bigint NOT NULL DEFAULT 0;

CREATE TABLE reset_links (
    user_id {uuid} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    token_hash {text} NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL
);

-- Whoever asks for a link waits for nothing that depends on whether there is such an account.
CREATE TABLE reset_requests (
    id {uuid} PRIMARY KEY,
    email {text} NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE invites (
    id {uuid} PRIMARY KEY,
    token_hash {text} NOT NULL UNIQUE,
    email {text},
    role {text} NOT NULL CHECK (role IN ('user', 'admin')),
    created_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    used_by {uuid}
);
CREATE INDEX invites_created_by ON invites (created_by);

-- due_at is both when a mail may be sent and when a claim on it ends. A row goes with its mail.
CREATE TABLE mails (
    id {uuid} PRIMARY KEY,
    recipient {text} NOT NULL,
    sealed {bytes} NOT NULL,
    attempts bigint NOT NULL,
    due_at bigint NOT NULL,
    created_at bigint NOT NULL
);
CREATE INDEX mails_due ON mails (due_at, id);
";
