//! What is tried again, and what is given up.

use docuvault_domain::PortError;
use docuvault_domain::documents::Status;
use docuvault_domain::ports::{
    Clock, EventBody, ExtractError, JobState, Lease, StorageBackend, StorageError, StreamError,
};
use docuvault_domain::processing::MAX_ATTEMPTS;

use super::{gave_up, is_done, is_lost, is_retry};
use crate::support::{CALLER, LEASE, World, no_database, predictions, unavailable, updated};

#[tokio::test]
async fn a_failing_reader_or_store_is_tried_again() {
    let world = World::new();
    let (document, lease) = world.leased("Rent").await;
    let crash = PortError::transient("reading", "no child");
    world.extractor.answer(Err(ExtractError::Port(crash)));
    is_retry(&world.process.run(&lease).await, "no child");
    world.storage.fail_next_get(unavailable());
    is_retry(&world.process.run(&lease).await, "away");
    world.storage.break_next_get(2, StreamError::Aborted);
    is_retry(&world.process.run(&lease).await, "went away");
    let read = world.document(document.id).await;
    assert_eq!(read.status, Status::Processing, "not given up");
    assert_eq!(world.job_state(&lease), JobState::Open);
    is_done(&world.process.run(&lease).await);
    assert_eq!(world.document(document.id).await.status, Status::Ready);
}

#[tokio::test]
async fn a_failing_database_is_tried_again_and_nothing_is_half_written() {
    let world = World::new();
    let home = world.topic("Home").await;
    let document = world.upload("Rent").await;
    world.classifier.answer(Ok(predictions(&[(home, 0.9)])));
    let lease = world.claim().await;
    world.store.fail_next_commit(no_database());
    is_retry(&world.process.run(&lease).await, "the database is away");
    assert_eq!(world.document(document.id).await, document);

    let process = world.process.clone();
    let (working, again) = (world.work_up_to_the_bytes_of(&lease).await, lease);
    let mut events = world.listen().await;
    world.store.fail_next_commit(no_database());
    world.storage.release();
    is_retry(&working.await.unwrap(), "the database is away");
    let read = world.document(document.id).await;
    assert_eq!(read.status, Status::Processing);
    assert_eq!(read.topics, []);
    assert_eq!(world.text(document.id).await, [""; 0]);
    assert_eq!(world.job_state(&again), JobState::Open);
    assert_eq!(events.received(), []);
    is_done(&process.run(&again).await);
}

#[tokio::test]
async fn missing_bytes_are_given_up_at_once() {
    let world = World::new();
    let (document, lease) = world.leased("Rent").await;
    let key = world.storage.keys().remove(0);
    world.storage.delete(&key).await.unwrap();
    let sentence = gave_up(world.process.run(&lease).await);
    assert!(sentence.contains("missing"), "{sentence}");
    let read = world.document(document.id).await;
    assert_eq!(read.status, Status::Failed);
    assert_eq!(read.status_detail.as_ref(), Some(&sentence));
    let dead = Some((JobState::Dead, Some(sentence)));
    assert_eq!(world.store.job(lease.job.id), dead);
}

#[tokio::test]
async fn the_last_try_is_given_up_and_told() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let mut lease = world.claim().await;
    for attempt in 1..MAX_ATTEMPTS {
        assert_eq!(lease.attempt, attempt);
        world.storage.fail_next_get(unavailable());
        is_retry(&world.process.run(&lease).await, "away");
        let now = world.clock.now();
        assert!(world.jobs.retry_at(&lease, now, "away").await.unwrap());
        lease = world.claim().await;
    }
    let mut events = world.listen().await;
    world
        .storage
        .fail_next_get(StorageError::Unauthorized("no".into()));
    let sentence = gave_up(world.process.run(&lease).await);
    let read = world.document(document.id).await;
    assert_eq!(read.status, Status::Failed);
    assert_eq!(read.status_detail.as_ref(), Some(&sentence));
    assert_eq!(world.job_state(&lease), JobState::Dead);
    let failed = EventBody::JobFailed {
        document: document.id,
        sentence,
    };
    assert_eq!(events.received(), [failed, updated(&read)]);

    world.clock.advance(LEASE);
    assert_eq!(world.open_jobs().await, 0, "never tried again");
    let again = world.change.reprocess(&CALLER, document.id).await;
    again.unwrap();
    is_done(&world.work().await);
    assert_eq!(world.document(document.id).await.status, Status::Ready);
}

#[tokio::test]
async fn a_document_that_kills_its_workers_is_given_up_unread() {
    let world = World::new();
    let document = world.upload("Rent").await;
    for _ in 0..MAX_ATTEMPTS {
        world.claim().await;
        world.clock.advance(LEASE);
    }
    let sentence = gave_up(world.work().await);
    assert!(sentence.contains("several times"), "{sentence}");
    assert_eq!(world.extractor.seen(), [], "not once more");
    assert_eq!(world.document(document.id).await.status, Status::Failed);
    assert_eq!(world.open_jobs().await, 0);
}

#[tokio::test]
async fn giving_up_is_tried_again_when_it_cannot_be_written() {
    let world = World::new();
    let (document, lease) = world.leased("Rent").await;
    let late = Lease {
        attempt: MAX_ATTEMPTS + 1,
        ..lease.clone()
    };
    is_lost(&world.process.run(&late).await);
    let working = world.work_up_to_the_bytes_of(&lease).await;
    let key = world.storage.keys().remove(0);
    world.storage.delete(&key).await.unwrap();
    world.store.fail_next_commit(no_database());
    world.storage.release();
    is_retry(&working.await.unwrap(), "the database is away");
    assert_eq!(world.job_state(&lease), JobState::Open);
    assert_eq!(world.document(document.id).await.status, Status::Processing);
}

#[tokio::test]
async fn a_topic_deleted_in_the_middle_costs_one_more_try() {
    let world = World::new();
    let home = world.topic("Home").await;
    let (document, lease) = world.leased("Rent").await;
    let working = world.work_up_to_the_bytes_of(&lease).await;
    world.classifier.answer(Ok(predictions(&[(home, 0.9)])));
    world.topics.delete(&CALLER, home).await.unwrap();
    world.storage.release();
    is_retry(&working.await.unwrap(), "filing a document");
    is_done(&world.process.run(&lease).await);
    let read = world.document(document.id).await;
    assert_eq!((read.status, read.topics), (Status::Ready, vec![]));
}
