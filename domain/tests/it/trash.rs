//! In and out of the trash.

use std::time::Duration;

use docuvault_domain::audit::Action;
use docuvault_domain::documents::ChangeError;
use docuvault_domain::ids::DocumentId;

use crate::support::{CALLER, World, no_database, unknown_id, updated};

#[tokio::test]
async fn trashing_twice_is_trashing_once() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let mut events = world.listen().await;
    let at = world.clock.advance(Duration::from_secs(1));
    let trashed = world.change.trash(&CALLER, document.id).await.unwrap();
    assert_eq!(trashed.trashed_at, Some(at));
    assert_eq!(trashed.revision, document.revision + 1);
    assert_eq!(world.document_count().await, 0);

    world.clock.advance(Duration::from_secs(1));
    let again = world.change.trash(&CALLER, document.id).await.unwrap();
    assert_eq!(again, trashed);
    assert_eq!(world.audit_since(1), [Action::DocumentTrashed]);
    assert_eq!(events.received(), [updated(&trashed)]);
}

#[tokio::test]
async fn restoring_twice_is_restoring_once() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let untouched = world.change.restore(&CALLER, document.id).await.unwrap();
    assert_eq!(untouched, document);

    world.change.trash(&CALLER, document.id).await.unwrap();
    let restored = world.change.restore(&CALLER, document.id).await.unwrap();
    assert_eq!(restored.trashed_at, None);
    assert_eq!(restored.revision, document.revision + 2);
    let again = world.change.restore(&CALLER, document.id).await.unwrap();
    assert_eq!(again, restored);
    assert_eq!(world.document_count().await, 1);
    let acts = [Action::DocumentTrashed, Action::DocumentRestored];
    assert_eq!(world.audit_since(1), acts);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_moved() {
    let world = World::new();
    let id = DocumentId(unknown_id());
    let trashed = world.change.trash(&CALLER, id).await;
    assert!(matches!(trashed, Err(ChangeError::NotFound)), "{trashed:?}");
    let restored = world.change.restore(&CALLER, id).await;
    assert!(
        matches!(restored, Err(ChangeError::NotFound)),
        "{restored:?}"
    );
    assert_eq!(world.audit(), []);
}

#[tokio::test]
async fn nobody_hears_of_a_change_that_was_not_committed() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let mut events = world.listen().await;
    world.store.fail_next_commit(no_database());
    let trashed = world.change.trash(&CALLER, document.id).await;
    assert!(matches!(trashed, Err(ChangeError::Port(_))), "{trashed:?}");
    assert_eq!(events.received(), []);
    assert_eq!(world.document(document.id).await, document);
    assert_eq!(world.audit_since(1), []);
}
