//! Pages of lists: how many items, and cursors as clients see them, opaque.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use docuvault_domain::ids::DocumentId;
use docuvault_domain::page::Limit;
use docuvault_domain::ports::{ListCursor, Sort, SortKey, SortValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::problem::Problem;

/// How many items a page is to have.
pub(crate) fn limit(asked: Option<u32>) -> Result<Limit, Problem> {
    let limit = asked.map(Limit::parse).transpose();
    let limit = limit.map_err(|error| Problem::field("limit", error.to_string()))?;
    Ok(limit.unwrap_or_default())
}

/// A place in a list as a cursor.
pub(crate) fn encode_cursor<T: Serialize>(place: &T) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(place).unwrap_or_default())
}

/// The place of a cursor; `None` when it is none of this list.
pub(crate) fn decode_cursor<T: DeserializeOwned>(cursor: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum CursorValue {
    Number(i64),
    Text(String),
}

/// Order, value and id; the order is in it so that a cursor cannot be used with another one.
#[derive(Serialize, Deserialize)]
struct DocumentCursor(String, CursorValue, DocumentId);

/// The cursor of `after` in the order `sort`.
pub(crate) fn encode_document_cursor(sort: Sort, after: ListCursor) -> String {
    let value = match after.value {
        SortValue::Number(number) => CursorValue::Number(number),
        SortValue::Text(text) => CursorValue::Text(text),
    };
    encode_cursor(&DocumentCursor(sort_name(sort).to_owned(), value, after.id))
}

/// Reads a cursor; `None` when it is none of ours, or of another order.
pub(crate) fn decode_document_cursor(sort: Sort, cursor: &str) -> Option<ListCursor> {
    let DocumentCursor(order, value, id) = decode_cursor(cursor)?;
    let numeric = matches!(
        sort.key,
        SortKey::CreatedAt | SortKey::UpdatedAt | SortKey::Size
    );
    let value = match value {
        CursorValue::Number(number) if numeric => SortValue::Number(number),
        CursorValue::Text(text) if !numeric && !text.contains('\0') => SortValue::Text(text),
        _ => return None,
    };
    (order == sort_name(sort)).then_some(ListCursor { value, id })
}

/// The order's name in the contract.
pub(crate) const fn sort_name(sort: Sort) -> &'static str {
    match (sort.key, sort.descending) {
        (SortKey::CreatedAt, false) => "created_at",
        (SortKey::CreatedAt, true) => "-created_at",
        (SortKey::UpdatedAt, false) => "updated_at",
        (SortKey::UpdatedAt, true) => "-updated_at",
        (SortKey::Title, false) => "title",
        (SortKey::Title, true) => "-title",
        (SortKey::Size, false) => "size",
        (SortKey::Size, true) => "-size",
        (SortKey::DocumentDate, false) => "document_date",
        (SortKey::DocumentDate, true) => "-document_date",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_refused_in_another_order() {
        let sort = Sort {
            key: SortKey::Title,
            descending: false,
        };
        let after = ListCursor {
            value: SortValue::Text("Ä \"x\"".to_owned()),
            id: DocumentId(uuid::Uuid::max()),
        };
        let cursor = encode_document_cursor(sort, after.clone());
        assert_eq!(decode_document_cursor(sort, &cursor), Some(after));
        assert_eq!(decode_document_cursor(Sort::default(), &cursor), None);
        assert_eq!(decode_document_cursor(sort, "nonsense"), None);
    }
}
