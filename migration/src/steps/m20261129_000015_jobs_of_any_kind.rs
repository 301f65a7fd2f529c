//! Jobs that need not be about a document: payload, owner, subject, priority, key, progress, result, and
//! a way to be stopped.
//!
//! The release before this step claims every job in the state `open` and can do two kinds of documents'
//! jobs. Those stay as it knows them, with their versions in columns of their own; jobs of all other kinds
//! are `queued`, which it does not look for. `step` holds the name of the kind.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261129_000015_jobs_of_any_kind",
    sql: SQL,
    sqlite_only: Some(SQLITE),
    postgres_only: Some(POSTGRES),
};

const SQL: &str = r"
ALTER TABLE jobs ADD COLUMN payload {text};
ALTER TABLE jobs ADD COLUMN user_id {uuid} REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE jobs ADD COLUMN subject_kind {text};
ALTER TABLE jobs ADD COLUMN subject_id {uuid};
ALTER TABLE jobs ADD COLUMN priority bigint NOT NULL DEFAULT 1;
ALTER TABLE jobs ADD COLUMN key {text};
ALTER TABLE jobs ADD COLUMN progress_done bigint;
ALTER TABLE jobs ADD COLUMN progress_total bigint;
ALTER TABLE jobs ADD COLUMN result {text};
ALTER TABLE jobs ADD COLUMN stop_requested boolean NOT NULL DEFAULT false;
";

macro_rules! indexes {
    () => {
        r"
CREATE INDEX jobs_claimed ON jobs (priority, due_at, id) WHERE state IN ('open', 'queued');
CREATE UNIQUE INDEX jobs_key ON jobs (step, key) WHERE key IS NOT NULL AND state IN ('open', 'queued');
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE state IN ('done', 'stopped');
CREATE INDEX jobs_owner ON jobs (user_id) WHERE user_id IS NOT NULL;
"
    };
}

/// `jobs_due` stays for the release before.
const POSTGRES: &str = concat!(
    r"
ALTER TABLE jobs
    ALTER COLUMN document_id DROP NOT NULL,
    ALTER COLUMN content_version DROP NOT NULL,
    ALTER COLUMN pipeline_version DROP NOT NULL,
    DROP CONSTRAINT jobs_state_check,
    ADD CONSTRAINT jobs_state_check CHECK (state IN ('open', 'queued', 'done', 'dead', 'stopped'));
",
    indexes!()
);

/// SQLite cannot loosen a constraint: the table is made anew.
const SQLITE: &str = concat!(
    r"
CREATE TABLE jobs_new (
    id blob PRIMARY KEY,
    document_id blob REFERENCES documents (id) ON DELETE CASCADE,
    content_version bigint,
    step text NOT NULL,
    pipeline_version bigint,
    state text NOT NULL CHECK (state IN ('open', 'queued', 'done', 'dead', 'stopped')),
    attempts bigint NOT NULL,
    due_at bigint NOT NULL,
    published_at bigint,
    worker text,
    last_error text,
    created_at bigint NOT NULL,
    finished_at bigint,
    payload text,
    user_id blob REFERENCES users (id) ON DELETE CASCADE,
    subject_kind text,
    subject_id blob,
    priority bigint NOT NULL DEFAULT 1,
    key text,
    progress_done bigint,
    progress_total bigint,
    result text,
    stop_requested boolean NOT NULL DEFAULT false,
    UNIQUE (document_id, content_version, step, pipeline_version)
);
INSERT INTO jobs_new SELECT id, document_id, content_version, step, pipeline_version, state, attempts,
    due_at, published_at, worker, last_error, created_at, finished_at, payload, user_id, subject_kind,
    subject_id, priority, key, progress_done, progress_total, result, stop_requested FROM jobs;
DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;
CREATE INDEX jobs_dead ON jobs (finished_at) WHERE state = 'dead';
",
    indexes!()
);
