//! Reading again when a person asks.

use docuvault_domain::audit::Action;
use docuvault_domain::documents::{ChangeError, Status};
use docuvault_domain::ids::DocumentId;
use docuvault_domain::jobs::Outcome;
use docuvault_domain::processing::DocumentVersion;

use crate::support::{CALLER, World, unknown_id, updated};

#[tokio::test]
async fn reading_again_is_a_job_of_its_own() {
    let world = World::new();
    let document = world.ready("Rent").await;
    assert_eq!(world.open_jobs().await, 0);
    world.transport.published();
    let mut events = world.listen().await;

    let pending = world.change.reprocess(&CALLER, document.id).await.unwrap();
    assert_eq!(pending.status, Status::Pending);
    assert_eq!(pending.content_version, document.content_version + 1);
    assert_eq!(pending.revision, document.revision, "no change by a person");
    assert_eq!(events.received(), [updated(&pending)]);
    assert_eq!(world.audit_since(1), [Action::DocumentReprocessed]);

    let lease = world.claim().await;
    assert_eq!(world.transport.published(), [lease.job.id]);
    let version: DocumentVersion = lease.job.payload().unwrap();
    assert_eq!(version.content_version, pending.content_version);
    assert!(matches!(world.process.run(&lease).await, Outcome::Done));
    assert_eq!(world.document(document.id).await.status, Status::Ready);
    assert_eq!(world.extractor.seen().len(), 2);
}

#[tokio::test]
async fn asked_twice_before_it_began_it_is_read_once() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world.change.reprocess(&CALLER, document.id).await.unwrap();
    world.change.reprocess(&CALLER, document.id).await.unwrap();
    assert_eq!(world.open_jobs().await, 3);
    for _ in 0..3 {
        assert!(matches!(world.work().await, Outcome::Done));
    }
    assert_eq!(world.extractor.seen().len(), 1, "older jobs have no effect");
    assert_eq!(world.open_jobs().await, 0, "and are over");
    assert_eq!(world.document(document.id).await.status, Status::Ready);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_read_again() {
    let world = World::new();
    let asked = world
        .change
        .reprocess(&CALLER, DocumentId(unknown_id()))
        .await;
    assert!(matches!(asked, Err(ChangeError::NotFound)), "{asked:?}");
}
