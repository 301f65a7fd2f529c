//! Somebody else is faster: another worker, or a person.

use docuvault_domain::documents::Status;
use docuvault_domain::jobs::Outcome;
use docuvault_domain::ports::{JobState, StorageError};

use super::{is_done, is_lost};
use crate::support::{CALLER, LEASE, World, a_reading, predictions};

#[tokio::test]
async fn a_lease_lost_in_the_middle_writes_nothing() {
    let world = World::new();
    let home = world.topic("Home").await;
    let document = world.upload("Rent").await;
    let working = world.work_up_to_the_bytes().await;
    // Somebody else has the job now, and has not finished.
    world.clock.advance(LEASE);
    let held = world.claim().await;
    let before = world.document(document.id).await;
    let mut events = world.listen().await;
    world.classifier.answer(Ok(predictions(&[(home, 0.9)])));
    world.storage.release();
    is_lost(&working.await.unwrap());
    assert_eq!(world.document(document.id).await, before);
    assert_eq!(world.text(document.id).await, [""; 0]);
    assert_eq!(events.received(), []);
    assert_eq!(world.job_state(&held), JobState::Open);

    is_done(&world.process.run(&held).await);
    assert_eq!(world.document(document.id).await.status, Status::Ready);
}

#[tokio::test]
async fn a_lease_lost_in_the_middle_gives_nothing_up() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let working = world.work_up_to_the_bytes().await;
    world.clock.advance(LEASE);
    let held = world.claim().await;
    let before = world.document(document.id).await;
    world.storage.fail_next_get(StorageError::NotFound);
    world.storage.release();
    is_lost(&working.await.unwrap());
    assert_eq!(world.document(document.id).await, before);
    assert_eq!(world.job_state(&held), JobState::Open);
}

#[tokio::test]
async fn a_lease_lost_before_the_beginning_writes_nothing() {
    let world = World::new();
    let (document, late) = world.leased("Rent").await;
    // Somebody else has done the job meanwhile.
    world.clock.advance(LEASE);
    is_done(&world.work().await);
    let read = world.document(document.id).await;
    assert_eq!(read.status, Status::Ready);
    let mut events = world.listen().await;

    is_lost(&world.process.run(&late).await);
    assert_eq!(world.document(document.id).await, read);
    assert_eq!(events.received(), []);
    assert_eq!(world.extractor.seen().len(), 1, "read by the other alone");
}

#[tokio::test]
async fn a_job_that_runs_twice_has_its_effect_once() {
    let world = World::new();
    let home = world.topic("Home").await;
    world.classifier.answer(Ok(predictions(&[(home, 0.9)])));
    world.classifier.answer(Ok(predictions(&[(home, 0.1)])));
    let document = world.upload("Rent").await;
    let working = world.work_up_to_the_bytes().await;
    world.clock.advance(LEASE);
    let second = world.claim().await;
    let process = world.process.clone();
    let other = tokio::spawn(async move { process.run(&second).await });
    world.storage.release();
    let outcomes = [working.await.unwrap(), other.await.unwrap()];
    let done = outcomes.iter().filter(|o| matches!(o, Outcome::Done));
    assert_eq!(done.count(), 1, "{outcomes:?}");
    let read = world.document(document.id).await;
    assert_eq!(read.status, Status::Ready);
    assert_eq!(read.topics.len(), 1);
    assert_eq!(world.text(document.id).await, ["Rent"]);
    assert_eq!(world.open_jobs().await, 0);
}

#[tokio::test]
async fn a_document_deleted_in_the_middle_stays_deleted() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let working = world.work_up_to_the_bytes().await;
    world.change.delete(&CALLER, document.id).await.unwrap();
    let mut events = world.listen().await;
    world.storage.release();
    // Its job went with it.
    is_lost(&working.await.unwrap());
    assert_eq!(world.find(document.id).await, None);
    assert_eq!(events.received(), []);
    assert_eq!(world.object_states(), []);
}

#[tokio::test]
async fn a_document_deleted_before_the_beginning_is_nothing_to_do() {
    let world = World::new();
    let (document, lease) = world.leased("Rent").await;
    world.change.delete(&CALLER, document.id).await.unwrap();
    let mut events = world.listen().await;
    is_done(&world.process.run(&lease).await);
    assert_eq!(world.extractor.seen(), []);
    assert_eq!(events.received(), []);
}

#[tokio::test]
async fn a_document_to_be_read_again_is_left_to_its_newer_job() {
    let world = World::new();
    let home = world.topic("Home").await;
    let document = world.upload("Rent").await;
    let working = world.work_up_to_the_bytes().await;
    let pending = world.change.reprocess(&CALLER, document.id).await;
    let pending = pending.unwrap();
    let mut events = world.listen().await;
    world.extractor.answer(Ok(a_reading(&["stale"])));
    world.classifier.answer(Ok(predictions(&[(home, 0.9)])));
    world.storage.release();
    is_done(&working.await.unwrap());
    assert_eq!(world.document(document.id).await, pending);
    assert_eq!(world.text(document.id).await, [""; 0]);
    assert_eq!(events.received(), []);
    assert_eq!(world.open_jobs().await, 1);

    is_done(&world.work().await);
    assert_eq!(world.text(document.id).await, ["Rent"]);
    assert_eq!(world.open_jobs().await, 0);
}

#[tokio::test]
async fn a_person_may_edit_while_the_document_is_read() {
    let world = World::new();
    let home = world.topic("Home").await;
    let document = world.upload("Rent").await;
    let working = world.work_up_to_the_bytes().await;
    let rejected = world.change.reject_topic(&CALLER, document.id, home);
    let rejected = rejected.await.unwrap();
    world.change.trash(&CALLER, document.id).await.unwrap();
    world.classifier.answer(Ok(predictions(&[(home, 0.9)])));
    world.storage.release();
    is_done(&working.await.unwrap());
    let read = world.document(document.id).await;
    assert_eq!(read.topics, []);
    assert_eq!(read.revision, rejected.revision + 1);
    assert!(read.trashed_at.is_some());
    assert_eq!(read.status, Status::Ready);
}
