use docuvault_domain::documents::{MimeType, Status, TopicState};
use docuvault_domain::ids::FolderId;
use docuvault_domain::page::Limit;
use docuvault_domain::ports::{DocumentFilter, DocumentQuery, Sort, SortKey};
use time::macros::date;

use super::Subject;
use super::fixtures::{
    CALLER, add_documents, add_n_documents, add_topics, at, document, document_id, file, id, topic,
    topic_id,
};

/// The numbers of the documents that `list`, `count` and `ids` agree on.
async fn matching(store: &Subject, filter: DocumentFilter) -> Vec<u64> {
    let documents = store.documents();
    let query = DocumentQuery {
        filter: filter.clone(),
        sort: Sort {
            key: SortKey::CreatedAt,
            descending: false,
        },
        limit: Limit::parse(Limit::MAX).unwrap(),
        after: None,
    };
    let page = documents.list(&CALLER, &query).await.unwrap();
    let listed: Vec<_> = page.items.iter().map(|document| document.id).collect();
    let count = documents.count(&CALLER, &filter).await.unwrap();
    assert_eq!(count, listed.len() as u64, "count and list: {filter:?}");
    let ids = documents.ids(&CALLER, &filter, None, 1_000).await.unwrap();
    assert_eq!(ids, listed, "ids and list: {filter:?}");
    (0..100)
        .filter(|n| listed.contains(&document_id(*n)))
        .collect()
}

pub(super) async fn what_needs_review(store: &Subject) {
    let ready = |n| document(n).status(Status::Ready).build();
    let unread = document(6).status(Status::Pending).build();
    add_documents(
        store,
        &[ready(1), ready(2), ready(3), ready(4), ready(5), unread],
    )
    .await;
    add_topics(store, &[topic(1, "Rent"), topic(2, "Taxes")]).await;
    // 1: nothing said; 2: filed; 3: a suggestion; 4: filed, and a suggestion beside it; 5: a no.
    file(store, 2, 1, TopicState::Applied).await;
    file(store, 3, 1, TopicState::Suggested).await;
    file(store, 4, 1, TopicState::Applied).await;
    file(store, 4, 2, TopicState::Suggested).await;
    file(store, 5, 1, TopicState::Rejected).await;
    for (wanted, expected) in [(true, vec![1, 3, 4]), (false, vec![2, 5, 6])] {
        let filter = DocumentFilter {
            needs_review: Some(wanted),
            ..DocumentFilter::default()
        };
        assert_eq!(matching(store, filter).await, expected, "{wanted}");
    }
}

