//! Which documents have a picture.

use super::SqlStep;

pub(super) const STEP: SqlStep = SqlStep {
    name: "m20261125_000007_thumbnails",
    sql: SQL,
    sqlite_only: None,
    postgres_only: None,
};

const SQL: &str = r"
-- Said with every document of a list, which would have to look into the ledger for each.
ALTER TABLE documents ADD COLUMN has_thumbnail boolean NOT NULL DEFAULT FALSE;
UPDATE documents SET has_thumbnail = TRUE WHERE id IN
    (SELECT document_id FROM objects WHERE kind = 'thumbnail' AND state = 'live');
";
