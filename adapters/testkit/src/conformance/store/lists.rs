use docuvault_domain::documents::{Document, Title};
use docuvault_domain::ids::DocumentId;
use docuvault_domain::page::Limit;
use docuvault_domain::ports::{DocumentQuery, ListCursor, Sort, SortKey};
use time::Duration;
use time::macros::date;

use super::Subject;
use super::fixtures::{CALLER, add_documents, add_n_documents, at, document, write};

const KEYS: [SortKey; 5] = [
    SortKey::CreatedAt,
    SortKey::UpdatedAt,
    SortKey::Title,
    SortKey::Size,
    SortKey::DocumentDate,
];

/// Documents of which many share a value, whatever the order, and not in the order of their ids.
fn documents() -> Vec<Document> {
    let titles = ["rent", "Rent", "Äpfel", "account", "Zoo", "äpfel", "RENT"];
    (1..=23_u64)
        .map(|n| {
            // Every n from 1 to 22 once, then 0: the order of no column is that of the ids.
            let mixed = n * 7 % 23;
            let title = titles[usize::try_from(mixed).unwrap() % titles.len()];
            let day = date!(2026 - 01 - 01) + Duration::days((mixed % 4).cast_signed());
            let document = document(n)
                .title(title)
                .size(mixed % 5 * 1_000_000_000)
                .created_at(at(mixed / 2))
                .with(|document| document.updated_at = at(1_000 + mixed / 3));
            if mixed.is_multiple_of(3) {
                document.build()
            } else {
                document.dated(day).build()
            }
        })
        .collect()
}

/// The order the contract asks for, told in another way than by a database.
fn ids_in_order(mut documents: Vec<Document>, sort: Sort) -> Vec<DocumentId> {
    documents.sort_by_key(|document| document.id);
    match sort.key {
        SortKey::CreatedAt => documents.sort_by_key(|document| document.created_at),
        SortKey::UpdatedAt => documents.sort_by_key(|document| document.updated_at),
        SortKey::Title => {
            documents.sort_by_key(|document| document.title.as_str().to_ascii_lowercase());
        }
        SortKey::Size => documents.sort_by_key(|document| document.size_bytes),
        SortKey::DocumentDate => documents.sort_by_key(|document| document.document_date.value),
    }
    if sort.descending {
        documents.reverse();
    }
    if sort.key == SortKey::DocumentDate {
        documents.sort_by_key(|document| document.document_date.value.is_none());
    }
    documents.iter().map(|document| document.id).collect()
}

fn sorts() -> impl Iterator<Item = Sort> {
    KEYS.into_iter()
        .flat_map(|key| [true, false].map(|descending| Sort { key, descending }))
}

async fn page(
    store: &Subject,
    sort: Sort,
    limit: u32,
    after: Option<ListCursor>,
) -> (Vec<DocumentId>, Option<ListCursor>) {
    let query = DocumentQuery {
        sort,
        limit: Limit::parse(limit).unwrap(),
        after,
        ..DocumentQuery::default()
    };
    let page = store.documents().list(&CALLER, &query).await.unwrap();
    assert!(page.items.len() <= usize::try_from(limit).unwrap());
    (page.items.iter().map(|item| item.id).collect(), page.next)
}

pub(super) async fn every_sort_in_both_directions(store: &Subject) {
    add_documents(store, &documents()).await;
    for sort in sorts() {
        let (ids, next) = page(store, sort, 200, None).await;
        assert_eq!(ids, ids_in_order(documents(), sort), "{sort:?}");
        assert_eq!(next, None, "{sort:?}");
    }
}

pub(super) async fn cursors_walk_without_gap_or_repeat(store: &Subject) {
    add_documents(store, &documents()).await;
    for sort in sorts() {
        for limit in [1, 2, 7] {
            let (mut walked, mut next) = page(store, sort, limit, None).await;
            while let Some(cursor) = next {
                assert!(walked.len() <= 23, "{sort:?} by {limit} goes round");
                let (ids, after) = page(store, sort, limit, Some(cursor)).await;
                walked.extend(ids);
                next = after;
            }
            let expected = ids_in_order(documents(), sort);
            assert_eq!(walked, expected, "{sort:?} by {limit}");
        }
    }
}

pub(super) async fn the_last_page_says_so(store: &Subject) {
    let sort = Sort::default();
    assert_eq!(page(store, sort, 5, None).await, (Vec::new(), None));

    add_n_documents(store, 10).await;
    let (ids, next) = page(store, sort, 5, None).await;
    assert_eq!(ids.len(), 5);
    let (ids, next) = page(store, sort, 5, Some(next.unwrap())).await;
    assert_eq!((ids.len(), next), (5, None), "the limit is met exactly");
}

pub(super) async fn a_walk_survives_changes(store: &Subject) {
    let titled = |n, title| document(n).title(title).build();
    add_documents(store, &[titled(1, "b"), titled(2, "d"), titled(3, "f")]).await;
    let sort = Sort {
        key: SortKey::Title,
        descending: false,
    };
    let (_, next) = page(store, sort, 2, None).await;

    // The document at the cursor is renamed, and others come before and after it.
    write(store, async |unit| {
        let documents = unit.documents();
        let mut moved = documents.lock_for_processing(titled(2, "d").id).await;
        let moved = moved.as_mut().unwrap().as_mut().unwrap();
        moved.title = Title::parse("z").unwrap();
        documents.update(moved).await.unwrap();
        documents.add(&titled(4, "a")).await.unwrap();
        documents.add(&titled(5, "e")).await.unwrap();
    })
    .await;
    let (ids, next) = page(store, sort, 2, next).await;
    assert_eq!(ids, [titled(5, "e").id, titled(3, "f").id]);
    let (ids, next) = page(store, sort, 2, next).await;
    assert_eq!((ids, next), (vec![titled(2, "z").id], None));
}
