use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::ObjectId;
use docuvault_domain::ports::{ObjectKind, ObjectRow, ObjectState, Stored, StoredObject};

use super::Subject;
use super::fixtures::{at, document, document_id, object, object_id, write};

fn digest() -> Sha256 {
    document(1).build().sha256
}

async fn reserve(store: &Subject, row: &ObjectRow, now: u64, lease_until: u64) {
    write(store, async |unit| {
        let objects = unit.objects();
        objects
            .reserve(row, at(now), at(lease_until))
            .await
            .unwrap();
    })
    .await;
}

async fn make_live(store: &Subject, id: ObjectId, now: u64) -> bool {
    write(store, async |unit| {
        let objects = unit.objects();
        objects
            .make_live(id, 5_000_000_000, &digest(), at(now))
            .await
            .unwrap()
    })
    .await
}

async fn sweepable(store: &Subject, now: u64, limit: u32) -> Vec<ObjectRow> {
    write(store, async |unit| {
        unit.objects().sweepable(at(now), limit).await.unwrap()
    })
    .await
}

async fn original(store: &Subject, n: u64) -> Option<ObjectRow> {
    store.objects().original(document_id(n)).await.unwrap()
}

async fn thumbnail_of(store: &Subject, n: u64) -> Option<StoredObject> {
    store.objects().thumbnail(document_id(n)).await.unwrap()
}

/// The `n`-th object: a picture of the `of`-th document.
fn thumbnail(n: u64, of: u64) -> ObjectRow {
    ObjectRow {
        document: document_id(of),
        kind: ObjectKind::Thumbnail,
        ..object(n)
    }
}

fn in_state(row: ObjectRow, state: ObjectState) -> ObjectRow {
    ObjectRow { state, ..row }
}

pub(super) async fn a_written_object_becomes_live(store: &Subject) {
    let row = object(1);
    reserve(store, &row, 0, 60).await;
    assert_eq!(original(store, 1).await, None, "still on its way");
    assert!(make_live(store, row.id, 10).await);
    let live = in_state(row.clone(), ObjectState::Live);
    assert_eq!(original(store, 1).await, Some(live));
    assert_eq!(original(store, 2).await, None, "no other document");
    assert!(!make_live(store, row.id, 11).await, "already live");
    assert!(!make_live(store, object_id(9), 11).await, "no such row");
}

pub(super) async fn a_failed_upload_is_marked_and_removed(store: &Subject) {
    let row = object(1);
    reserve(store, &row, 0, 60).await;
    write(store, async |unit| {
        let objects = unit.objects();
        objects.abandon(row.id, at(5)).await.unwrap();
        assert!(!objects.extend(row.id, at(500)).await.unwrap());
    })
    .await;
    assert!(!make_live(store, row.id, 6).await);
    let deleting = in_state(row.clone(), ObjectState::Deleting);
    for now in [7, 8] {
        let swept = sweepable(store, now, 10).await;
        assert_eq!(swept, std::slice::from_ref(&deleting), "until forgotten");
    }
    write(store, async |unit| {
        unit.objects().forget(row.id).await.unwrap();
    })
    .await;
    assert_eq!(sweepable(store, 9, 10).await, []);
}

pub(super) async fn a_deleted_document_leaves_objects_to_remove(store: &Subject) {
    let (mine, other) = (object(1), object(2));
    // A second object of the same document, and a third that is still on its way.
    let (second, third) = (thumbnail(3, 1), thumbnail(4, 1));
    for row in [&mine, &other, &second] {
        reserve(store, row, 0, 60).await;
        assert!(make_live(store, row.id, 10).await);
    }
    reserve(store, &third, 20, 80).await;

    let mut marked = write(store, async |unit| {
        let objects = unit.objects();
        objects.mark_deleting(mine.document, at(30)).await.unwrap()
    })
    .await;
    marked.sort_by_key(|row| row.id);
    let gone = [mine.clone(), second.clone()].map(|row| in_state(row, ObjectState::Deleting));
    assert_eq!(marked, gone);
    assert_eq!(original(store, 1).await, None);
    assert_eq!(thumbnail_of(store, 1).await, None);
    assert!(original(store, 2).await.is_some(), "no other document");
    assert_eq!(sweepable(store, 31, 10).await, gone, "not under a put");

    write(store, async |unit| {
        unit.objects().forget(mine.id).await.unwrap();
    })
    .await;
    assert_eq!(sweepable(store, 32, 10).await, gone[1..]);
    let left = sweepable(store, 81, 10).await;
    let left: Vec<_> = left.iter().map(|row| row.id).collect();
    assert_eq!(left, [second.id, third.id], "once the lease is over");
    let none = write(store, async |unit| {
        let objects = unit.objects();
        objects.mark_deleting(document_id(9), at(33)).await.unwrap()
    })
    .await;
    assert_eq!(none, []);
}

