//! A classifier that does not answer: the document is ready, and filed by itself later.

use std::time::Duration;

use docuvault_domain::PortError;
use docuvault_domain::documents::{Source, Status};
use docuvault_domain::jobs::Outcome;
use docuvault_domain::ports::{Classification, ClassifierError, JobState};
use docuvault_domain::processing::FILE;

use super::{is_done, is_retry};
use crate::support::{CALLER, World, predictions, updated};

const LONGER_THAN_ANY_WAIT: Duration = Duration::from_mins(10);

fn unavailable() -> ClassifierError {
    ClassifierError::Unavailable {
        retry_after: None,
        source: PortError::transient("asking", "away"),
    }
}

#[tokio::test]
async fn it_is_filed_by_the_text_that_was_read_once_the_classifier_answers() {
    let world = World::new();
    let home = world.topic("Home").await;
    world.classifier.answer(Err(unavailable()));
    let document = world.ready("Rent").await;
    assert_eq!((document.status, document.topics.len()), (Status::Ready, 0));
    assert!(document.status_detail.is_some());
    assert_eq!(world.open_jobs().await, 1);

    world.clock.advance(LONGER_THAN_ANY_WAIT);
    let lease = world.claim().await;
    assert_eq!(lease.job.kind, FILE);
    let mut events = world.listen().await;
    world.classifier.answer(Ok(Classification {
        title: Some("Rent for May".to_owned()),
        proposals: vec!["Flat 7".to_owned()],
        ..predictions(&[(home, 0.9)])
    }));
    is_done(&world.process.run(&lease).await);
    let filed = world.document(document.id).await;
    assert_eq!(filed.title.as_str(), "Rent for May");
    assert_eq!(filed.title_source, Source::Ai);
    assert_eq!(filed.topics[0].id, home);
    assert_eq!(filed.topic_proposals, ["Flat 7"]);
    assert_eq!(filed.status_detail, None);
    assert_eq!(world.classifier.seen()[1].pages, ["Rent"]);
    assert_eq!(events.received(), [updated(&filed)]);
    assert_eq!(world.open_jobs().await, 0);
}

#[tokio::test]
async fn it_is_tried_for_as_long_as_it_takes() {
    let world = World::new();
    world.classifier.answer(Err(unavailable()));
    let document = world.ready("Rent").await;
    for _ in 0..20 {
        world.clock.advance(LONGER_THAN_ANY_WAIT);
        let lease = world.claim().await;
        world.classifier.answer(Err(unavailable()));
        is_retry(&world.process.run(&lease).await, "does not answer");
        assert_eq!(world.document(document.id).await, document);
    }
}

#[tokio::test]
async fn an_answer_that_is_none_ends_it_with_a_sentence() {
    let world = World::new();
    world.classifier.answer(Err(unavailable()));
    let document = world.ready("Rent").await;
    world.clock.advance(LONGER_THAN_ANY_WAIT);
    let refusal = PortError::permanent("asking", "refused");
    world
        .classifier
        .answer(Err(ClassifierError::NoAnswer(refusal)));
    is_done(&world.work().await);
    let detail = world.document(document.id).await.status_detail.unwrap();
    assert!(detail.contains("no usable answer"), "{detail}");
    assert_eq!(world.open_jobs().await, 0);
}

#[tokio::test]
async fn a_document_that_is_read_again_meanwhile_is_left_to_that() {
    let world = World::new();
    world.classifier.answer(Err(unavailable()));
    let document = world.ready("Rent").await;
    world.clock.advance(LONGER_THAN_ANY_WAIT);
    let lease = world.claim().await;
    world.change.reprocess(&CALLER, document.id).await.unwrap();
    is_done(&world.process.run(&lease).await);
    assert_eq!(world.store.job(lease.job.id).unwrap().0, JobState::Done);
    assert_eq!(world.classifier.seen().len(), 1, "nobody was asked");
    assert_eq!(world.document(document.id).await.status, Status::Pending);
}

#[tokio::test]
async fn it_waits_for_as_long_as_it_is_asked_to() {
    let world = World::new();
    world.classifier.answer(Err(unavailable()));
    world.ready("Rent").await;
    world.clock.advance(LONGER_THAN_ANY_WAIT);
    let asked = Duration::from_mins(20);
    world.classifier.answer(Err(ClassifierError::Unavailable {
        retry_after: Some(asked),
        source: PortError::transient("asking", "away"),
    }));
    let outcome = world.work().await;
    assert!(
        matches!(outcome, Outcome::Retry { wait, .. } if wait == asked),
        "{outcome:?}"
    );
}
