//! The thumbnail of a document's first page: one for each document, none without its row, and no
//! document is worse off for the want of one.

use std::time::Duration;

use docuvault_domain::documents::{Document, DownloadError, Status};
use docuvault_domain::ids::DocumentId;
use docuvault_domain::jobs::Outcome;
use docuvault_domain::ports::{
    ExtractError, ObjectKind, ObjectState, Reading, Refusal, RefusalReason, StorageError, Thumbnail,
};
use docuvault_testkit::builders::collect;

use crate::support::{
    CALLER, LEASE, World, a_reading, another_user, no_database, unavailable, unknown_id,
};

/// Longer than a thumbnail may take to be stored.
const LONG: Duration = Duration::from_mins(6);

fn reading_with_thumbnail(thumbnail: &'static str) -> Reading {
    Reading {
        thumbnail: Some(Thumbnail {
            webp: thumbnail.into(),
        }),
        ..a_reading(&["Rent"])
    }
}

fn is_done(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Done), "{outcome:?}");
}

impl World {
    /// A document that was read, with this thumbnail.
    async fn with_thumbnail(&self, thumbnail: &'static str) -> Document {
        self.extractor.answer(Ok(reading_with_thumbnail(thumbnail)));
        self.ready("Rent").await
    }

    /// Its thumbnail, read from the store.
    async fn thumbnail(&self, id: DocumentId) -> Option<String> {
        let thumbnail = match self.download.locate_thumbnail(&CALLER, id).await {
            Ok(thumbnail) => thumbnail,
            Err(DownloadError::NoThumbnail) => return None,
            Err(error) => panic!("{error:?}"),
        };
        let bytes = self.download.open_thumbnail(&thumbnail).await.unwrap();
        let bytes = collect(bytes).await.unwrap();
        assert_eq!(thumbnail.stored.size, bytes.len() as u64);
        Some(String::from_utf8(bytes).unwrap())
    }

    /// The originals and `thumbnails` thumbnails are all that is left, after at most one sweep.
    async fn assert_left(&self, originals: usize, thumbnails: usize) {
        self.sweep.run().await.unwrap();
        let rows = self.store.object_rows();
        let live = |kind| {
            let live = rows.iter().filter(|row| row.kind == kind);
            live.filter(|row| row.state == ObjectState::Live).count()
        };
        assert_eq!(live(ObjectKind::Original), originals, "{rows:?}");
        assert_eq!(live(ObjectKind::Thumbnail), thumbnails, "{rows:?}");
        assert_eq!(rows.len(), originals + thumbnails, "{rows:?}");
        let mut keys: Vec<_> = rows.into_iter().map(|row| row.key).collect();
        keys.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        assert_eq!(self.storage.keys(), keys, "a row for each object");
    }
}

#[tokio::test]
async fn a_document_that_was_read_has_its_thumbnail() {
    let world = World::new();
    let document = world.with_thumbnail("first page").await;
    assert_eq!(
        world.thumbnail(document.id).await.as_deref(),
        Some("first page")
    );
    world.assert_left(1, 1).await;
    world.change.trash(&CALLER, document.id).await.unwrap();
    assert!(world.thumbnail(document.id).await.is_some(), "in the trash");
}

#[tokio::test]
async fn a_document_without_a_thumbnail_says_so_and_a_foreign_one_is_not_there() {
    let world = World::new();
    let with_thumbnail = world.with_thumbnail("first page").await;
    let plain = world.ready("Else").await;
    assert_eq!(world.thumbnail(plain.id).await, None);
    for (caller, id) in [
        (CALLER, DocumentId(unknown_id())),
        (another_user(), with_thumbnail.id),
    ] {
        let located = world.download.locate_thumbnail(&caller, id).await;
        assert!(
            matches!(located, Err(DownloadError::NotFound)),
            "{located:?}"
        );
    }
}

#[tokio::test]
async fn a_kind_without_a_reader_may_have_a_thumbnail() {
    let world = World::new();
    world.extractor.answer(Ok(Reading {
        no_reader: true,
        pages: Vec::new(),
        ..reading_with_thumbnail("a photo")
    }));
    let document = world.ready("bytes").await;
    assert_eq!(document.status, Status::Ready);
    let detail = document.status_detail.unwrap();
    assert!(detail.contains("cannot be read yet"), "{detail}");
    assert_eq!(world.classifier.seen(), [], "nothing to file by");
    assert_eq!(
        world.thumbnail(document.id).await.as_deref(),
        Some("a photo")
    );
}

#[tokio::test]
async fn a_thumbnail_that_cannot_be_stored_costs_the_document_nothing() {
    for after in [0, 3] {
        let world = World::new();
        let document = world.upload("Rent").await;
        world
            .extractor
            .answer(Ok(reading_with_thumbnail("first page")));
        world.storage.break_next_put(after, unavailable());
        is_done(&world.work().await);
        let read = world.document(document.id).await;
        assert_eq!((read.status, read.status_detail), (Status::Ready, None));
        assert_eq!(world.text(document.id).await, ["Rent"]);
        assert_eq!(world.thumbnail(document.id).await, None);
        world.assert_left(1, 0).await;
    }
}

#[tokio::test]
async fn reading_again_replaces_the_thumbnail() {
    let world = World::new();
    let document = world.with_thumbnail("old").await;
    let other = world.with_thumbnail("another document's").await;
    world.change.reprocess(&CALLER, document.id).await.unwrap();
    assert_eq!(world.thumbnail(document.id).await.as_deref(), Some("old"));
    world.extractor.answer(Ok(reading_with_thumbnail("new")));
    is_done(&world.work().await);
    assert_eq!(world.thumbnail(document.id).await.as_deref(), Some("new"));
    let others = world.thumbnail(other.id).await;
    assert_eq!(others.as_deref(), Some("another document's"));
    world.assert_left(2, 2).await;
}