pub(super) async fn each_filter_selects_its_documents(store: &Subject) {
    add_documents(
        store,
        &[
            document(1).mime_type(MimeType::Text).build(),
            document(2).status(Status::Failed).build(),
            document(3).dated(date!(2025 - 06 - 15)).build(),
            document(4).dated(date!(2025 - 06 - 16)).build(),
            document(5).correspondent("Stadtwerke").build(),
            document(6).trashed_at(at(60)).build(),
        ],
    )
    .await;
    add_topics(store, &[topic(1, "Rent"), topic(2, "Taxes")]).await;
    file(store, 1, 1, TopicState::Applied).await;
    file(store, 2, 1, TopicState::Suggested).await;
    file(store, 3, 1, TopicState::Rejected).await;
    file(store, 4, 2, TopicState::Applied).await;
    file(store, 6, 1, TopicState::Applied).await;

    let all = DocumentFilter::default;
    let some_folder = FolderId(id(77));
    let cases = [
        (all(), vec![1, 2, 3, 4, 5]),
        (
            DocumentFilter {
                trashed: true,
                ..all()
            },
            vec![6],
        ),
        (
            DocumentFilter {
                folder: Some(None),
                ..all()
            },
            vec![1, 2, 3, 4, 5],
        ),
        (
            DocumentFilter {
                folder: Some(Some(some_folder)),
                ..all()
            },
            vec![],
        ),
        (
            DocumentFilter {
                topic: Some(topic_id(1)),
                ..all()
            },
            vec![1],
        ),
        (
            DocumentFilter {
                topic: Some(topic_id(77)),
                ..all()
            },
            vec![],
        ),
        (
            DocumentFilter {
                status: Some(Status::Failed),
                ..all()
            },
            vec![2],
        ),
        (
            DocumentFilter {
                mime_type: Some(MimeType::Text),
                ..all()
            },
            vec![1],
        ),
        (
            DocumentFilter {
                text: Some("stadtWERKE".to_owned()),
                ..all()
            },
            vec![5],
        ),
        (
            DocumentFilter {
                created_after: Some(at(4)),
                ..all()
            },
            vec![4, 5],
        ),
        (
            DocumentFilter {
                created_before: Some(at(3)),
                ..all()
            },
            vec![1, 2],
        ),
        (
            DocumentFilter {
                dated_after: Some(date!(2025 - 06 - 16)),
                ..all()
            },
            vec![4],
        ),
        (
            DocumentFilter {
                dated_after: Some(date!(2025 - 06 - 15)),
                ..all()
            },
            vec![3, 4],
        ),
        (
            DocumentFilter {
                dated_before: Some(date!(2025 - 06 - 16)),
                ..all()
            },
            vec![3],
        ),
        (
            DocumentFilter {
                dated_before: Some(date!(2025 - 06 - 15)),
                ..all()
            },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        let text = format!("{filter:?}");
        assert_eq!(matching(store, filter).await, expected, "{text}");
    }
}

pub(super) async fn text_is_taken_literally(store: &Subject) {
    add_documents(
        store,
        &[
            document(1).title("50% off").filename("a.pdf").build(),
            document(2).title("500 offers").filename("b_c.pdf").build(),
            document(3).title("back\\slash").filename("bxc.pdf").build(),
            document(4).title("O'Brien 'x'").filename("d.pdf").build(),
            document(5).title("Überweisung").filename("e.pdf").build(),
        ],
    )
    .await;
    let cases = [
        ("50%", vec![1]),
        ("%", vec![1]),
        ("b_c", vec![2]),
        ("_", vec![2]),
        ("\\", vec![3]),
        ("o'b", vec![4]),
        ("Überw", vec![5]),
        ("OFF", vec![1, 2]),
        (".PDF", vec![1, 2, 3, 4, 5]),
        ("*", vec![]),
        ("nothing like it", vec![]),
    ];
    for (text, expected) in cases {
        let filter = DocumentFilter {
            text: Some(text.to_owned()),
            ..DocumentFilter::default()
        };
        assert_eq!(matching(store, filter).await, expected, "{text:?}");
    }
}

pub(super) async fn filters_hold_at_once(store: &Subject) {
    let failed = |n, title| {
        let failed = document(n).title(title).filename("scan.pdf");
        failed.status(Status::Failed)
    };
    add_documents(
        store,
        &[
            failed(1, "Rent").build(),
            failed(2, "Rent").status(Status::Ready).build(),
            failed(3, "Letter").build(),
            failed(4, "Rent").trashed_at(at(9)).build(),
            failed(5, "Rent").build(),
        ],
    )
    .await;
    let filter = |trashed| DocumentFilter {
        text: Some("rent".to_owned()),
        status: Some(Status::Failed),
        created_before: Some(at(5)),
        trashed,
        ..DocumentFilter::default()
    };
    assert_eq!(matching(store, filter(false)).await, [1]);
    assert_eq!(matching(store, filter(true)).await, [4]);
}

pub(super) async fn ids_oldest_first(store: &Subject) {
    add_n_documents(store, 5).await;
    let (documents, all) = (store.documents(), DocumentFilter::default());
    let first = documents.ids(&CALLER, &all, None, 2).await.unwrap();
    assert_eq!(first, [document_id(1), document_id(2)]);
    let after = first.last().copied();
    let second = documents.ids(&CALLER, &all, after, 2).await.unwrap();
    assert_eq!(second, [document_id(3), document_id(4)]);
    let after = second.last().copied();
    let third = documents.ids(&CALLER, &all, after, 2).await.unwrap();
    assert_eq!(third, [document_id(5)]);
}
