//! What a person's filing has taught, and topics that a provider proposes.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261125_000005_learning",
    sql: SQL,
    sqlite_only: None,
    postgres_only: None,
};

const SQL: &str = r"
CREATE TABLE topic_vectors (
    topic_id {uuid} PRIMARY KEY REFERENCES topics (id) ON DELETE CASCADE,
    owner {uuid} NOT NULL,
    examples bigint NOT NULL,
    vector {bytes} NOT NULL
);
CREATE INDEX topic_vectors_owner ON topic_vectors (owner);

-- What the document has taught about the topic: 1 for, -1 against, 0 nothing yet.
ALTER TABLE document_topics ADD COLUMN taught smallint NOT NULL DEFAULT 0;
CREATE INDEX document_topics_suggested ON document_topics (document_id) WHERE state = 'suggested';

-- Names of topics that the owner does not have, as a JSON array.
ALTER TABLE documents ADD COLUMN topic_proposals {text};
";
