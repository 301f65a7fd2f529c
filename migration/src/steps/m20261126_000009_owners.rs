//! Every row has a person. What was kept before there were accounts goes to the first administrator:
//! to an account without names and password, if need be, which the first registration takes over.
//! Also: the keys that access tokens are signed with.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261126_000009_owners",
    sql: SQL,
    sqlite_only: Some(SQLITE),
    postgres_only: Some(POSTGRES),
};

const SQL: &str = r"
CREATE TABLE signing_keys (
    id {uuid} PRIMARY KEY,
    -- Of replicas that make the same number one succeeds.
    number bigint NOT NULL UNIQUE,
    secret {bytes} NOT NULL,
    signs_from bigint NOT NULL,
    created_at bigint NOT NULL
);

INSERT INTO users (id, email, email_key, handle, handle_key, display_name, password_hash, role, created_at, updated_at)
SELECT id, '', '', '', '', '', '', 'admin', created_at, created_at FROM instance
WHERE NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin') AND (
    EXISTS (SELECT 1 FROM documents WHERE user_id IS NULL)
    OR EXISTS (SELECT 1 FROM topics WHERE user_id IS NULL)
    OR EXISTS (SELECT 1 FROM folders WHERE user_id IS NULL)
);

UPDATE documents SET user_id = (SELECT id FROM users WHERE role = 'admin' ORDER BY created_at, id LIMIT 1)
WHERE user_id IS NULL;
UPDATE topics SET user_id = (SELECT id FROM users WHERE role = 'admin' ORDER BY created_at, id LIMIT 1)
WHERE user_id IS NULL;
UPDATE folders SET user_id = (SELECT id FROM users WHERE role = 'admin' ORDER BY created_at, id LIMIT 1)
WHERE user_id IS NULL;

ALTER TABLE topic_vectors RENAME COLUMN owner TO user_id;
UPDATE topic_vectors SET user_id = (SELECT topics.user_id FROM topics WHERE topics.id = topic_vectors.topic_id)
WHERE user_id = {nil};
ALTER TABLE idempotency_keys RENAME COLUMN owner TO user_id;
UPDATE idempotency_keys SET user_id = (SELECT id FROM users WHERE role = 'admin' ORDER BY created_at, id LIMIT 1)
WHERE user_id = {nil} AND EXISTS (SELECT 1 FROM users WHERE role = 'admin');

INSERT INTO quotas (user_id) SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM quotas);
UPDATE quotas SET used_bytes =
    (SELECT COALESCE(SUM(size_bytes), 0) FROM documents WHERE documents.user_id = quotas.user_id);
";

macro_rules! indexes {
    () => {
        r"
CREATE UNIQUE INDEX folders_name ON folders (user_id, COALESCE(parent_id, {nil}), name_key);
CREATE UNIQUE INDEX topics_name ON topics (user_id, name_key);
CREATE INDEX documents_listed ON documents (user_id, created_at, id) WHERE trashed_at IS NULL;
CREATE INDEX documents_by_title ON documents (user_id, lower(title), id) WHERE trashed_at IS NULL;
CREATE INDEX documents_trashed ON documents (user_id, created_at, id) WHERE trashed_at IS NOT NULL;
CREATE INDEX documents_sha256 ON documents (user_id, sha256);
"
    };
}

/// The indexes on `owner` go with the column.
const POSTGRES: &str = concat!(
    r"
ALTER TABLE folders DROP COLUMN owner;
ALTER TABLE folders ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE topics DROP COLUMN owner;
ALTER TABLE topics ALTER COLUMN user_id SET NOT NULL;
ALTER TABLE documents DROP COLUMN owner;
ALTER TABLE documents ALTER COLUMN user_id SET NOT NULL;

UPDATE audit_log SET owner_id = (SELECT id FROM users WHERE role = 'admin' ORDER BY created_at, id LIMIT 1)
WHERE owner_id IS NULL;
",
    indexes!()
);

/// `SQLite` cannot change a column: the tables are made anew (its documentation, ALTER TABLE, 7). What
/// refers to them does so by name, and foreign keys are off while steps run.
const SQLITE: &str = concat!(
    r"
CREATE TABLE new_folders (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    parent_id {uuid} REFERENCES folders (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
INSERT INTO new_folders SELECT id, user_id, parent_id, name, name_key, created_at, updated_at FROM folders;
DROP TABLE folders;
ALTER TABLE new_folders RENAME TO folders;
CREATE INDEX folders_parent ON folders (parent_id);

CREATE TABLE new_topics (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    description {text} NOT NULL,
    hue smallint NOT NULL CHECK (hue BETWEEN 1 AND 8),
    starter {text},
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
INSERT INTO new_topics SELECT id, user_id, name, name_key, description, hue, starter, created_at, updated_at
FROM topics;
DROP TABLE topics;
ALTER TABLE new_topics RENAME TO topics;

CREATE TABLE new_documents (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    folder_id {uuid} REFERENCES folders (id) ON DELETE SET NULL,
    title {text} NOT NULL,
    title_source {text} NOT NULL,
    filename {text} NOT NULL,
    mime_type {text} NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    sha256 {text} NOT NULL,
    page_count bigint,
    status {text} NOT NULL CHECK (status IN ('pending', 'processing', 'ready', 'failed')),
    status_detail {text},
    summary {text},
    summary_source {text},
    language {text},
    language_source {text},
    document_date {text},
    document_date_source {text},
    correspondent {text},
    correspondent_source {text},
    storage {text} NOT NULL,
    connection_id {uuid} REFERENCES cloud_connections (id),
    revision bigint NOT NULL,
    content_version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    trashed_at bigint,
    duplicate_of {uuid},
    topic_proposals {text},
    document_date_words {text},
    has_thumbnail boolean NOT NULL DEFAULT FALSE
);
INSERT INTO new_documents SELECT id, user_id, folder_id, title, title_source, filename, mime_type, size_bytes,
    sha256, page_count, status, status_detail, summary, summary_source, language, language_source, document_date,
    document_date_source, correspondent, correspondent_source, storage, connection_id, revision, content_version,
    created_at, updated_at, trashed_at, duplicate_of, topic_proposals, document_date_words, has_thumbnail
FROM documents;
DROP TABLE documents;
ALTER TABLE new_documents RENAME TO documents;
CREATE INDEX documents_folder ON documents (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX documents_connection ON documents (connection_id) WHERE connection_id IS NOT NULL;
CREATE INDEX documents_unread ON documents (updated_at) WHERE status IN ('pending', 'processing');

DROP TRIGGER audit_log_no_update;
UPDATE audit_log SET owner_id = (SELECT id FROM users WHERE role = 'admin' ORDER BY created_at, id LIMIT 1)
WHERE owner_id IS NULL;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'audit lines are never changed'); END;
",
    indexes!()
);
