use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::documents::{
    Document, Field, MimeType, Source, Status, StorageKind, Title, TopicState,
};
use docuvault_domain::ports::{JobEnd, KnownBytes};
use futures::future::join_all;
use time::macros::date;
use tokio::time::timeout;

use super::Subject;
use super::fixtures::{
    CALLER, add_documents, add_n_documents, add_topics, at, claimable, document, document_id, file,
    found, id, job, topic, worker, write,
};

/// A document in which every field differs from the plainest one.
fn full(n: u64) -> Document {
    let text = |text: &str, source| Field {
        value: Some(text.to_owned()),
        source: Some(source),
    };
    document(n)
        .title("Miete „Süd“ 50% _ 'x' 🏠")
        .filename("Straße 1\\2.PDF")
        .size(5 * 1024 * 1024 * 1024)
        .with(|document| {
            document.title_source = Source::User;
            document.mime_type = MimeType::Docx;
            document.page_count = Some(1_234);
            document.has_thumbnail = true;
            document.status = Status::Failed;
            document.status_detail = Some("It needs a password.".to_owned());
            document.summary = text("What it says\nin short", Source::Ai);
            document.language = text("de", Source::Rule);
            document.document_date = Field {
                value: Some(date!(1999 - 12 - 31)),
                source: Some(Source::File),
            };
            document.correspondent = Field {
                value: None,
                source: Some(Source::User),
            };
            document.storage = StorageKind::S3;
            document.revision = 7;
            document.content_version = 3;
            document.updated_at = at(500);
            document.trashed_at = Some(at(501));
            document.duplicate_of = Some(document_id(1));
            document.document_date_words = Some("Datum: 3. März".to_owned());
            document.topic_proposals = vec!["Choir".to_owned(), "\"Solar\"".to_owned()];
        })
        .build()
}

pub(super) async fn round_trip_of_every_field(store: &Subject) {
    let (plain, full) = (document(1).build(), full(2));
    add_documents(store, &[plain.clone(), full.clone()]).await;
    assert_eq!(found(&**store, 1).await, plain);
    assert_eq!(found(&**store, 2).await, full);
}

pub(super) async fn round_trip_of_every_kind(store: &Subject) {
    let statuses = [
        Status::Pending,
        Status::Processing,
        Status::Ready,
        Status::Failed,
    ];
    let documents: Vec<_> = (1..)
        .zip(MimeType::ALL)
        .map(|(n, mime)| {
            let status = statuses[usize::try_from(n).unwrap() % statuses.len()];
            document(n).mime_type(*mime).status(status).build()
        })
        .collect();
    add_documents(store, &documents).await;
    for (n, document) in (1..).zip(documents) {
        assert_eq!(found(&**store, n).await, document);
    }
}

pub(super) async fn update_writes_every_field(store: &Subject) {
    add_n_documents(store, 2).await;
    let changed = Document {
        created_at: at(2),
        ..full(2)
    };
    write(store, async |unit| {
        let documents = unit.documents();
        let locked = documents.lock(&CALLER, document_id(2)).await.unwrap();
        assert_eq!(locked, Some(document(2).build()));
        documents.update(&changed).await.unwrap();
    })
    .await;
    assert_eq!(found(&**store, 2).await, changed);
    assert_eq!(
        found(&**store, 1).await,
        document(1).build(),
        "no other row"
    );

    let back = document(2).build();
    write(store, async |unit| {
        let documents = unit.documents();
        documents.lock(&CALLER, document_id(2)).await.unwrap();
        documents.update(&back).await.unwrap();
    })
    .await;
    assert_eq!(found(&**store, 2).await, back, "values become none again");
}

pub(super) async fn find_many_skips_the_unknown(store: &Subject) {
    add_n_documents(store, 4).await;
    let ids = [document_id(3), document_id(77), document_id(1)];
    let mut many = store.documents().find_many(&CALLER, &ids).await.unwrap();
    many.sort_by_key(|document| document.id);
    assert_eq!(many, [document(1).build(), document(3).build()]);
    let none = store.documents().find_many(&CALLER, &[]).await.unwrap();
    assert_eq!(none, []);
}

pub(super) async fn remove_takes_text_and_topics(store: &Subject) {
    add_n_documents(store, 2).await;
    add_topics(store, &[topic(1, "Rent")]).await;
    file(store, 1, 1, TopicState::Applied).await;
    file(store, 2, 1, TopicState::Applied).await;
    let page = ["text".to_owned()];
    write(store, async |unit| {
        for n in [1, 2] {
            let documents = unit.documents();
            documents.put_text(document_id(n), &page).await.unwrap();
        }
    })
    .await;
    write(store, async |unit| {
        unit.documents().remove(document_id(1)).await.unwrap();
        // A second time there is nothing to remove.
        unit.documents().remove(document_id(1)).await.unwrap();
    })
    .await;

    let documents = store.documents();
    let gone = documents.find(&CALLER, document_id(1)).await.unwrap();
    assert_eq!(gone, None);
    let text = documents.text(&CALLER, document_id(1)).await.unwrap();
    assert_eq!(text, None);
    let topics = store.topics().list_with_counts(&CALLER).await.unwrap();
    assert_eq!(topics[0].documents, 1, "only the other one is filed");
    let other = documents.text(&CALLER, document_id(2)).await.unwrap();
    assert_eq!(other.unwrap(), page);

    // Nothing of the old row comes back with the id.
    add_documents(store, &[document(1).build()]).await;
    assert_eq!(found(&**store, 1).await.topics, []);
    let text = documents.text(&CALLER, document_id(1)).await.unwrap();
    assert_eq!(text, Some(Vec::new()));
}

