//! What is not there: never was, was removed, or was never whole.

use docuvault_domain::documents::MimeType;
use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::{ByteRange, ObjectKey, StorageError, StreamError};
use futures::future::{Either, select};

use super::{Backend, Content, MIB, assert_absent, fresh_key, get, put, unique};
use crate::builders::{OWNER, bytes, failing_stream, stalling_stream};

pub(super) async fn absent_is_not_found_before_streaming(backend: &Backend) {
    let key = fresh_key();
    assert_absent(backend, &key).await;
    let range = ByteRange { start: 0, end: 0 };
    let part = backend.get(&key, Some(range)).await.map(|_| ());
    assert!(matches!(part, Err(StorageError::NotFound)), "{part:?}");
}

pub(super) async fn delete_twice(backend: &Backend) {
    let (key, content) = (fresh_key(), Content::of(100));
    put(backend, &key, &content).await;
    backend.delete(&key).await.unwrap();
    assert_absent(backend, &key).await;
    backend.delete(&key).await.unwrap();
}

pub(super) async fn delete_leaves_the_neighbour(backend: &Backend) {
    let document = DocumentId(unique());
    let key = || ObjectKey::original(OWNER, document, unique(), MimeType::Text);
    let (gone, stays, content) = (key(), key(), Content::of(100));
    put(backend, &gone, &content).await;
    put(backend, &stays, &content).await;
    backend.delete(&gone).await.unwrap();
    assert_absent(backend, &gone).await;
    content.assert_same(&get(backend, &stays).await);
    backend.delete(&stays).await.unwrap();
}

pub(super) async fn broken_source_leaves_nothing(backend: &Backend) {
    for size in [0, 1_000, 9 * MIB, 20 * MIB] {
        let (key, content) = (fresh_key(), Content::of(size));
        let source = failing_stream(content.stream(), StreamError::Aborted);
        let hint = Some(content.size() + 1_000);
        match backend.put(&key, source, hint).await {
            Err(StorageError::Source(StreamError::Aborted)) => {}
            other => panic!("put that broke off after {size} bytes gave {other:?}"),
        }
        assert_absent(backend, &key).await;
        backend.discard(&key).await.unwrap();
        assert_absent(backend, &key).await;
    }

    let key = fresh_key();
    let source = failing_stream(bytes(b"abc"), StreamError::TooLarge(3));
    match backend.put(&key, source, None).await {
        Err(StorageError::Source(StreamError::TooLarge(3))) => {}
        other => panic!("the source's own error must come back, not {other:?}"),
    }
    backend.discard(&key).await.unwrap();
}

pub(super) async fn dropped_put_leaves_nothing(backend: &Backend) {
    for size in [100, 9 * MIB, 20 * MIB] {
        let (key, content) = (fresh_key(), Content::of(size));
        let (source, all_read) = stalling_stream(content.stream());
        match select(backend.put(&key, source, None), all_read).await {
            Either::Left((done, _)) => panic!("put ended before its source: {done:?}"),
            Either::Right((heard, put)) => {
                heard.unwrap();
                drop(put);
            }
        }
        assert_absent(backend, &key).await;
        backend.discard(&key).await.unwrap();
        backend.discard(&key).await.unwrap();
        assert_absent(backend, &key).await;
    }
}

pub(super) async fn discard_removes_a_whole_object(backend: &Backend) {
    let key = fresh_key();
    backend.discard(&key).await.unwrap();
    put(backend, &key, &Content::of(100)).await;
    backend.discard(&key).await.unwrap();
    assert_absent(backend, &key).await;
}
