//! Taking in a document: all of it, or nothing.

use std::time::Duration;

use docuvault_domain::PortError;
use docuvault_domain::audit::{Action, Resource};
use docuvault_domain::documents::{MimeType, OnDuplicate, Source, Status, Title, UploadError};
use docuvault_domain::jobs::Outcome;
use docuvault_domain::ports::{
    EventBody, Job, ObjectState, Quota, Repos, StorageError, StreamError,
};
use docuvault_testkit::builders::{bytes, chunks, failing_stream};

use crate::support::{CALLER, LEASE, OWNER, World, a_file, no_database, unavailable};

#[tokio::test]
async fn an_upload_becomes_a_pending_document_with_its_bytes() {
    let world = World::new();
    let content = chunks(["Rent ", "2026"]);
    let new = a_file("Rent_2026.pdf");
    let document = world.try_upload(content, new, None).await.unwrap();

    assert_eq!(world.document(document.id).await, document);
    assert_eq!(document.title.as_str(), "Rent 2026");
    assert_eq!(document.title_source, Source::File);
    assert_eq!(document.filename, "Rent_2026.pdf");
    assert_eq!(document.mime_type, MimeType::Pdf);
    assert_eq!(document.size_bytes, 9);
    assert_eq!(document.status, Status::Pending);
    assert_eq!((document.revision, document.content_version), (1, 1));
    assert_eq!(document.duplicate_of, None);

    let rows = world.store.object_rows();
    assert_eq!(world.object_states(), [ObjectState::Live]);
    assert_eq!(rows[0].document, document.id);
    assert_eq!(world.storage.keys(), [rows[0].key.clone()]);
    let prefix = format!("{OWNER}/{}/", document.id);
    assert!(rows[0].key.as_str().starts_with(&prefix), "an opaque name");
}

#[tokio::test]
async fn the_row_stands_before_the_bytes() {
    let world = World::new();
    let ticket = world.uploads.begin(&CALLER, MimeType::Pdf, None).await;
    let ticket = ticket.unwrap();
    let storing = world.store_all_but_the_end(&ticket, bytes(b"abc"));
    let storing = storing.await;

    assert_eq!(world.object_states(), [ObjectState::Writing]);
    assert_eq!(world.storage.keys(), [], "no byte is visible");
    assert_eq!(world.document_count().await, 0);

    world.storage.release();
    let stored = storing.await.unwrap().unwrap();
    assert_eq!(world.object_states(), [ObjectState::Writing]);
    assert_eq!(world.document_count().await, 0, "bytes are no document");

    let new = a_file("a.pdf");
    let finished = world.uploads.finish(&CALLER, ticket, &stored, new).await;
    assert_eq!(world.object_states(), [ObjectState::Live]);
    world.document(finished.unwrap().id).await;
}

#[tokio::test]
async fn an_upload_is_told_audited_and_queued_once() {
    let world = World::new();
    let mut events = world.listen().await;
    let document = world.upload("Rent").await;

    let created = EventBody::DocumentCreated {
        document: Box::new(document.clone()),
    };
    assert_eq!(events.received(), [created]);
    let lines = world.store.audit_lines();
    assert_eq!(world.audit(), [Action::DocumentUploaded]);
    assert_eq!(lines[0].resource, Resource::Document(document.id));
    assert_eq!(lines[0].actor_kind, "person");

    assert_eq!(world.open_jobs().await, 1);
    let lease = world.claim().await;
    assert_eq!(lease.job, Job::process(lease.job.id, &document));
    assert_eq!(world.transport.published(), [lease.job.id]);
}

#[tokio::test]
async fn an_upload_stands_though_nobody_can_be_told() {
    let world = World::new();
    world.transport.disconnect();
    let document = world.upload("Rent").await;
    assert_eq!(world.transport.published(), []);
    assert!(matches!(world.work().await, Outcome::Done));
    assert_eq!(world.document(document.id).await.status, Status::Ready);
}

