//! Gone for ever.

use docuvault_domain::audit::{Action, Resource};
use docuvault_domain::documents::ChangeError;
use docuvault_domain::ports::{EventBody, ObjectState, Repos};
use docuvault_domain::processing::Swept;

use crate::support::{CALLER, World, no_database, unavailable};

#[tokio::test]
async fn nothing_of_a_deleted_document_is_left() {
    let world = World::new();
    let document = world.ready("Rent").await;
    let other = world.ready("Something else").await;
    world.change.reprocess(&CALLER, document.id).await.unwrap();
    let topic = world.topic("Home").await;
    let confirmed = world.change.confirm_topic(&CALLER, document.id, topic);
    confirmed.await.unwrap();
    let (mut events, lines) = (world.listen().await, world.audit().len());

    world.change.delete(&CALLER, document.id).await.unwrap();

    assert_eq!(world.find(document.id).await, None);
    let text = world.store.documents().text(&CALLER, document.id).await;
    assert_eq!(text.unwrap(), None);
    assert_eq!(world.open_jobs().await, 0);
    assert_eq!(world.object_states(), [ObjectState::Live], "the other's");
    assert_eq!(world.storage.keys().len(), 1);
    let home = world.store.topics().find(&CALLER, topic).await.unwrap();
    assert_eq!(home.unwrap().documents, 0);

    let id = document.id;
    assert_eq!(events.received(), [EventBody::DocumentDeleted { id }]);
    assert_eq!(world.audit_since(lines), [Action::DocumentDeleted]);
    let last = world.store.audit_lines().pop().unwrap();
    assert_eq!(last.resource, Resource::Document(id));
    assert_eq!(world.text(other.id).await, ["Something else"]);

    let again = world.change.delete(&CALLER, id).await;
    assert!(matches!(again, Err(ChangeError::NotFound)), "{again:?}");
}

#[tokio::test]
async fn a_document_is_gone_at_once_and_its_bytes_once_the_store_is_back() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world.storage.fail_next_delete(unavailable());
    world.change.delete(&CALLER, document.id).await.unwrap();
    assert_eq!(world.find(document.id).await, None);
    assert_eq!(world.object_states(), [ObjectState::Deleting]);
    assert_eq!(world.storage.keys().len(), 1, "still there");

    let swept = world.sweep.run().await.unwrap();
    let expected = Swept {
        objects: 1,
        ..Swept::default()
    };
    assert_eq!(swept, expected);
    assert_eq!(world.object_states(), []);
    assert_eq!(world.storage.keys(), []);
}

#[tokio::test]
async fn bytes_are_not_touched_before_the_commit() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world.store.fail_next_commit(no_database());
    let deleted = world.change.delete(&CALLER, document.id).await;
    assert!(matches!(deleted, Err(ChangeError::Port(_))), "{deleted:?}");
    assert_eq!(world.document(document.id).await, document);
    assert_eq!(world.object_states(), [ObjectState::Live]);
    assert_eq!(world.storage.keys().len(), 1);
    assert_eq!(world.open_jobs().await, 1);
}
