//! What crashes left behind is finished.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::documents::{Document, MimeType, Status};
use docuvault_domain::jobs::Outcome;
use docuvault_domain::ports::{JobEnd, ObjectState, StorageError, Store};
use docuvault_domain::processing::Swept;
use docuvault_testkit::builders::bytes;

use crate::support::{CALLER, LEASE, World, a_file, a_key, unavailable};

/// Longer than any lease and than a document may wait without a job.
const LONG: Duration = Duration::from_mins(2);

impl World {
    /// An upload that dies after its bytes were stored.
    async fn crash_in_upload(&self) {
        let uploads = &self.uploads;
        let ticket = uploads.begin(&CALLER, MimeType::Pdf, None).await.unwrap();
        uploads.store(&ticket, bytes(b"abc"), None).await.unwrap();
    }

    /// A document that waits although its job is gone.
    async fn strand(&self, content: &str, status: Status) -> Document {
        let document = self.upload(content).await;
        let lease = self.claim().await;
        let unit = self.store.begin().await.unwrap();
        let done = JobEnd::Done(None);
        assert!(unit.jobs().finish(&lease, lease.until, done).await.unwrap());
        let locked = unit.documents().lock(&CALLER, document.id).await.unwrap();
        let mut document = locked.unwrap();
        document.status = status;
        unit.documents().update(&document).await.unwrap();
        unit.commit().await.unwrap();
        document
    }
}

#[tokio::test]
async fn a_sweep_over_a_sound_vault_does_nothing() {
    let world = World::new();
    let document = world.ready("Rent").await;
    world.upload("Else").await;
    world.clock.advance(LONG);
    let swept = world.sweep.run().await.unwrap();
    assert_eq!(swept, Swept::default());
    assert_eq!(world.object_states(), [ObjectState::Live; 2]);
    assert_eq!(world.storage.keys().len(), 2);
    assert_eq!(world.document(document.id).await, document);
}

#[tokio::test]
async fn uploads_that_died_are_removed_with_their_bytes() {
    let world = World::new();
    world.upload("Rent").await;
    world.crash_in_upload().await;
    world.clock.advance(LEASE);
    assert_eq!(world.sweep.run().await.unwrap().objects, 0, "still leased");
    world.clock.advance(Duration::from_micros(1));
    let swept = world.sweep.run().await.unwrap();
    assert_eq!((swept.objects, swept.failures), (1, 0));
    assert_eq!(world.object_states(), [ObjectState::Live]);
    let live = world.store.object_rows().remove(0).key;
    assert_eq!(world.storage.keys(), [live]);
}

#[tokio::test]
async fn more_than_a_batch_is_removed_in_one_sweep() {
    let world = World::new();
    for _ in 0..205 {
        world.crash_in_upload().await;
    }
    world.clock.advance(LONG);
    assert_eq!(world.sweep.run().await.unwrap().objects, 205);
    assert_eq!(world.object_states(), []);
    assert_eq!(world.storage.keys(), []);
}

#[tokio::test]
async fn what_the_store_did_not_remove_is_removed_the_next_time() {
    let world = World::new();
    world.crash_in_upload().await;
    world.clock.advance(LONG);
    world.storage.fail_next_delete(unavailable());
    let swept = world.sweep.run().await.unwrap();
    assert_eq!((swept.objects, swept.failures), (0, 1));
    assert_eq!(world.object_states(), [ObjectState::Deleting]);
    assert_eq!(world.storage.keys().len(), 1);

    let swept = world.sweep.run().await.unwrap();
    assert_eq!((swept.objects, swept.failures), (1, 0));
    assert_eq!(world.object_states(), []);
    assert_eq!(world.storage.keys(), []);
}

#[tokio::test]
async fn one_object_that_can_never_be_removed_does_not_keep_the_others() {
    let world = World::new();
    for _ in 0..3 {
        world.crash_in_upload().await;
    }
    world.clock.advance(LONG);
    let locked = StorageError::Permanent("held by a retention rule".into());
    world.storage.fail_next_delete(locked);
    let swept = world.sweep.run().await.unwrap();
    assert_eq!((swept.objects, swept.failures), (2, 1));
    assert_eq!(world.object_states(), [ObjectState::Deleting]);
}

