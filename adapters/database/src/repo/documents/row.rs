use std::sync::LazyLock;

use docuvault_domain::Timestamp;
use docuvault_domain::documents::{
    Document, Field, MimeType, Sha256, Source, Status, StorageKind, Title,
};
use docuvault_domain::ids::{ConnectionId, DocumentId, FolderId, UserId};
use sea_orm::{DbBackend, DbErr, Value};
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::topics;
use crate::sql::{Fields, maybe_text, number, placeholders, text, time, unreadable};

/// The stored columns, in the order of [`values`] and [`document`].
const COLUMNS: [&str; 31] = [
    "id",
    "user_id",
    "folder_id",
    "title",
    "title_source",
    "filename",
    "mime_type",
    "size_bytes",
    "sha256",
    "page_count",
    "has_thumbnail",
    "status",
    "status_detail",
    "summary",
    "summary_source",
    "language",
    "language_source",
    "document_date",
    "document_date_source",
    "document_date_words",
    "correspondent",
    "correspondent_source",
    "storage",
    "connection_id",
    "revision",
    "content_version",
    "created_at",
    "updated_at",
    "trashed_at",
    "duplicate_of",
    "topic_proposals",
];

/// Those of the columns that are bytes on SQLite.
const IDS: [&str; 5] = [
    "id",
    "user_id",
    "folder_id",
    "connection_id",
    "duplicate_of",
];

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
        let columns = COLUMNS.join(", ");
        return format!("SELECT {columns}, {topics} FROM documents WHERE ");
    }
    let in_json = |column: &&str| {
        if IDS.contains(column) {
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
        COLUMNS.join(", ")
    )
});

pub(super) static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let set = |(n, column): (usize, &&str)| format!("{column} = ${}", n + 1);
    let set: Vec<String> = COLUMNS.iter().enumerate().skip(1).map(set).collect();
    format!("UPDATE documents SET {} WHERE id = $1", set.join(", "))
});

pub(super) fn values(document: &Document) -> Vec<Value> {
    let source = |source: Option<Source>| maybe_text(source.map(Source::as_str));
    vec![
        document.id.0.into(),
        document.owner.0.into(),
        document.folder.map(|folder| folder.0).into(),
        text(document.title.as_str()),
        text(document.title_source.as_str()),
        text(&document.filename),
        text(document.mime_type.as_str()),
        number(document.size_bytes),
        text(document.sha256.as_str()),
        document.page_count.map(i64::from).into(),
        document.has_thumbnail.into(),
        text(document.status.as_str()),
        maybe_text(document.status_detail.as_deref()),
        maybe_text(document.summary.value.as_deref()),
        source(document.summary.source),
        maybe_text(document.language.value.as_deref()),
        source(document.language.source),
        document.document_date.value.map(date_text).into(),
        source(document.document_date.source),
        maybe_text(document.document_date_words.as_deref()),
        maybe_text(document.correspondent.value.as_deref()),
        source(document.correspondent.source),
        text(document.storage.as_str()),
        document.connection.map(|connection| connection.0).into(),
        number(document.revision),
        number(document.content_version),
        time(document.created_at),
        time(document.updated_at),
        document.trashed_at.map(Timestamp::as_micros).into(),
        document.duplicate_of.map(|other| other.0).into(),
        proposals(&document.topic_proposals),
    ]
}

/// What reads a row of [`select`].
pub(super) fn decode(engine: DbBackend) -> fn(&mut Fields<'_>) -> Result<Document, DbErr> {
    match engine {
        DbBackend::Sqlite => |fields| document(&mut fields.array()?),
        _ => document,
    }
}

fn document(fields: &mut Fields<'_>) -> Result<Document, DbErr> {
    Ok(Document {
        id: DocumentId(fields.get()?),
        owner: UserId(fields.get()?),
        folder: fields.get::<Option<_>>()?.map(FolderId),
        title: fields.parsed(|title| Title::parse(title).ok())?,
        title_source: fields.parsed(Source::parse)?,
        filename: fields.get()?,
        mime_type: fields.parsed(MimeType::parse)?,
        size_bytes: fields.number()?,
        sha256: sha256(fields)?,
        page_count: fields.maybe_number()?,
        has_thumbnail: fields.flag()?,
        status: fields.parsed(Status::parse)?,
        status_detail: fields.get()?,
        summary: text_field(fields)?,
        language: text_field(fields)?,
        document_date: Field {
            value: fields.maybe_parsed(parse_date)?,
            source: fields.maybe_parsed(Source::parse)?,
        },
        document_date_words: fields.get()?,
        correspondent: text_field(fields)?,
        storage: fields.parsed(StorageKind::parse)?,
        connection: fields.get::<Option<_>>()?.map(ConnectionId),
        revision: fields.number()?,
        content_version: fields.number()?,
        created_at: fields.time()?,
        updated_at: fields.time()?,
        trashed_at: fields.maybe_time()?,
        duplicate_of: fields.get::<Option<_>>()?.map(DocumentId),
        topic_proposals: match fields.get::<Option<String>>()? {
            Some(names) => serde_json::from_str(&names).map_err(|_| unreadable(&names))?,
            None => Vec::new(),
        },
        topics: topics::topics(fields)?,
    })
}

/// A JSON array, NULL for none.
fn proposals(names: &[String]) -> Value {
    let names = (!names.is_empty()).then(|| serde_json::json!(names).to_string());
    maybe_text(names.as_deref())
}

fn text_field(fields: &mut Fields<'_>) -> Result<Field<String>, DbErr> {
    Ok(Field {
        value: fields.get()?,
        source: fields.maybe_parsed(Source::parse)?,
    })
}

fn sha256(fields: &mut Fields<'_>) -> Result<Sha256, DbErr> {
    let stored: String = fields.get()?;
    Sha256::parse(stored).ok_or_else(|| unreadable("sha256"))
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
