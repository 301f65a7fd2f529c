//! People sign in by an OpenID Connect provider.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261126_000014_single_sign_on",
    sql: SQL,
    sqlite_only: None,
    postgres_only: None,
};

const SQL: &str = r"
ALTER TABLE sessions ADD COLUMN single_sign_on boolean NOT NULL DEFAULT FALSE;

CREATE TABLE sso_identities (
    issuer {text} NOT NULL,
    subject {text} NOT NULL,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at bigint NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX sso_identities_user ON sso_identities (user_id);

-- People on their way to the provider and back.
CREATE TABLE sso_attempts (
    id {uuid} PRIMARY KEY,
    state_hash {text} NOT NULL UNIQUE,
    browser_hash {text} NOT NULL,
    sealed {bytes} NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX sso_attempts_end ON sso_attempts (expires_at);

-- Identities that wait for the password of the account they are to belong to.
CREATE TABLE sso_links (
    token_hash {text} PRIMARY KEY,
    issuer {text} NOT NULL,
    subject {text} NOT NULL,
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at bigint NOT NULL
);
CREATE INDEX sso_links_user ON sso_links (user_id);
CREATE INDEX sso_links_end ON sso_links (expires_at);
";
