//! The conditions and orders of lists. What a list filters by decides its text; the same filters
//! give the same text, so it is prepared once.

use std::fmt::Write;

use docuvault_domain::caller::Caller;
use docuvault_domain::documents::Document;
use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::{
    DocumentFilter, DocumentQuery, ListCursor, Sort, SortKey, SortValue,
};
use sea_orm::Value;

use super::row::date_text;
use crate::sql::{containing, number, owner, text, time};

/// A condition that grows, with its values.
pub(super) struct Condition {
    sql: String,
    values: Vec<Value>,
}

impl Condition {
    /// Adds `sql`, whose `?`s all stand for the next value.
    fn and(&mut self, sql: &str, value: Value) {
        self.values.push(value);
        let place = format!("${}", self.values.len());
        self.sql += " AND ";
        self.sql += &sql.replace('?', &place);
    }

    /// Adds `sql` as it is.
    fn and_plain(&mut self, sql: &str) {
        self.sql += " AND ";
        self.sql += sql;
    }

    /// Ends the statement with an order and a limit.
    fn ordered(mut self, order: &str, limit: u32) -> (String, Vec<Value>) {
        self.values.push(number(limit));
        let place = self.values.len();
        // Writing to a string does not fail.
        let _ = write!(self.sql, " ORDER BY {order} LIMIT ${place}");
        self.finish()
    }

    /// The text and its values.
    pub(super) fn finish(self) -> (String, Vec<Value>) {
        (self.sql, self.values)
    }
}

/// A suggestion waits, or nobody has said where the document belongs.
const NEEDS_REVIEW: &str = "status = 'ready' AND (\
     EXISTS (SELECT 1 FROM document_topics WHERE document_id = documents.id AND state = 'suggested') \
     OR NOT EXISTS (SELECT 1 FROM document_topics WHERE document_id = documents.id \
     AND state <> 'suggested'))";

/// The caller's documents that `filter` matches.
pub(super) fn filtered(caller: &Caller, filter: &DocumentFilter) -> Condition {
    let trash = if filter.trashed { "NOT NULL" } else { "NULL" };
    let mut condition = Condition {
        sql: format!("user_id = $1 AND trashed_at IS {trash}"),
        values: vec![owner(caller.owner())],
    };
    match filter.folder {
        Some(Some(folder)) => condition.and("folder_id = ?", folder.0.into()),
        Some(None) => condition.and_plain("folder_id IS NULL"),
        None => {}
    }
    if let Some(topic) = filter.topic {
        condition.and(
            "id IN (SELECT document_id FROM document_topics \
             WHERE topic_id = ? AND state = 'applied')",
            topic.0.into(),
        );
    }
    if let Some(status) = filter.status {
        condition.and("status = ?", text(status.as_str()));
    }
    if let Some(wanted) = filter.needs_review {
        let not = if wanted { "" } else { "NOT " };
        condition.and_plain(&format!("{not}({NEEDS_REVIEW})"));
    }
    if let Some(mime_type) = filter.mime_type {
        condition.and("mime_type = ?", text(mime_type.as_str()));
    }
    if let Some(wanted) = &filter.text {
        condition.and(
            r"(lower(title) LIKE ? ESCAPE '\' OR lower(filename) LIKE ? ESCAPE '\'
            OR lower(correspondent) LIKE ? ESCAPE '\')",
            text(&containing(wanted)),
        );
    }
    if let Some(at) = filter.created_after {
        condition.and("created_at >= ?", time(at));
    }
    if let Some(at) = filter.created_before {
        condition.and("created_at < ?", time(at));
    }
    if let Some(day) = filter.dated_after {
        condition.and("document_date >= ?", date_text(day).into());
    }
    if let Some(day) = filter.dated_before {
        condition.and("document_date < ?", date_text(day).into());
    }
    condition
}

/// One page and one document more.
pub(crate) fn page(caller: &Caller, query: &DocumentQuery) -> (String, Vec<Value>) {
    let mut condition = filtered(caller, &query.filter);
    if let Some(cursor) = &query.after {
        after(&mut condition, query.sort, cursor);
    }
    let direction = if query.sort.descending { "DESC" } else { "ASC" };
    let nulls = match query.sort.key {
        SortKey::DocumentDate => " NULLS LAST",
        _ => "",
    };
    let key = column(query.sort.key);
    let order = format!("{key} {direction}{nulls}, id {direction}");
    condition.ordered(&order, query.limit.get() + 1)
}

/// Ids only, in the order they were made.
pub(super) fn ids(
    caller: &Caller,
    filter: &DocumentFilter,
    after: Option<DocumentId>,
    limit: u32,
) -> (String, Vec<Value>) {
    let mut condition = filtered(caller, filter);
    if let Some(after) = after {
        condition.and("id > ?", after.0.into());
    }
    condition.ordered("id", limit)
}

/// Where a page that ends with `last` ends.
pub(super) fn cursor(key: SortKey, last: &Document) -> ListCursor {
    let value = match key {
        SortKey::CreatedAt => SortValue::Number(last.created_at.as_micros()),
        SortKey::UpdatedAt => SortValue::Number(last.updated_at.as_micros()),
        SortKey::Size => SortValue::Number(i64::try_from(last.size_bytes).unwrap_or(i64::MAX)),
        SortKey::Title => SortValue::Text(last.title.as_str().to_owned()),
        SortKey::DocumentDate => {
            SortValue::Text(last.document_date.value.map(date_text).unwrap_or_default())
        }
    };
    ListCursor { value, id: last.id }
}

fn column(key: SortKey) -> &'static str {
    match key {
        SortKey::CreatedAt => "created_at",
        SortKey::UpdatedAt => "updated_at",
        SortKey::Title => "lower(title)",
        SortKey::Size => "size_bytes",
        SortKey::DocumentDate => "document_date",
    }
}

/// Only what comes after `cursor`.
fn after(condition: &mut Condition, sort: Sort, cursor: &ListCursor) {
    let beyond = if sort.descending { '<' } else { '>' };
    let id = cursor.id.0.into();
    let (value, undated_follow) = match (&cursor.value, sort.key) {
        (SortValue::Number(value), _) => ((*value).into(), false),
        (SortValue::Text(day), SortKey::DocumentDate) if day.is_empty() => {
            condition.and(&format!("document_date IS NULL AND id {beyond} ?"), id);
            return;
        }
        (SortValue::Text(value), SortKey::DocumentDate) => (text(value), true),
        // As `lower()` on both engines: ASCII only.
        (SortValue::Text(value), _) => (text(&value.to_ascii_lowercase()), false),
    };
    condition.values.push(value);
    let value = condition.values.len();
    let row = format!("({}, id) {beyond} (${value}, ?)", column(sort.key));
    if undated_follow {
        condition.and(&format!("({row} OR document_date IS NULL)"), id);
    } else {
        condition.and(&row, id);
    }
}

#[cfg(test)]
mod tests {
    use docuvault_testkit::builders::CALLER;

    use super::*;

    #[test]
    fn the_default_page_is_one_constant_text() {
        let (sql, values) = page(&CALLER, &DocumentQuery::default());
        assert_eq!(
            sql,
            "user_id = $1 AND trashed_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $2"
        );
        assert_eq!(values[1], Value::from(51_i64));
    }
}