#[tokio::test]
async fn a_title_of_the_persons_own_is_theirs() {
    let world = World::new();
    let mut new = a_file("scan0001.pdf");
    new.title = Some(Title::parse("Rent").unwrap());
    let document = world.try_upload(bytes(b"Rent"), new, None).await.unwrap();
    assert_eq!(document.title.as_str(), "Rent");
    assert_eq!(document.title_source, Source::User);
}

#[tokio::test]
async fn nothing_is_kept_when_the_store_fails() {
    for after in [0, 1, 6] {
        let world = World::new();
        let full = StorageError::QuotaExceeded("full".into());
        world.storage.break_next_put(after, full);
        let content = chunks(["Rent ", "2026"]);
        let upload = world.try_upload(content, a_file("a.pdf"), None).await;
        assert!(
            matches!(
                upload,
                Err(UploadError::Storage(StorageError::QuotaExceeded(_)))
            ),
            "{upload:?}"
        );
        assert_eq!(world.object_states(), [ObjectState::Deleting]);
        world.assert_nothing_kept().await;
    }
}

#[tokio::test]
async fn nothing_is_kept_when_the_sender_goes_away() {
    let world = World::new();
    let content = failing_stream(bytes(b"Rent"), StreamError::Aborted);
    let upload = world.try_upload(content, a_file("a.pdf"), None).await;
    assert!(matches!(upload, Err(UploadError::Aborted)), "{upload:?}");
    world.assert_nothing_kept().await;
}

#[tokio::test]
async fn nothing_is_kept_of_what_is_too_large() {
    let world = World::new();
    let content = failing_stream(bytes(b"Rent"), StreamError::TooLarge(4));
    let upload = world.try_upload(content, a_file("a.pdf"), None).await;
    assert!(
        matches!(upload, Err(UploadError::TooLarge(4))),
        "{upload:?}"
    );
    world.assert_nothing_kept().await;
}

#[tokio::test]
async fn nothing_is_kept_of_an_empty_file() {
    let world = World::new();
    let upload = world.try_upload(bytes(b""), a_file("a.pdf"), None).await;
    assert!(matches!(upload, Err(UploadError::Empty)), "{upload:?}");
    world.assert_nothing_kept().await;
}

#[tokio::test]
async fn nothing_is_kept_when_the_commit_fails() {
    let world = World::new();
    let mut events = world.listen().await;
    let uploads = &world.uploads;
    let ticket = uploads.begin(&CALLER, MimeType::Pdf, None).await.unwrap();
    let stored = uploads.store(&ticket, bytes(b"Rent"), None).await.unwrap();
    world.store.fail_next_commit(no_database());
    let finished = uploads
        .finish(&CALLER, ticket, &stored, a_file("a.pdf"))
        .await;
    assert!(
        matches!(finished, Err(UploadError::Port(_))),
        "{finished:?}"
    );
    assert_eq!(events.received(), [], "nobody hears of what is not");
    assert_eq!(world.transport.published(), []);
    assert_eq!(
        world.object_states(),
        [ObjectState::Deleting],
        "left to the sweep"
    );
    world.assert_nothing_kept().await;
}

#[tokio::test]
async fn a_crash_before_the_commit_is_swept_once_the_lease_ran_out() {
    let world = World::new();
    let uploads = &world.uploads;
    let ticket = uploads.begin(&CALLER, MimeType::Pdf, None).await.unwrap();
    uploads.store(&ticket, bytes(b"Rent"), None).await.unwrap();
    drop(ticket);
    world.clock.advance(LEASE + Duration::from_secs(1));
    world.assert_nothing_kept().await;
}

