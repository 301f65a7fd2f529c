//! Accounts, sessions and quotas.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261123_000001_accounts",
    sql: SQL,
    sqlite_only: None,
    postgres_only: None,
};

const SQL: &str = r"
CREATE TABLE users (
    id {uuid} PRIMARY KEY,
    email {text} NOT NULL,
    email_key {text} NOT NULL UNIQUE,
    handle {text} NOT NULL,
    handle_key {text} NOT NULL UNIQUE,
    display_name {text} NOT NULL,
    password_hash {text} NOT NULL,
    role {text} NOT NULL CHECK (role IN ('user', 'admin')),
    totp_secret {bytes},
    totp_last_step bigint,
    locale {text},
    session_epoch bigint NOT NULL DEFAULT 0,
    disabled_at bigint,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL
);

CREATE TABLE groups (
    id {uuid} PRIMARY KEY,
    name {text} NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE refresh_tokens (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    family_id {uuid} NOT NULL,
    token_hash {text} NOT NULL UNIQUE,
    user_agent {text},
    address {text},
    created_at bigint NOT NULL,
    last_used_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    revoked_at bigint
);
CREATE INDEX refresh_tokens_user ON refresh_tokens (user_id);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);

-- What is used may exceed the limit after an administrator lowered it.
CREATE TABLE quotas (
    user_id {uuid} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    limit_bytes bigint NOT NULL DEFAULT 104857600,
    used_bytes bigint NOT NULL DEFAULT 0,
    CHECK (used_bytes >= 0 AND limit_bytes >= 0)
);
";
