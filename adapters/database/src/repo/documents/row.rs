use std::sync::LazyLock;

use docuvault_domain::documents::{
    Document, Field, MimeType, Sha256, Source, Status, StorageKind, Title,
};
use sea_orm::{DbBackend, DbErr, Value};
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::topics;
use crate::sql::{Fields, maybe_text, placeholders, unreadable};
use crate::stored::{Single, Stored};

/// From one line a column: its place in a [`Document`], and its name. What is said of a document and
/// who said it are a field with two columns.
macro_rules! columns {
    ($($field:ident: $($column:ident)|+,)+) => {
        /// With whether they are bytes on SQLite.
        const COLUMNS: &[(&str, bool)] = &[
            $($((stringify!($column), is_bytes(|document: &Document| &document.$field)),)+)+
        ];

        /// In the order of the columns.
        pub(super) fn values(document: &Document) -> Vec<Value> {
            let mut row = Vec::with_capacity(COLUMNS.len());
            $(document.$field.write(&mut row);)+
            row
        }

        /// From the columns, and the topics after them.
        fn document(fields: &mut Fields<'_>) -> Result<Document, DbErr> {
            Ok(Document {
                $($field: Stored::read(fields)?,)+
                topics: topics::topics(fields)?,
            })
        }
    };
}

const fn is_bytes<T: Stored>(_: fn(&Document) -> &T) -> bool {
    T::BYTES
}

columns! {
    id: id,
    owner: user_id,
    folder: folder_id,
    title: title,
    title_source: title_source,
    filename: filename,
    mime_type: mime_type,
    size_bytes: size_bytes,
    sha256: sha256,
    page_count: page_count,
    has_thumbnail: has_thumbnail,
    status: status,
    status_detail: status_detail,
    summary: summary | summary_source,
    language: language | language_source,
    document_date: document_date | document_date_source,
    document_date_words: document_date_words,
    correspondent: correspondent | correspondent_source,
    storage: storage,
    connection: connection_id,
    revision: revision,
    content_version: content_version,
    created_at: created_at,
    updated_at: updated_at,
    trashed_at: trashed_at,
    duplicate_of: duplicate_of,
    topic_proposals: topic_proposals,
}

fn names() -> Vec<&'static str> {
    COLUMNS.iter().map(|(name, _)| *name).collect()
}

/// A `SELECT` that ends where the condition begins.
pub(crate) fn select(engine: DbBackend) -> &'static str {
    static ON_POSTGRES: LazyLock<String> = LazyLock::new(|| select_on(DbBackend::Postgres));
    static ON_SQLITE: LazyLock<String> = LazyLock::new(|| select_on(DbBackend::Sqlite));
    match engine {
        DbBackend::Sqlite => &ON_SQLITE,
        _ => &ON_POSTGRES,
    }
}

/// SQLite gives the row as one array: its driver copies each value by itself on the way from its
/// thread to ours, which costs more than everything else about a list.
fn select_on(engine: DbBackend) -> String {
    let topics = topics::column(engine);
    if engine != DbBackend::Sqlite {
        let columns = names().join(", ");
        return format!("SELECT {columns}, {topics} FROM documents WHERE ");
    }
    let in_json = |(column, bytes): &(&str, bool)| {
        if *bytes {
            format!("nullif(hex({column}), '')")
        } else {
            (*column).to_owned()
        }
    };
    let columns: Vec<String> = COLUMNS.iter().map(in_json).collect();
    let columns = columns.join(", ");
    format!("SELECT json_array({columns}, {topics}) FROM documents WHERE ")
}

pub(super) static INSERT: LazyLock<String> = LazyLock::new(|| {
    let places = placeholders(1, COLUMNS.len());
    format!(
        "INSERT INTO documents ({}) VALUES ({places})",
        names().join(", ")
    )
});

pub(super) static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let set = |(n, (column, _)): (usize, &(&str, bool))| format!("{column} = ${}", n + 1);
    let set: Vec<String> = COLUMNS.iter().enumerate().skip(1).map(set).collect();
    format!("UPDATE documents SET {} WHERE id = $1", set.join(", "))
});

/// What reads a row of [`select`].
pub(super) fn decode(engine: DbBackend) -> fn(&mut Fields<'_>) -> Result<Document, DbErr> {
    match engine {
        DbBackend::Sqlite => |fields| document(&mut fields.array()?),
        _ => document,
    }
}

impl<T> Stored for Field<T>
where
    Option<T>: Stored,
{
    fn write(&self, row: &mut Vec<Value>) {
        self.value.write(row);
        self.source.write(row);
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, DbErr> {
        Ok(Self {
            value: Stored::read(fields)?,
            source: Stored::read(fields)?,
        })
    }
}

/// Types with a stored name.
macro_rules! named {
    ($($type:ident),+) => {
        $(impl Single for $type {
            type Raw = String;

            fn raw(&self) -> String {
                self.as_str().to_owned()
            }

            fn from_raw(raw: String) -> Result<Self, DbErr> {
                Self::parse(&raw).ok_or_else(|| unreadable(&raw))
            }
        })+
    };
}

named!(MimeType, Source, Status, StorageKind);

impl Single for Title {
    type Raw = String;

    fn raw(&self) -> String {
        self.as_str().replace('\0', "")
    }

    fn from_raw(raw: String) -> Result<Self, DbErr> {
        Self::parse(&raw).map_err(|_| unreadable(&raw))
    }
}

impl Single for Sha256 {
    type Raw = String;

    fn raw(&self) -> String {
        self.as_str().to_owned()
    }

    fn from_raw(raw: String) -> Result<Self, DbErr> {
        Self::parse(raw).ok_or_else(|| unreadable("sha256"))
    }
}

impl Single for Date {
    type Raw = String;

    fn raw(&self) -> String {
        date_text(*self)
    }

    fn from_raw(raw: String) -> Result<Self, DbErr> {
        parse_date(&raw).ok_or_else(|| unreadable(&raw))
    }
}

/// A JSON array, NULL for none.
impl Stored for Vec<String> {
    fn write(&self, row: &mut Vec<Value>) {
        let names = (!self.is_empty()).then(|| serde_json::json!(self).to_string());
        row.push(maybe_text(names.as_deref()));
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, DbErr> {
        match fields.get::<Option<String>>()? {
            Some(names) => serde_json::from_str(&names).map_err(|_| unreadable(&names)),
            None => Ok(Self::new()),
        }
    }
}

const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// `YYYY-MM-DD`, which sorts as text.
pub(super) fn date_text(date: Date) -> String {
    // Formatting fails for parts that a date does not have: never here.
    date.format(DATE).unwrap_or_default()
}

fn parse_date(text: &str) -> Option<Date> {
    Date::parse(text, DATE).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_sort_as_text() {
        let day = |year, ordinal| Date::from_ordinal_date(year, ordinal).unwrap();
        assert_eq!(date_text(day(2026, 60)), "2026-03-01");
        assert!(date_text(day(987, 1)) < date_text(day(2026, 1)));
        assert_eq!(parse_date("2026-03-01"), Some(day(2026, 60)));
        assert_eq!(parse_date("2026-02-30"), None);
    }
}
