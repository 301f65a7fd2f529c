//! Why rules or AI say what they say.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261125_000006_reasons",
    sql: SQL,
    sqlite_only: None,
    postgres_only: None,
};

const SQL: &str = r"
-- The words that the date was read from, the reason for the topic: for people to see.
ALTER TABLE documents ADD COLUMN document_date_words {text};
ALTER TABLE document_topics ADD COLUMN reason {text};
";