pub(super) async fn the_oldest_with_these_bytes(store: &Subject) {
    let same = |n| document(n).content(b"the same");
    let hash = same(1).build().sha256;
    let documents = store.documents();
    let none = documents.find_by_hash(&CALLER, &hash).await.unwrap();
    assert_eq!(none, None);

    add_documents(
        store,
        &[
            same(1).trashed_at(at(50)).build(),
            document(2).build(),
            same(3).trashed_at(at(40)).build(),
        ],
    )
    .await;
    let in_trash = documents.find_by_hash(&CALLER, &hash).await.unwrap();
    let expected = KnownBytes {
        document: document_id(1),
        trashed: true,
    };
    assert_eq!(in_trash, Some(expected));

    add_documents(store, &[same(5).build(), same(4).build()]).await;
    let outside = documents.find_by_hash(&CALLER, &hash).await.unwrap();
    let expected = KnownBytes {
        document: document_id(4),
        trashed: false,
    };
    assert_eq!(outside, Some(expected));
}

pub(super) async fn a_lock_keeps_others_waiting(store: &Subject) {
    add_n_documents(store, 1).await;
    let first = store.begin().await.unwrap();
    let documents = first.documents();
    let mut document = documents
        .lock(&CALLER, document_id(1))
        .await
        .unwrap()
        .unwrap();

    let other = Arc::clone(store);
    let mut second = tokio::spawn(async move {
        let unit = other.begin().await.unwrap();
        let locked = unit.documents().lock(&CALLER, document_id(1)).await;
        let revision = locked.unwrap().unwrap().revision;
        unit.commit().await.unwrap();
        revision
    });
    let early = timeout(Duration::from_millis(200), &mut second).await;
    assert!(early.is_err(), "locked while another unit holds the row");

    document.touch(at(100));
    documents.update(&document).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap(), 2, "sees what the first one wrote");
}

pub(super) async fn no_update_is_lost(store: &Subject) {
    add_n_documents(store, 1).await;
    let tasks = (0..10).map(|_| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let unit = store.begin().await.unwrap();
            let locked = unit.documents().lock(&CALLER, document_id(1)).await;
            let mut document = locked.unwrap().unwrap();
            document.touch(at(100));
            unit.documents().update(&document).await.unwrap();
            unit.commit().await.unwrap();
        })
    });
    for done in join_all(tasks).await {
        done.unwrap();
    }
    assert_eq!(found(&**store, 1).await.revision, 11);
}

pub(super) async fn lock_for_processing(store: &Subject) {
    add_n_documents(store, 1).await;
    write(store, async |unit| {
        let documents = unit.documents();
        let none = documents.lock_for_processing(document_id(9)).await;
        assert_eq!(none.unwrap(), None);
        let none = documents.lock(&CALLER, document_id(9)).await;
        assert_eq!(none.unwrap(), None);

        let locked = documents.lock_for_processing(document_id(1)).await;
        let mut locked = locked.unwrap().unwrap();
        locked.title = Title::from_filename("Read.pdf");
        documents.update(&locked).await.unwrap();
    })
    .await;
    assert_eq!(found(&**store, 1).await.title.as_str(), "Read");
}

pub(super) async fn stranded_documents(store: &Subject) {
    let old = |n, status| document(n).status(status).created_at(at(0)).build();
    add_documents(
        store,
        &[
            old(1, Status::Pending),
            old(2, Status::Processing),
            old(3, Status::Ready),
            old(4, Status::Failed),
            old(5, Status::Pending),
            old(6, Status::Pending),
            document(7)
                .status(Status::Pending)
                .created_at(at(1_000))
                .build(),
        ],
    )
    .await;
    // 5 has an open job, 6 a finished one.
    write(store, async |unit| {
        let jobs = unit.jobs();
        jobs.schedule(&[job(6)], at(0), at(0)).await.unwrap();
        let lease = jobs.claim(&worker("a"), &[claimable()], at(1)).await;
        let lease = lease.unwrap().unwrap();
        let done = JobEnd::Done(None);
        assert!(jobs.finish(&lease, at(2), done).await.unwrap());
        jobs.schedule(&[job(5)], at(0), at(0)).await.unwrap();
    })
    .await;

    let documents = store.documents();
    let mut stranded = documents.stranded(at(500), 10).await.unwrap();
    stranded.sort_by_key(|document| document.id);
    let ids: Vec<_> = stranded.iter().map(|document| document.id.0).collect();
    assert_eq!(ids, [id(1), id(2), id(6)]);
    assert_eq!(documents.stranded(at(500), 2).await.unwrap().len(), 2);
}