#[tokio::test]
async fn reading_again_in_vain_keeps_the_thumbnail() {
    let world = World::new();
    let document = world.with_thumbnail("old").await;
    let refused = Refusal {
        reason: RefusalReason::Crashed,
        sentence: "It made its reader stop.".to_owned(),
    };
    for answer in [
        Ok(a_reading(&["Rent"])),
        Err(ExtractError::Refused(refused)),
    ] {
        world.change.reprocess(&CALLER, document.id).await.unwrap();
        world.extractor.answer(answer);
        is_done(&world.work().await);
        assert_eq!(world.thumbnail(document.id).await.as_deref(), Some("old"));
    }
    world.assert_left(1, 1).await;
}

#[tokio::test]
async fn a_thumbnail_goes_with_its_document() {
    let world = World::new();
    let document = world.with_thumbnail("first page").await;
    let other = world.with_thumbnail("another").await;
    world.change.delete(&CALLER, document.id).await.unwrap();
    assert_eq!(world.storage.keys().len(), 2, "at once");
    let located = world.download.locate_thumbnail(&CALLER, document.id).await;
    assert!(
        matches!(located, Err(DownloadError::NotFound)),
        "{located:?}"
    );
    assert_eq!(world.thumbnail(other.id).await.as_deref(), Some("another"));
    world.assert_left(1, 1).await;
}

#[tokio::test]
async fn a_document_deleted_while_its_thumbnail_is_stored_leaves_nothing() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world
        .extractor
        .answer(Ok(reading_with_thumbnail("first page")));
    let working = world.work_up_to_the_thumbnail().await;
    world.change.delete(&CALLER, document.id).await.unwrap();
    assert_eq!(
        world.object_states(),
        [ObjectState::Writing],
        "not under the put"
    );
    world.sweep.run().await.unwrap();
    assert_eq!(
        world.object_states(),
        [ObjectState::Writing],
        "not under the put"
    );
    world.storage.release();
    let outcome = working.await.unwrap();
    assert!(matches!(outcome, Outcome::LeaseLost), "{outcome:?}");
    world.assert_left(0, 0).await;
}

#[tokio::test]
async fn of_two_workers_one_shows_its_thumbnail() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world.extractor.answer(Ok(reading_with_thumbnail("slow")));
    world.extractor.answer(Ok(reading_with_thumbnail("fast")));
    let slow = world.work_up_to_the_thumbnail().await;
    world.storage.let_others_pass();
    world.clock.advance(LEASE);
    is_done(&world.work().await);
    world.storage.release();
    let outcome = slow.await.unwrap();
    assert!(matches!(outcome, Outcome::LeaseLost), "{outcome:?}");
    assert_eq!(world.thumbnail(document.id).await.as_deref(), Some("fast"));
    world.assert_left(1, 1).await;
}

#[tokio::test]
async fn a_thumbnail_whose_row_was_swept_meanwhile_is_removed_at_once() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world
        .extractor
        .answer(Ok(reading_with_thumbnail("first page")));
    let working = world.work_up_to_the_thumbnail().await;
    world.clock.advance(LONG);
    assert_eq!(world.sweep.run().await.unwrap().objects, 1);
    assert_eq!(
        world.object_states(),
        [ObjectState::Live],
        "the row is gone"
    );
    world.storage.release();
    is_done(&working.await.unwrap());
    assert_eq!(world.storage.keys().len(), 1, "without another sweep");
    assert_eq!(world.document(document.id).await.status, Status::Ready);
    assert_eq!(world.thumbnail(document.id).await, None);
}

#[tokio::test]
async fn a_worker_that_dies_leaves_its_thumbnail_to_the_sweep() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world
        .extractor
        .answer(Ok(reading_with_thumbnail("first page")));
    let working = world.work_up_to_the_thumbnail().await;
    working.abort();
    assert!(working.await.unwrap_err().is_cancelled());
    world.storage.release();
    world.clock.advance(LONG);
    world.assert_left(1, 0).await;
    world
        .extractor
        .answer(Ok(reading_with_thumbnail("second try")));
    is_done(&world.work().await);
    let thumbnail = world.thumbnail(document.id).await;
    assert_eq!(thumbnail.as_deref(), Some("second try"));
}

#[tokio::test]
async fn a_commit_that_fails_takes_the_thumbnail_back() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world
        .extractor
        .answer(Ok(reading_with_thumbnail("first page")));
    let working = world.work_up_to_the_thumbnail().await;
    world.store.fail_next_commit(no_database());
    world.storage.release();
    let outcome = working.await.unwrap();
    assert!(matches!(outcome, Outcome::Retry { .. }), "{outcome:?}");
    assert_eq!(world.thumbnail(document.id).await, None);
    world.assert_left(1, 0).await;
}

#[tokio::test]
async fn a_lost_thumbnail_is_no_thumbnail_and_a_store_that_is_away_is_another_matter() {
    let world = World::new();
    let document = world.with_thumbnail("first page").await;
    let located = world.download.locate_thumbnail(&CALLER, document.id).await;
    let thumbnail = located.unwrap();
    world.storage.fail_next_get(StorageError::NotFound);
    let opened = world.download.open_thumbnail(&thumbnail).await.map(drop);
    assert!(
        matches!(opened, Err(DownloadError::NoThumbnail)),
        "{opened:?}"
    );
    world.storage.fail_next_get(unavailable());
    let opened = world.download.open_thumbnail(&thumbnail).await.map(drop);
    assert!(
        matches!(opened, Err(DownloadError::Storage(_))),
        "{opened:?}"
    );
}
