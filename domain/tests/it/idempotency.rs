//! Uploads that a client may repeat without doubling them.

use std::time::Duration;

use docuvault_domain::documents::{
    Document, MimeType, NewDocument, OnDuplicate, Title, UploadClaim, UploadError,
};
use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::{Clock, Stored, StreamError};
use docuvault_testkit::builders::{bytes, failing_stream};

use crate::support::{CALLER, LEASE, World, a_file, a_key, another_user, no_database, unavailable};

const DAY: Duration = Duration::from_hours(24);
const SECOND: Duration = Duration::from_secs(1);

impl World {
    async fn claim_key(&self) -> Result<UploadClaim, UploadError> {
        self.uploads.claim(&CALLER, &a_key("k")).await
    }

    /// The key is free.
    async fn proceed(&self) {
        assert_eq!(self.claim_key().await.unwrap(), UploadClaim::Proceed);
    }

    async fn upload_with_key(&self, content: &str, new: NewDocument) -> Document {
        self.proceed().await;
        let content = bytes(content.as_bytes());
        let upload = self.try_upload(content, new, Some(a_key("k"))).await;
        upload.unwrap()
    }

    /// What the key was answered with.
    async fn answered(&self) -> (DocumentId, String) {
        match self.claim_key().await.unwrap() {
            UploadClaim::Answered {
                document,
                fingerprint,
            } => (document, fingerprint),
            UploadClaim::Proceed => panic!("the key is unknown"),
        }
    }

    /// Digest and size of `content`, which are not kept.
    async fn digest(&self, content: &str) -> Stored {
        let uploads = &self.uploads;
        let ticket = uploads.begin(&CALLER, MimeType::Pdf, None).await.unwrap();
        let stored = uploads
            .store(&ticket, bytes(content.as_bytes()), None)
            .await;
        uploads.abandon(&CALLER, &ticket).await;
        stored.unwrap()
    }

    /// Repeats a request.
    async fn repeat(
        &self,
        content: &str,
        new: &NewDocument,
    ) -> Result<Option<Document>, UploadError> {
        let (document, fingerprint) = self.answered().await;
        let stored = self.digest(content).await;
        let answered = (document, fingerprint.as_str());
        self.uploads.replay(&CALLER, answered, &stored, new).await
    }
}

#[tokio::test]
async fn a_key_is_granted_once_and_then_in_progress() {
    let world = World::new();
    world.proceed().await;
    let again = world.claim_key().await;
    assert!(matches!(again, Err(UploadError::InProgress)), "{again:?}");

    let other = world.uploads.claim(&CALLER, &a_key("other")).await;
    assert_eq!(other.unwrap(), UploadClaim::Proceed);
    let somebody = world.uploads.claim(&another_user(), &a_key("k")).await;
    assert_eq!(
        somebody.unwrap(),
        UploadClaim::Proceed,
        "keys are per owner"
    );
}

#[tokio::test]
async fn the_same_request_is_answered_with_the_same_document() {
    let world = World::new();
    let new = a_file("a.pdf");
    let document = world.upload_with_key("Rent", new.clone()).await;
    for _ in 0..2 {
        let again = world.repeat("Rent", &new).await.unwrap();
        assert_eq!(again.as_ref(), Some(&document));
    }
    assert_eq!(world.document_count().await, 1);
}

#[tokio::test]
async fn another_request_with_the_same_key_is_a_mismatch() {
    let world = World::new();
    let mut first = a_file("a b.pdf");
    first.title = Some(Title::parse("c").unwrap());
    world.upload_with_key("Rent", first.clone()).await;

    let titled = |title: Option<&str>| NewDocument {
        title: title.map(|title| Title::parse(title).unwrap()),
        ..first.clone()
    };
    let named = |filename: &str, title: &str| NewDocument {
        filename: filename.to_owned(),
        ..titled(Some(title))
    };
    for (content, new) in [
        ("Else", first.clone()),
        ("Rent", titled(None)),
        ("Rent", titled(Some("d"))),
        ("Rent", named("b.pdf", "c")),
        // The same words, divided in another place.
        ("Rent", named("a", "b.pdf c")),
    ] {
        let again = world.repeat(content, &new).await;
        assert!(
            matches!(again, Err(UploadError::KeyMismatch)),
            "{new:?} {again:?}"
        );
    }
}