#[tokio::test]
async fn documents_that_were_forgotten_get_a_new_job() {
    for status in [Status::Pending, Status::Processing] {
        let world = World::new();
        let document = world.strand("Rent", status).await;
        world.transport.published();
        world.clock.advance(Duration::from_secs(30));
        assert_eq!(world.sweep.run().await.unwrap().requeued, 0, "too early");
        world.clock.advance(Duration::from_micros(1));
        assert_eq!(world.sweep.run().await.unwrap().requeued, 1);
        assert_eq!(world.sweep.run().await.unwrap().requeued, 0, "only once");

        let pending = world.document(document.id).await;
        assert_eq!(pending.status, Status::Pending);
        assert_eq!(pending.content_version, document.content_version + 1);
        let lease = world.claim().await;
        assert_eq!(world.transport.published(), [lease.job.id]);
        assert!(matches!(world.process.run(&lease).await, Outcome::Done));
        assert_eq!(world.document(document.id).await.status, Status::Ready);
    }
}

#[tokio::test]
async fn documents_with_an_open_job_wait_as_long_as_it_takes() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let lease = world.claim().await;
    world.clock.advance(LONG * 100);
    assert_eq!(world.sweep.run().await.unwrap().requeued, 0);
    assert_eq!(world.document(document.id).await, document);
    assert!(world.finish(&lease).await);
}

#[tokio::test]
async fn documents_that_were_read_or_given_up_are_left_alone() {
    for status in [Status::Ready, Status::Failed] {
        let world = World::new();
        world.strand("Rent", status).await;
        world.clock.advance(LONG);
        assert_eq!(world.sweep.run().await.unwrap().requeued, 0);
        assert_eq!(world.open_jobs().await, 0);
    }
}

#[tokio::test]
async fn a_forgotten_document_is_queued_though_nobody_can_be_told() {
    let world = World::new();
    world.strand("Rent", Status::Pending).await;
    world.clock.advance(LONG);
    world.transport.disconnect();
    assert_eq!(world.sweep.run().await.unwrap().requeued, 1);
    assert_eq!(world.open_jobs().await, 1);
}

#[tokio::test]
async fn two_sweeps_at_once_queue_a_document_once() {
    let world = World::new();
    let first = world.strand("One", Status::Pending).await;
    let second = world.strand("Two", Status::Pending).await;
    world.clock.advance(LONG);
    let other = Arc::clone(&world.sweep);
    world.transport.during_next_publish(async move {
        assert_eq!(other.run().await.unwrap().requeued, 1, "the second");
    });
    assert_eq!(world.sweep.run().await.unwrap().requeued, 1, "the first");
    assert_eq!(world.open_jobs().await, 2);
    for document in [first, second] {
        let pending = world.document(document.id).await;
        assert_eq!(pending.content_version, document.content_version + 1);
    }
}

#[tokio::test]
async fn expired_keys_are_forgotten() {
    let world = World::new();
    let claimed = world.uploads.claim(&CALLER, &a_key("died")).await;
    claimed.unwrap();
    let key = a_key("done");
    world.uploads.claim(&CALLER, &key).await.unwrap();
    let content = bytes(b"Rent");
    let upload = world.try_upload(content, a_file("a.pdf"), Some(key)).await;
    upload.unwrap();

    assert_eq!(world.sweep.run().await.unwrap().keys, 0);
    world.clock.advance(LONG);
    assert_eq!(world.sweep.run().await.unwrap().keys, 1, "the crashed one");
    world.clock.advance(Duration::from_hours(24));
    assert_eq!(world.sweep.run().await.unwrap().keys, 1, "the old one");
    assert_eq!(world.sweep.run().await.unwrap().keys, 0);
}
