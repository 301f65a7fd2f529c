//! The few words in which the two engines differ.

use sea_orm_migration::sea_orm::DbBackend;

/// Token, PostgreSQL, `SQLite`. Text compares by bytes and `lower()` knows ASCII only, on both.
const WORDS: [(&str, &str, &str); 6] = [
    ("{uuid}", "uuid", "blob"),
    ("{text}", "text COLLATE \"C\"", "text"),
    ("{json}", "jsonb", "text"),
    ("{bytes}", "bytea", "blob"),
    (
        "{serial}",
        "bigserial PRIMARY KEY",
        "integer PRIMARY KEY AUTOINCREMENT",
    ),
    (
        "{nil}",
        "'00000000-0000-0000-0000-000000000000'::uuid",
        "x'00000000000000000000000000000000'",
    ),
];

/// `sql` in the words of `engine`.
pub(crate) fn translate(sql: &str, engine: DbBackend) -> String {
    WORDS
        .iter()
        .fold(sql.to_owned(), |sql, (token, postgres, sqlite)| {
            let word = if engine == DbBackend::Sqlite {
                sqlite
            } else {
                postgres
            };
            sql.replace(token, word)
        })
}
