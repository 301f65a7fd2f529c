//! The bytes can be had, whatever became of reading them.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::Caller;
use docuvault_domain::documents::{
    DownloadDocument, DownloadError, DownloadLinks, Link, Presentation, Status,
};
use docuvault_domain::ids::{DocumentId, UserId};
use docuvault_domain::ports::{ByteRange, ExtractError, Refusal, RefusalReason, StorageError};
use docuvault_testkit::builders::collect;
use docuvault_testkit::memory::FakeSecretBox;

use crate::support::{CALLER, World, unavailable, unknown_id};

impl World {
    async fn bytes_of(&self, id: DocumentId, range: Option<ByteRange>) -> Vec<u8> {
        let content = self.download.locate(&CALLER, id).await.unwrap();
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
    world.change.trash(&CALLER, document.id).await.unwrap();
    assert_eq!(world.bytes_of(document.id, None).await, b"Rent", "trashed");
}

#[tokio::test]
async fn an_unknown_or_deleted_document_has_no_bytes() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world.change.delete(&CALLER, document.id).await.unwrap();
    for id in [document.id, DocumentId(unknown_id())] {
        let located = world.download.locate(&CALLER, id).await;
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
    let content = world.download.locate(&CALLER, document.id).await.unwrap();
    world.storage.fail_next_get(unavailable());
    let opened = world.download.open(&content, None).await.map(|_| ());
    assert!(
        matches!(
            opened,
            Err(DownloadError::Storage(StorageError::Transient(_)))
        ),
        "{opened:?}"
    );
}

impl World {
    fn links(&self) -> DownloadLinks {
        DownloadLinks {
            downloads: DownloadDocument {
                store: self.store.clone(),
                storage: self.storage.clone(),
            },
            secrets: Arc::new(FakeSecretBox),
            clock: self.clock.clone(),
            from_store: false,
        }
    }

    async fn ticket(&self, id: DocumentId, presentation: Presentation) -> Vec<u8> {
        match self.links().issue(&CALLER, id, presentation).await.unwrap() {
            (Link::Vault(ticket), _) => ticket,
            (Link::Store(url), _) => panic!("the store has no {url}"),
        }
    }
}

#[tokio::test]
async fn a_link_works_for_a_minute_and_for_one_document() {
    let world = World::new();
    let (rent, other) = (world.upload("Rent").await, world.upload("Other").await);
    let links = world.links();
    let ticket = world.ticket(rent.id, Presentation::Inline).await;
    let (content, presentation) = links.redeem(rent.id, &ticket).await.unwrap();
    assert_eq!(
        (content.document.id, presentation),
        (rent.id, Presentation::Inline)
    );
    let forged: Vec<u8> = ticket.iter().map(|byte| byte ^ 1).collect();
    for (id, ticket) in [(other.id, &*ticket), (rent.id, &*forged), (rent.id, b"")] {
        let refused = links.redeem(id, ticket).await;
        assert!(
            matches!(refused, Err(DownloadError::NotFound)),
            "{refused:?}"
        );
    }
    world.clock.advance(Duration::from_secs(59));
    links.redeem(rent.id, &ticket).await.unwrap();
    world.clock.advance(Duration::from_secs(1));
    let late = links.redeem(rent.id, &ticket).await;
    assert!(matches!(late, Err(DownloadError::NotFound)), "{late:?}");
}

#[tokio::test]
async fn a_link_ends_with_its_document_and_needs_ones_own() {
    let world = World::new();
    let rent = world.upload("Rent").await;
    let foreign = Caller::system(UserId(unknown_id()));
    let refused = world
        .links()
        .issue(&foreign, rent.id, Presentation::Inline)
        .await;
    assert!(
        matches!(refused, Err(DownloadError::NotFound)),
        "{refused:?}"
    );
    let ticket = world.ticket(rent.id, Presentation::Attachment).await;
    world.change.delete(&CALLER, rent.id).await.unwrap();
    let gone = world.links().redeem(rent.id, &ticket).await;
    assert!(matches!(gone, Err(DownloadError::NotFound)), "{gone:?}");
}