#[tokio::test]
async fn a_commit_that_happened_is_never_undone() {
    let world = World::new();
    let uploads = &world.uploads;
    let ticket = uploads.begin(&CALLER, MimeType::Pdf, None).await.unwrap();
    let stored = uploads.store(&ticket, bytes(b"Rent"), None).await.unwrap();
    let finished = uploads.finish(&CALLER, ticket.clone(), &stored, a_file("a.pdf"));
    let document = finished.await.unwrap();

    // As after a commit whose answer was lost on the way.
    uploads.abandon(&CALLER, &ticket).await;
    world.clock.advance(LEASE * 10);
    world.sweep.run().await.unwrap();

    assert_eq!(world.object_states(), [ObjectState::Live]);
    assert_eq!(world.storage.keys().len(), 1);
    let original = world.store.objects().original(document.id).await.unwrap();
    assert!(original.is_some());
    world.document(document.id).await;
}

#[tokio::test]
async fn an_upload_without_a_sign_of_life_expires_and_leaves_nothing() {
    let world = World::new();
    let uploads = &world.uploads;
    let ticket = uploads.begin(&CALLER, MimeType::Pdf, None).await.unwrap();
    let stored = uploads.store(&ticket, bytes(b"Rent"), None).await.unwrap();
    world.clock.advance(LEASE + Duration::from_secs(1));
    world.sweep.run().await.unwrap();
    assert_eq!(world.storage.keys(), []);

    let finished = uploads.finish(&CALLER, ticket, &stored, a_file("a.pdf"));
    let finished = finished.await;
    assert!(
        matches!(finished, Err(UploadError::Expired)),
        "{finished:?}"
    );
    world.assert_nothing_kept().await;
}

#[tokio::test]
async fn bytes_that_arrive_after_the_sweep_leave_nothing() {
    let world = World::new();
    let ticket = world.uploads.begin(&CALLER, MimeType::Pdf, None).await;
    let ticket = ticket.unwrap();
    let storing = world.store_all_but_the_end(&ticket, bytes(b"abc"));
    let storing = storing.await;
    world.clock.advance(LEASE + Duration::from_secs(1));
    world.sweep.run().await.unwrap();
    assert_eq!(world.object_states(), [], "swept before there was a byte");

    world.storage.release();
    let stored = storing.await.unwrap().unwrap();
    let new = a_file("a.pdf");
    let finished = world.uploads.finish(&CALLER, ticket, &stored, new).await;
    assert!(
        matches!(finished, Err(UploadError::Expired)),
        "{finished:?}"
    );
    world.assert_nothing_kept().await;
}

#[tokio::test]
async fn a_slow_upload_that_shows_life_is_not_swept() {
    let world = World::new();
    let uploads = &world.uploads;
    let ticket = uploads.begin(&CALLER, MimeType::Pdf, None).await.unwrap();
    for _ in 0..5 {
        world.clock.advance(LEASE / 3 * 2);
        uploads.keep_alive(&CALLER, &ticket).await.unwrap();
        world.sweep.run().await.unwrap();
        assert_eq!(world.object_states(), [ObjectState::Writing]);
    }
    let stored = uploads.store(&ticket, bytes(b"Rent"), None).await.unwrap();
    let finished = uploads.finish(&CALLER, ticket, &stored, a_file("a.pdf"));
    finished.await.unwrap();
    assert_eq!(world.object_states(), [ObjectState::Live]);
}

#[tokio::test]
async fn the_same_bytes_are_kept_twice_and_the_second_names_the_first() {
    let world = World::new();
    let first = world.upload("Rent").await;
    let second = world.upload("Rent").await;
    let other = world.upload("Something else").await;
    assert_eq!(second.duplicate_of, Some(first.id));
    assert_eq!(other.duplicate_of, None);
    assert_eq!(world.document_count().await, 3);
    assert_eq!(world.storage.keys().len(), 3, "bytes of their own");
}

