//! The bytes can be had, whatever became of reading them.

use docuvault_domain::documents::{DownloadError, Status};
use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::{ByteRange, ExtractError, Refusal, RefusalReason, StorageError};
use docuvault_testkit::builders::collect;

use crate::support::{LOCAL, World, away, nobody};

impl World {
    async fn bytes_of(&self, id: DocumentId, range: Option<ByteRange>) -> Vec<u8> {
        let content = self.download.locate(&LOCAL, id).await.unwrap();
        let stream = self.download.open(&content, range).await.unwrap();
        collect(stream).await.unwrap()
    }
}

#[tokio::test]
async fn the_bytes_come_back_as_they_were_handed_in() {
    let world = World::new();
    let document = world.upload("Rent 2026").await;
    world.upload("Something else").await;
    assert_eq!(world.bytes_of(document.id, None).await, b"Rent 2026");
    let part = ByteRange { start: 5, end: 7 };
    assert_eq!(world.bytes_of(document.id, Some(part)).await, b"202");
}

#[tokio::test]
async fn the_bytes_can_be_had_in_any_state_and_from_the_trash() {
    let world = World::new();
    let document = world.upload("Rent").await;
    assert_eq!(world.bytes_of(document.id, None).await, b"Rent", "pending");
    let refusal = Refusal {
        reason: RefusalReason::Encrypted,
        sentence: "It needs a password.".to_owned(),
    };
    world.extractor.answer(Err(ExtractError::Refused(refusal)));
    world.work().await;
    assert_eq!(world.document(document.id).await.status, Status::Failed);
    assert_eq!(world.bytes_of(document.id, None).await, b"Rent", "failed");
    world.change.trash(&LOCAL, document.id).await.unwrap();
    assert_eq!(world.bytes_of(document.id, None).await, b"Rent", "trashed");
}

#[tokio::test]
async fn an_unknown_or_deleted_document_has_no_bytes() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world.change.delete(&LOCAL, document.id).await.unwrap();
    for id in [document.id, DocumentId(nobody())] {
        let located = world.download.locate(&LOCAL, id).await;
        assert!(
            matches!(located, Err(DownloadError::NotFound)),
            "{located:?}"
        );
    }
}

#[tokio::test]
async fn a_failing_store_is_told_apart_from_a_missing_document() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let content = world.download.locate(&LOCAL, document.id).await.unwrap();
    world.storage.fail_next_get(away());
    let opened = world.download.open(&content, None).await.map(|_| ());
    assert!(
        matches!(
            opened,
            Err(DownloadError::Storage(StorageError::Transient(_)))
        ),
        "{opened:?}"
    );
}
