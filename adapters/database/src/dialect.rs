//! Where PostgreSQL and `SQLite` differ.

use sea_orm::DbBackend;

/// The engine's name in health reports.
pub(crate) fn name(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Sqlite => "sqlite",
        _ => "postgres",
    }
}

/// Ends a `SELECT` so that the row is nobody else's until the transaction ends. On `SQLite` whoever
/// has a transaction that may write is alone anyway.
pub(crate) fn for_update(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Sqlite => "",
        _ => " FOR UPDATE",
    }
}

/// As [`for_update`], passing over rows that are somebody else's.
pub(crate) fn skip_locked(engine: DbBackend) -> &'static str {
    match engine {
        DbBackend::Sqlite => "",
        _ => " FOR UPDATE SKIP LOCKED",
    }
}

/// The functions that make JSON.
pub(crate) struct Json {
    /// Aggregates rows into an array.
    pub(crate) rows: &'static str,
    /// Makes an array of its arguments.
    pub(crate) array: &'static str,
    /// Makes text of an id.
    pub(crate) id: &'static str,
}

impl Json {
    pub(crate) fn of(engine: DbBackend) -> Self {
        match engine {
            DbBackend::Sqlite => Self {
                rows: "json_group_array",
                array: "json_array",
                id: "hex",
            },
            _ => Self {
                rows: "json_agg",
                array: "json_build_array",
                id: "",
            },
        }
    }
}
