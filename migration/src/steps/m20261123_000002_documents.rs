//! Documents, what they are filed under and with whom they are shared.
//!
//! `user_id` is NULL in a vault without accounts. `owner` is the same with a nil uuid in that place:
//! one predicate, one kind of index and one kind of unique key serve both.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261123_000002_documents",
    sql: SQL,
    sqlite_only: None,
    postgres_only: None,
};

const SQL: &str = r"
CREATE TABLE cloud_connections (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind {text} NOT NULL,
    label {text} NOT NULL,
    base_url {text},
    secret {bytes} NOT NULL,
    status {text} NOT NULL,
    detail {text},
    is_default boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE INDEX cloud_connections_user ON cloud_connections (user_id);

CREATE TABLE folders (
    id {uuid} PRIMARY KEY,
    user_id {uuid} REFERENCES users (id),
    owner {uuid} NOT NULL GENERATED ALWAYS AS (COALESCE(user_id, {nil})) STORED,
    parent_id {uuid} REFERENCES folders (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX folders_name ON folders (owner, COALESCE(parent_id, {nil}), name_key);
CREATE INDEX folders_parent ON folders (parent_id);

CREATE TABLE topics (
    id {uuid} PRIMARY KEY,
    user_id {uuid} REFERENCES users (id),
    owner {uuid} NOT NULL GENERATED ALWAYS AS (COALESCE(user_id, {nil})) STORED,
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    description {text} NOT NULL,
    hue smallint NOT NULL CHECK (hue BETWEEN 1 AND 8),
    starter {text},
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX topics_name ON topics (owner, name_key);

CREATE TABLE documents (
    id {uuid} PRIMARY KEY,
    user_id {uuid} REFERENCES users (id),
    owner {uuid} NOT NULL GENERATED ALWAYS AS (COALESCE(user_id, {nil})) STORED,
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
    duplicate_of {uuid}
);
CREATE INDEX documents_listed ON documents (owner, created_at, id) WHERE trashed_at IS NULL;
CREATE INDEX documents_by_title ON documents (owner, lower(title), id) WHERE trashed_at IS NULL;
CREATE INDEX documents_trashed ON documents (owner, created_at, id) WHERE trashed_at IS NOT NULL;
CREATE INDEX documents_sha256 ON documents (owner, sha256);
CREATE INDEX documents_folder ON documents (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX documents_connection ON documents (connection_id) WHERE connection_id IS NOT NULL;
CREATE INDEX documents_unread ON documents (updated_at) WHERE status IN ('pending', 'processing');

CREATE TABLE document_topics (
    document_id {uuid} NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    topic_id {uuid} NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
    state {text} NOT NULL CHECK (state IN ('applied', 'suggested', 'rejected')),
    confidence real,
    source {text} NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (document_id, topic_id)
);
CREATE INDEX document_topics_topic ON document_topics (topic_id, state, document_id);

CREATE TABLE document_texts (
    id {serial},
    document_id {uuid} NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    part integer NOT NULL,
    body {text} NOT NULL,
    UNIQUE (document_id, part)
);

CREATE TABLE shares (
    id {uuid} PRIMARY KEY,
    document_id {uuid} REFERENCES documents (id) ON DELETE CASCADE,
    folder_id {uuid} REFERENCES folders (id) ON DELETE CASCADE,
    owner_id {uuid} NOT NULL REFERENCES users (id),
    recipient_id {uuid} NOT NULL REFERENCES users (id),
    permission {text} NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    CHECK ((document_id IS NULL) <> (folder_id IS NULL))
);
CREATE INDEX shares_document ON shares (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX shares_folder ON shares (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX shares_owner ON shares (owner_id);
CREATE INDEX shares_recipient ON shares (recipient_id);
";
