use std::cmp::Ordering;

use docuvault_domain::documents::{Document, Status, TopicState};
use docuvault_domain::ports::{DocumentFilter, ListCursor, Sort, SortKey, SortValue};

use super::state::State;

/// Whether the filter's conditions all hold.
pub(super) fn matches(state: &State, filter: &DocumentFilter, document: &Document) -> bool {
    let date = document.document_date.value;
    let filed = |topic| {
        let filing = state.filings.get(&(document.id, topic));
        filing.is_some_and(|filing| filing.row.state == TopicState::Applied)
    };
    let needs_review = || {
        let filings = state
            .filings
            .iter()
            .filter(|((of, _), _)| *of == document.id);
        let (suggested, decided): (Vec<_>, Vec<_>) =
            filings.partition(|(_, filing)| filing.row.state == TopicState::Suggested);
        document.status == Status::Ready && (!suggested.is_empty() || decided.is_empty())
    };
    let contains = |text: &String| {
        let correspondent = document.correspondent.value.as_deref().unwrap_or_default();
        [document.title.as_str(), &document.filename, correspondent]
            .iter()
            .any(|field| {
                field
                    .to_ascii_lowercase()
                    .contains(&text.to_ascii_lowercase())
            })
    };
    document.trashed_at.is_some() == filter.trashed
        && filter.folder.is_none_or(|folder| document.folder == folder)
        && filter.topic.is_none_or(filed)
        && filter.status.is_none_or(|status| document.status == status)
        && filter
            .needs_review
            .is_none_or(|wanted| needs_review() == wanted)
        && filter
            .mime_type
            .is_none_or(|mime| document.mime_type == mime)
        && filter.text.as_ref().is_none_or(contains)
        && filter
            .created_after
            .is_none_or(|at| document.created_at >= at)
        && filter
            .created_before
            .is_none_or(|at| document.created_at < at)
        && filter
            .dated_after
            .is_none_or(|day| date.is_some_and(|date| date >= day))
        && filter
            .dated_before
            .is_none_or(|day| date.is_some_and(|date| date < day))
}

/// The place of a document in a list.
pub(super) fn cursor(sort: Sort, document: &Document) -> ListCursor {
    let value = match sort.key {
        SortKey::CreatedAt => SortValue::Number(document.created_at.as_micros()),
        SortKey::UpdatedAt => SortValue::Number(document.updated_at.as_micros()),
        SortKey::Size => SortValue::Number(document.size_bytes.try_into().unwrap_or(i64::MAX)),
        SortKey::Title => SortValue::Text(document.title.to_string()),
        SortKey::DocumentDate => {
            let date = document.document_date.value;
            SortValue::Text(date.map(|date| date.to_string()).unwrap_or_default())
        }
    };
    ListCursor {
        value,
        id: document.id,
    }
}

/// How two places follow each other.
pub(super) fn compare(sort: Sort, a: &ListCursor, b: &ListCursor) -> Ordering {
    let directed = |order: Ordering| {
        if sort.descending {
            order.reverse()
        } else {
            order
        }
    };
    let values = match (&a.value, &b.value) {
        (SortValue::Number(a), SortValue::Number(b)) => directed(a.cmp(b)),
        (SortValue::Text(a), SortValue::Text(b)) if sort.key == SortKey::DocumentDate => {
            // What has no date comes last in either direction.
            a.is_empty().cmp(&b.is_empty()).then(directed(a.cmp(b)))
        }
        (SortValue::Text(a), SortValue::Text(b)) => {
            directed(a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase()))
        }
        // A cursor of another order: the contract forbids it.
        _ => Ordering::Equal,
    };
    values.then(directed(a.id.cmp(&b.id)))
}
