//! What the in-memory ports do beyond their contracts, since other tests rely on it.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::documents::{MimeType, Source};
use docuvault_domain::ports::{
    Classification, Classifier, Clock, ContentTypes, ExtractError, ObjectKey, Reading, Repos,
    StorageBackend, StorageError, Store, StreamError, TextExtractor, TextSource,
};
use docuvault_domain::{FaultKind, PortError};
use docuvault_testkit::builders::{CALLER, a_document, bytes, chunks, collect, failing_stream};
use docuvault_testkit::memory::{
    FakeClassifier, FakeContentTypes, FakeExtractor, FixedClock, MemoryStorage, MemoryStore,
};

fn key() -> ObjectKey {
    ObjectKey::instance_marker()
}

#[tokio::test]
async fn storage_fails_once_as_told() {
    let storage = MemoryStorage::new();
    storage.fail_next_put(StorageError::QuotaExceeded("full".into()));
    let put = storage.put(&key(), bytes(b"abc"), None).await;
    assert!(matches!(put, Err(StorageError::QuotaExceeded(_))));

    storage.break_next_put(3, StorageError::Transient("away".into()));
    let put = storage.put(&key(), chunks(["ab", "cd", "ef"]), None).await;
    assert!(matches!(put, Err(StorageError::Transient(_))));
    assert_eq!(storage.keys(), []);

    storage.put(&key(), bytes(b"abc"), None).await.unwrap();
    storage.fail_next_get(StorageError::NotFound);
    assert!(storage.get(&key(), None).await.is_err());

    storage.break_next_get(2, StreamError::Aborted);
    let stream = storage.get(&key(), None).await.unwrap();
    assert!(matches!(collect(stream).await, Err(StreamError::Aborted)));

    storage.fail_next_delete(StorageError::Transient("away".into()));
    assert!(storage.delete(&key()).await.is_err());
    assert_eq!(storage.keys(), [key()]);
    storage.delete(&key()).await.unwrap();
    assert_eq!(storage.keys(), []);
}

#[tokio::test]
async fn storage_is_held_until_released() {
    let storage = Arc::new(MemoryStorage::new());
    storage.hold();
    let held = Arc::clone(&storage);
    let put = tokio::spawn(async move { held.put(&key(), bytes(b"abc"), None).await });
    storage.until_waiting().await;
    assert_eq!(storage.keys(), [], "not visible yet");
    storage.release();
    put.await.unwrap().unwrap();
    assert_eq!(storage.keys(), [key()]);
}

#[tokio::test]
async fn a_store_writes_in_units_only() {
    let store = MemoryStore::new();
    let document = a_document().build();
    let outside = store.documents().add(&document).await;
    assert_eq!(outside.unwrap_err().kind, FaultKind::Permanent);

    let unit = store.begin().await.unwrap();
    unit.documents().add(&document).await.unwrap();
    unit.commit().await.unwrap();
    let unit = store.begin().await.unwrap();
    let unlocked = unit.documents().update(&document).await;
    assert_eq!(unlocked.unwrap_err().kind, FaultKind::Permanent);
}

#[tokio::test]
async fn a_store_fails_to_commit_as_told() {
    let store = MemoryStore::new();
    store.fail_next_commit(PortError::transient("committing", "connection lost"));
    let document = a_document().build();
    for committed in [false, true] {
        let unit = store.begin().await.unwrap();
        unit.documents().add(&document).await.unwrap();
        assert_eq!(unit.commit().await.is_ok(), committed);
        let found = store.documents().find(&CALLER, document.id).await;
        assert_eq!(found.unwrap().is_some(), committed);
    }
}

#[tokio::test]
async fn the_extractor_answers_in_order() {
    let source = |bytes| TextSource {
        mime: MimeType::Text,
        size: 3,
        bytes,
        thumbnail: false,
    };
    let extractor = FakeExtractor::new();
    extractor.answer(Err(ExtractError::Unsupported));
    let first = extractor.extract(source(bytes(b"abc"))).await;
    assert!(matches!(first, Err(ExtractError::Unsupported)));
    let second = extractor.extract(source(bytes(b"def"))).await.unwrap();
    let expected = Reading {
        pages: vec!["def".to_owned()],
        ..Reading::default()
    };
    assert_eq!(second, expected);
    let broken = failing_stream(bytes(b"x"), StreamError::Aborted);
    let third = extractor.extract(source(broken)).await;
    assert!(matches!(third, Err(ExtractError::Port(_))));
    let seen = [b"abc", b"def"].map(|bytes| (MimeType::Text, bytes.to_vec()));
    assert_eq!(extractor.seen(), seen);
}

#[tokio::test]
async fn the_classifier_answers_in_order() {
    use docuvault_domain::learning::Learned;
    use docuvault_domain::ports::{ClassifyRequest, Properties};
    let classifier = FakeClassifier::new(Source::Ai);
    let answer = Classification {
        title: Some("Rent".to_owned()),
        ..Classification::default()
    };
    classifier.answer(Ok(answer.clone()));
    let request = ClassifyRequest {
        pages: &["text".to_owned()],
        filename: "a.pdf",
        language: Some("en"),
        properties: &Properties::default(),
        topics: &[],
        learned: &Learned::default(),
        today: time::macros::date!(2026 - 03 - 01),
    };
    assert_eq!(classifier.classify(request.clone()).await.unwrap(), answer);
    let silent = classifier.classify(request).await.unwrap();
    assert_eq!(silent, Classification::default());
    assert_eq!(classifier.seen().len(), 2);
    assert_eq!(classifier.seen()[0].pages, ["text"]);
    assert_eq!(classifier.source(), Source::Ai);
}

#[test]
fn clock_and_content_types() {
    let clock = FixedClock::default();
    assert_eq!(clock.now().to_rfc3339(), "2026-03-01T12:00:00Z");
    assert_eq!(clock.now(), a_document().build().created_at);
    clock.advance(Duration::from_secs(90));
    assert_eq!(clock.now().to_rfc3339(), "2026-03-01T12:01:30Z");

    assert_eq!(
        FakeContentTypes.detect(b"", "a.md"),
        Some(MimeType::Markdown)
    );
    assert_eq!(FakeContentTypes.detect(b"", "a.exe"), None);
}