pub(super) async fn a_document_has_one_thumbnail(store: &Subject) {
    let (first, second, foreign) = (thumbnail(2, 1), thumbnail(3, 1), thumbnail(4, 2));
    let original_row = object(1);
    for row in [&original_row, &first, &foreign] {
        reserve(store, row, 0, 60).await;
        assert_eq!(thumbnail_of(store, 1).await, None, "still on its way");
    }
    for row in [&original_row, &first, &foreign] {
        assert!(make_live(store, row.id, 10).await);
    }
    let whole = |row: &ObjectRow| StoredObject {
        key: row.key.clone(),
        stored: Stored {
            size: 5_000_000_000,
            sha256: digest(),
        },
    };
    assert_eq!(thumbnail_of(store, 1).await, Some(whole(&first)));
    assert_eq!(thumbnail_of(store, 3).await, None, "no such document");

    reserve(store, &second, 20, 80).await;
    write(store, async |unit| {
        let (objects, digest) = (unit.objects(), digest());
        let live = objects.make_live(second.id, 5_000_000_000, &digest, at(30));
        assert!(live.await.unwrap());
        let retired = objects.retire_thumbnails(document_id(1), second.id, at(30));
        retired.await.unwrap();
    })
    .await;
    assert_eq!(thumbnail_of(store, 1).await, Some(whole(&second)));
    assert_eq!(
        thumbnail_of(store, 2).await,
        Some(whole(&foreign)),
        "no other document"
    );
    assert!(original(store, 1).await.is_some(), "nothing but thumbnails");
    let retired = in_state(first, ObjectState::Deleting);
    assert_eq!(sweepable(store, 31, 10).await, [retired]);
}

pub(super) async fn an_expired_lease_is_swept(store: &Subject) {
    let (slow, slower) = (object(1), object(2));
    reserve(store, &slow, 0, 60).await;
    reserve(store, &slower, 0, 60).await;
    assert_eq!(sweepable(store, 50, 10).await, [], "the lease lasts");
    // The lease has run out, but no sweep came: the upload wins.
    assert!(make_live(store, slow.id, 100).await);
    let swept = in_state(slower.clone(), ObjectState::Deleting);
    assert_eq!(sweepable(store, 101, 10).await, [swept]);
    // The sweep was first: the upload has lost.
    assert!(!make_live(store, slower.id, 102).await);
    let kept = write(store, async |unit| {
        unit.objects().extend(slower.id, at(500)).await.unwrap()
    })
    .await;
    assert!(!kept);
    assert!(original(store, 1).await.is_some());
}

pub(super) async fn an_extended_lease_is_not_swept(store: &Subject) {
    let row = object(1);
    reserve(store, &row, 0, 60).await;
    let kept = write(store, async |unit| {
        unit.objects().extend(row.id, at(120)).await.unwrap()
    })
    .await;
    assert!(kept);
    assert_eq!(sweepable(store, 100, 10).await, []);
    assert_eq!(sweepable(store, 130, 10).await.len(), 1);
}

pub(super) async fn live_rows_are_never_swept(store: &Subject) {
    let row = object(1);
    reserve(store, &row, 0, 60).await;
    assert!(make_live(store, row.id, 10).await);
    // Whether these fail or do nothing is left open.
    for what in ["abandon", "forget", "extend"] {
        let unit = store.begin().await.unwrap();
        let objects = unit.objects();
        let done = match what {
            "abandon" => objects.abandon(row.id, at(20)).await.is_ok(),
            "forget" => objects.forget(row.id).await.is_ok(),
            _ => objects.extend(row.id, at(21)).await.is_ok(),
        };
        if done {
            unit.commit().await.unwrap();
        }
        assert_eq!(sweepable(store, 1_000, 10).await, [], "after {what}");
        let live = in_state(row.clone(), ObjectState::Live);
        assert_eq!(original(store, 1).await, Some(live), "after {what}");
    }
}

pub(super) async fn sweep_takes_the_oldest_up_to_the_limit(store: &Subject) {
    for n in 1..=5 {
        reserve(store, &object(n), n, 60 + n).await;
    }
    assert!(make_live(store, object_id(3), 10).await);
    let ids = async |limit| {
        let rows = sweepable(store, 1_000, limit).await;
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(2).await, [object_id(1), object_id(2)]);
    let all = [1, 2, 4, 5].map(object_id);
    assert_eq!(ids(10).await, all);
    assert_eq!(object(1).kind, ObjectKind::Original);
}
