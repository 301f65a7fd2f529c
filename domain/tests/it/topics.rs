//! Topics come and go; documents stay.

use docuvault_domain::audit::{Action, Resource};
use docuvault_domain::ids::TopicId;
use docuvault_domain::topics::{Hue, TopicDraft, TopicEdits, TopicError, TopicName};

use crate::support::{CALLER, World, unknown_id};

fn named(name: &str) -> TopicName {
    TopicName::parse(name).unwrap()
}

fn a_draft(name: &str) -> TopicDraft {
    TopicDraft {
        name: named(name),
        description: "What is due".to_owned(),
        hue: None,
    }
}

#[tokio::test]
async fn a_topic_is_made_with_the_next_hue() {
    let world = World::new();
    let topics = &world.topics;
    let first = topics.create(&CALLER, a_draft("Bills")).await.unwrap();
    assert_eq!(first.documents, 0);
    assert_eq!(first.topic.description, "What is due");
    assert_eq!(first.topic.hue.get(), 1);
    assert_eq!(first.topic.starter, None);
    let second = topics.create(&CALLER, a_draft("Home")).await.unwrap();
    assert_eq!(second.topic.hue.get(), 2);
    assert_eq!(world.audit(), [Action::TopicCreated; 2]);
    let line = &world.store.audit_lines()[0];
    assert_eq!(line.resource, Resource::Topic(first.topic.id));
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case() {
    let world = World::new();
    let (bills, home) = (world.topic("Bills").await, world.topic("Home").await);
    let made = world.topics.create(&CALLER, a_draft("BILLS")).await;
    assert!(matches!(made, Err(TopicError::NameTaken)), "{made:?}");
    let rename = |name| TopicEdits {
        name: Some(named(name)),
        ..TopicEdits::default()
    };
    let renamed = world.topics.edit(&CALLER, home, rename("bills")).await;
    assert!(matches!(renamed, Err(TopicError::NameTaken)), "{renamed:?}");
    let own = world.topics.edit(&CALLER, bills, rename("BILLS")).await;
    assert_eq!(own.unwrap().topic.name.as_str(), "BILLS", "its own name");
    assert_eq!(world.topic_names().await, ["BILLS", "Home"]);
}

#[tokio::test]
async fn what_an_edit_does_not_mention_stays() {
    let world = World::new();
    let made = world.topics.create(&CALLER, a_draft("Bills")).await;
    let id = made.unwrap().topic.id;
    let edits = TopicEdits {
        hue: Hue::parse(7),
        ..TopicEdits::default()
    };
    let edited = world.topics.edit(&CALLER, id, edits).await.unwrap().topic;
    assert_eq!(edited.hue.get(), 7);
    assert_eq!(edited.name, named("Bills"));
    assert_eq!(edited.description, "What is due");
    assert_eq!(world.audit_since(1), [Action::TopicEdited]);
}

#[tokio::test]
async fn documents_stay_when_their_topic_is_deleted() {
    let world = World::new();
    let home = world.topic("Home").await;
    let document = world.upload("Rent").await;
    let filed = world.change.confirm_topic(&CALLER, document.id, home);
    filed.await.unwrap();
    let lines = world.audit().len();
    world.topics.delete(&CALLER, home).await.unwrap();
    assert_eq!(world.document(document.id).await.topics, []);
    assert_eq!(world.audit_since(lines), [Action::TopicDeleted]);
    let again = world.topics.delete(&CALLER, home).await;
    assert!(matches!(again, Err(TopicError::NotFound)), "{again:?}");
}

#[tokio::test]
async fn merging_moves_the_documents_and_removes_the_one() {
    let world = World::new();
    let (from, into) = (world.topic("Bills").await, world.topic("Invoices").await);
    for content in ["One", "Two"] {
        let document = world.upload(content).await;
        let filed = world.change.confirm_topic(&CALLER, document.id, from);
        filed.await.unwrap();
    }
    let lines = world.audit().len();
    let merged = world.topics.merge(&CALLER, from, into).await.unwrap();
    assert_eq!((merged.topic.id, merged.documents), (into, 2));
    assert_eq!(world.topic_names().await, ["Invoices"]);
    assert_eq!(world.audit_since(lines), [Action::TopicMerged]);
}

#[tokio::test]
async fn only_two_topics_that_are_there_can_be_merged() {
    let world = World::new();
    let home = world.topic("Home").await;
    let topics = &world.topics;
    let same = topics.merge(&CALLER, home, home).await;
    assert!(matches!(same, Err(TopicError::SameTopic)), "{same:?}");
    let unknown = TopicId(unknown_id());
    for (from, into) in [(home, unknown), (unknown, home)] {
        let merged = topics.merge(&CALLER, from, into).await;
        assert!(matches!(merged, Err(TopicError::NotFound)), "{merged:?}");
    }
    assert_eq!(world.topic_names().await, ["Home"]);
}