#[tokio::test]
async fn a_failed_upload_gives_its_key_back() {
    let world = World::new();
    world.proceed().await;
    world.storage.fail_next_put(unavailable());
    let key = || Some(a_key("k"));
    let failed = world
        .try_upload(bytes(b"Rent"), a_file("a.pdf"), key())
        .await;
    assert!(matches!(failed, Err(UploadError::Storage(_))), "{failed:?}");

    world.proceed().await;
    let content = failing_stream(bytes(b"Re"), StreamError::Aborted);
    let failed = world.try_upload(content, a_file("a.pdf"), key()).await;
    assert!(matches!(failed, Err(UploadError::Aborted)), "{failed:?}");

    world.upload("Rent").await;
    world.proceed().await;
    let new = NewDocument {
        on_duplicate: OnDuplicate::Reject,
        ..a_file("a.pdf")
    };
    let refused = world.try_upload(bytes(b"Rent"), new, key()).await;
    assert!(
        matches!(refused, Err(UploadError::Duplicate(_))),
        "{refused:?}"
    );

    world.proceed().await;
    let uploads = &world.uploads;
    let ticket = uploads.begin(&CALLER, MimeType::Pdf, key()).await.unwrap();
    let stored = uploads.store(&ticket, bytes(b"b"), None).await.unwrap();
    world.store.fail_next_commit(no_database());
    let failed = uploads
        .finish(&CALLER, ticket, &stored, a_file("a.pdf"))
        .await;
    assert!(matches!(failed, Err(UploadError::Port(_))), "{failed:?}");

    world.upload_with_key("at last", a_file("a.pdf")).await;
}

#[tokio::test]
async fn a_key_is_given_back_when_there_was_no_file() {
    let world = World::new();
    world.proceed().await;
    world.uploads.release(&CALLER, &a_key("k")).await.unwrap();
    world.proceed().await;
}

#[tokio::test]
async fn giving_a_key_back_never_takes_an_answer_away() {
    let world = World::new();
    let document = world.upload_with_key("Rent", a_file("a.pdf")).await;
    world.uploads.release(&CALLER, &a_key("k")).await.unwrap();
    assert_eq!(world.answered().await.0, document.id);
}

#[tokio::test]
async fn a_key_is_taken_over_after_a_crash() {
    let world = World::new();
    world.proceed().await;
    let claimed = world.clock.now();
    world.clock.set(claimed.plus(LEASE).minus(SECOND));
    let early = world.claim_key().await;
    assert!(matches!(early, Err(UploadError::InProgress)), "{early:?}");
    world.clock.advance(SECOND);
    world.upload_with_key("Rent", a_file("a.pdf")).await;
    world.answered().await;
}

#[tokio::test]
async fn a_slow_upload_that_shows_life_keeps_its_key() {
    let world = World::new();
    world.proceed().await;
    let uploads = &world.uploads;
    let key = Some(a_key("k"));
    let ticket = uploads.begin(&CALLER, MimeType::Pdf, key).await.unwrap();
    for _ in 0..4 {
        world.clock.advance(LEASE / 3 * 2);
        uploads.keep_alive(&CALLER, &ticket).await.unwrap();
    }
    let other = world.claim_key().await;
    assert!(matches!(other, Err(UploadError::InProgress)), "{other:?}");
}

#[tokio::test]
async fn a_replay_of_a_deleted_document_finds_nothing() {
    let world = World::new();
    let new = a_file("a.pdf");
    let document = world.upload_with_key("Rent", new.clone()).await;
    world.change.delete(&CALLER, document.id).await.unwrap();
    assert_eq!(world.repeat("Rent", &new).await.unwrap(), None);
    let other = world.repeat("Else", &new).await;
    assert!(matches!(other, Err(UploadError::KeyMismatch)), "{other:?}");
}

#[tokio::test]
async fn an_answer_is_remembered_for_a_day() {
    let world = World::new();
    world.upload_with_key("Rent", a_file("a.pdf")).await;
    let answered = world.clock.now();
    world.clock.set(answered.plus(DAY).minus(SECOND));
    world.answered().await;
    world.clock.advance(SECOND);
    world.proceed().await;
}