#[tokio::test]
async fn the_same_bytes_are_refused_where_that_was_asked_for() {
    let world = World::new();
    let first = world.upload("Rent").await;
    let mut new = a_file("a.pdf");
    new.on_duplicate = OnDuplicate::Reject;
    let again = world.try_upload(bytes(b"Rent"), new.clone(), None).await;
    assert!(
        matches!(again, Err(UploadError::Duplicate(id)) if id == first.id),
        "{again:?}"
    );
    let other = world.try_upload(bytes(b"Else"), new, None).await;
    other.unwrap();

    world.sweep.run().await.unwrap();
    assert_eq!(world.document_count().await, 2);
    assert_eq!(world.object_states(), [ObjectState::Live; 2]);
    assert_eq!(world.storage.keys().len(), 2);
}

#[tokio::test]
async fn a_twin_in_the_trash_is_named_too() {
    let world = World::new();
    let twin = world.upload("Rent").await;
    world.change.trash(&CALLER, twin.id).await.unwrap();
    let mut new = a_file("a.pdf");
    new.on_duplicate = OnDuplicate::Reject;
    let refused = world.try_upload(bytes(b"Rent"), new, None).await;
    assert!(
        matches!(refused, Err(UploadError::Duplicate(id)) if id == twin.id),
        "{refused:?}"
    );
    let kept = world.upload("Rent").await;
    assert_eq!(kept.duplicate_of, Some(twin.id));
    assert_eq!(kept.trashed_at, None);

    let third = world.upload("Rent").await;
    assert_eq!(third.duplicate_of, Some(kept.id), "rather one in sight");
}

#[tokio::test]
async fn a_database_away_at_the_start_keeps_no_byte() {
    let world = World::new();
    let unavailable = PortError::transient("committing", "away");
    world.store.fail_next_commit(unavailable);
    let begun = world.uploads.begin(&CALLER, MimeType::Pdf, None).await;
    assert!(matches!(begun, Err(UploadError::Port(_))), "{begun:?}");
    world.assert_nothing_kept().await;
}

#[tokio::test]
async fn an_abandoned_row_is_swept_though_marking_it_failed() {
    let world = World::new();
    let uploads = &world.uploads;
    let ticket = uploads.begin(&CALLER, MimeType::Pdf, None).await.unwrap();
    uploads.store(&ticket, bytes(b"Rent"), None).await.unwrap();
    world.store.fail_next_commit(no_database());
    uploads.abandon(&CALLER, &ticket).await;
    assert_eq!(world.object_states(), [ObjectState::Writing]);

    world.clock.advance(LEASE + Duration::from_secs(1));
    world.storage.fail_next_delete(unavailable());
    world.sweep.run().await.unwrap();
    assert_eq!(world.storage.keys().len(), 1, "stays for now");
    world.assert_nothing_kept().await;
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_leaves_nothing() {
    let world = World::new();
    let (used_bytes, limit_bytes) = (90, 100);
    let quota = |used_bytes| Quota {
        used_bytes,
        limit_bytes,
    };
    world.store.set_quota(OWNER, quota(used_bytes));
    let refused = world.try_upload(bytes(b"eleven char"), a_file("a.pdf"), None);
    let refused = refused.await.unwrap_err();
    assert!(
        matches!(refused, UploadError::OverQuota(it) if it == quota(90)),
        "{refused:?}"
    );
    assert_eq!(world.document_count().await, 0);
    assert_eq!(world.object_states(), [ObjectState::Deleting]);
    let early = world.uploads.check_room(&CALLER, 11).await;
    assert!(matches!(early, Err(UploadError::OverQuota(_))), "{early:?}");
    world.uploads.check_room(&CALLER, 10).await.unwrap();

    let document = world.upload("ten chars!").await;
    let of = async || world.store.quotas().of(OWNER).await.unwrap();
    assert_eq!(of().await, Some(quota(100)));
    world.change.trash(&CALLER, document.id).await.unwrap();
    assert_eq!(of().await, Some(quota(100)), "the trash counts");
    world.change.delete(&CALLER, document.id).await.unwrap();
    assert_eq!(of().await, Some(quota(90)));
}
