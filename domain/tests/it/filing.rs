//! A person's yes and no to a topic on a document.

use docuvault_domain::audit::Action;
use docuvault_domain::documents::{ChangeError, DocumentTopic, Source, TopicState};
use docuvault_domain::ids::TopicId;
use docuvault_domain::ports::Repos;

use crate::support::{CALLER, World, predictions, unknown_id, updated};

fn a_filing(id: TopicId, name: &str, hue: u8) -> DocumentTopic {
    DocumentTopic {
        id,
        name: name.to_owned(),
        hue,
        state: TopicState::Applied,
        confidence: None,
        source: Source::User,
        reason: None,
    }
}

#[tokio::test]
async fn a_suggestion_that_is_confirmed_is_a_persons_word() {
    let world = World::new();
    let home = world.topic("Home").await;
    world.classifier.answer(Ok(predictions(&[(home, 0.3)])));
    let document = world.ready("Rent").await;
    assert_eq!(document.topics[0].state, TopicState::Suggested);
    let (mut events, lines) = (world.listen().await, world.audit().len());

    let confirmed = world.change.confirm_topic(&CALLER, document.id, home).await;
    let confirmed = confirmed.unwrap();
    assert_eq!(confirmed.topics, [a_filing(home, "Home", 1)]);
    assert_eq!(confirmed.revision, document.revision + 1);
    assert_eq!(events.received(), [updated(&confirmed)]);
    assert_eq!(world.audit_since(lines), [Action::DocumentEdited]);
    let counted = world.store.topics().find(&CALLER, home).await.unwrap();
    assert_eq!(counted.unwrap().documents, 1);
}

#[tokio::test]
async fn a_topic_that_was_never_suggested_can_be_given_and_taken() {
    let world = World::new();
    let home = world.topic("Home").await;
    let document = world.upload("Rent").await;
    let change = &world.change;
    let filed = change.confirm_topic(&CALLER, document.id, home).await;
    assert_eq!(filed.unwrap().topics.len(), 1);
    let taken = change.reject_topic(&CALLER, document.id, home).await;
    assert_eq!(taken.unwrap().topics, []);
    assert_eq!(world.rejected(document.id).await, [home]);
}

#[tokio::test]
async fn an_unknown_topic_or_document_is_refused() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let unknown = TopicId(unknown_id());
    let tried = world.change.confirm_topic(&CALLER, document.id, unknown);
    let tried = tried.await;
    assert!(
        matches!(tried, Err(ChangeError::UnknownTopic(_))),
        "{tried:?}"
    );
    assert_eq!(world.document(document.id).await, document);
    assert_eq!(world.audit_since(1), []);
}

#[tokio::test]
async fn what_a_person_rejected_is_not_suggested_again() {
    let world = World::new();
    let (home, work) = (world.topic("Home").await, world.topic("Work").await);
    world
        .classifier
        .answer(Ok(predictions(&[(home, 0.9), (work, 0.4)])));
    let document = world.ready("Rent").await;
    let change = &world.change;
    for topic in [home, work] {
        let rejected = change.reject_topic(&CALLER, document.id, topic).await;
        rejected.unwrap();
    }
    change.reprocess(&CALLER, document.id).await.unwrap();
    world
        .classifier
        .answer(Ok(predictions(&[(home, 1.0), (work, 0.4)])));
    world.work().await;
    assert_eq!(world.document(document.id).await.topics, []);
    assert_eq!(world.rejected(document.id).await, [home, work]);
}

#[tokio::test]
async fn what_a_person_confirmed_stays_theirs() {
    let world = World::new();
    let home = world.topic("Home").await;
    let document = world.upload("Rent").await;
    let confirmed = world.change.confirm_topic(&CALLER, document.id, home);
    confirmed.await.unwrap();
    for confidence in [0.2, 0.9] {
        let prediction = predictions(&[(home, confidence)]);
        world.classifier.answer(Ok(prediction));
        world.work().await;
        let read = world.document(document.id).await;
        assert_eq!(read.topics, [a_filing(home, "Home", 1)]);
        let again = world.change.reprocess(&CALLER, document.id).await;
        again.unwrap();
    }
    // Though the classifier does not name it any more.
    world.work().await;
    let read = world.document(document.id).await;
    assert_eq!(read.topics, [a_filing(home, "Home", 1)]);
}

#[tokio::test]
async fn guesses_are_replaced_by_newer_guesses() {
    let world = World::new();
    let (home, work) = (world.topic("Home").await, world.topic("Work").await);
    world.classifier.answer(Ok(predictions(&[(home, 0.9)])));
    let document = world.ready("Rent").await;
    let again = world.change.reprocess(&CALLER, document.id).await;
    again.unwrap();
    world.classifier.answer(Ok(predictions(&[(work, 0.5)])));
    world.work().await;
    let read = world.document(document.id).await;
    let topics: Vec<_> = read.topics.iter().map(|t| (t.id, t.state)).collect();
    assert_eq!(topics, [(work, TopicState::Suggested)]);
}
