//! The ledger of stored bytes, promised work, and the keys of repeatable uploads.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261123_000003_objects_and_jobs",
    sql: SQL,
    sqlite_only: None,
    postgres_only: None,
};

const SQL: &str = r"
-- The row stands before its document does: no foreign key.
CREATE TABLE objects (
    id {uuid} PRIMARY KEY,
    document_id {uuid} NOT NULL,
    kind {text} NOT NULL,
    key {text} NOT NULL UNIQUE,
    storage {text} NOT NULL,
    size_bytes bigint,
    sha256 {text},
    state {text} NOT NULL CHECK (state IN ('writing', 'live', 'deleting')),
    lease_until bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX objects_document ON objects (document_id);
CREATE INDEX objects_writing ON objects (lease_until) WHERE state = 'writing';
CREATE INDEX objects_deleting ON objects (created_at, id) WHERE state = 'deleting';

-- due_at is both when an open job may be claimed and when a lease on it ends.
CREATE TABLE jobs (
    id {uuid} PRIMARY KEY,
    document_id {uuid} NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    content_version bigint NOT NULL,
    step {text} NOT NULL,
    pipeline_version bigint NOT NULL,
    state {text} NOT NULL CHECK (state IN ('open', 'done', 'dead')),
    attempts bigint NOT NULL,
    due_at bigint NOT NULL,
    published_at bigint,
    worker {text},
    last_error {text},
    created_at bigint NOT NULL,
    finished_at bigint,
    UNIQUE (document_id, content_version, step, pipeline_version)
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'open';
CREATE INDEX jobs_dead ON jobs (finished_at) WHERE state = 'dead';

CREATE TABLE idempotency_keys (
    owner {uuid} NOT NULL,
    key {text} NOT NULL,
    document_id {uuid},
    fingerprint {text},
    lease_until bigint NOT NULL,
    expires_at bigint,
    created_at bigint NOT NULL,
    PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (COALESCE(expires_at, lease_until));
";
