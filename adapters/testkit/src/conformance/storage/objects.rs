//! What is stored, and how it comes back.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::ports::{ByteRange, Disposition, ObjectKey};
use futures::StreamExt;
use futures::future::join_all;

use super::{Backend, Content, KIB, MIB, fresh_key, get, put};
use crate::builders::{bytes, chunks, collect};

pub(super) async fn round_trips(backend: &Backend) {
    let sizes = [
        0,
        1,
        64 * KIB - 1,
        64 * KIB,
        64 * KIB + 1,
        8 * MIB - 1,
        8 * MIB,
        8 * MIB + 1,
    ];
    for size in sizes {
        for hinted in [true, false] {
            let (key, content) = (fresh_key(), Content::of(size));
            let hint = hinted.then(|| content.size());
            let stored = backend.put(&key, content.stream(), hint).await.unwrap();
            assert_eq!(stored, content.stored(), "{size} bytes, hinted: {hinted}");
            content.assert_same(&get(backend, &key).await);
            backend.delete(&key).await.unwrap();
        }
    }
}

pub(super) async fn round_trip_of_20_mib(backend: &Backend) {
    let (key, content) = (fresh_key(), Content::of(20 * MIB));
    let stored = backend.put(&key, content.stream(), None).await.unwrap();
    assert_eq!(stored, content.stored());
    assert_eq!(backend.stat(&key).await.unwrap(), Some(content.size()));
    content.assert_same(&get(backend, &key).await);

    // Over the edge of two parts, where parts are what the store takes.
    let (start, end) = (8 * MIB - 10, 8 * MIB + 9);
    assert_range(backend, &key, &content, start, end).await;
    backend.delete(&key).await.unwrap();
}

pub(super) async fn empty_pieces_are_nothing(backend: &Backend) {
    let key = fresh_key();
    let pieces = chunks([&b""[..], b"one", b"", b"two", b""]);
    let stored = backend.put(&key, pieces, Some(6)).await.unwrap();
    assert_eq!(stored.size, 6);
    assert_eq!(get(backend, &key).await, b"onetwo");
    backend.delete(&key).await.unwrap();
}

pub(super) async fn a_wrong_size_hint_does_no_harm(backend: &Backend) {
    let content = Content::of(100 * KIB);
    for hint in [1, 50 * KIB, 30 * MIB] {
        let key = fresh_key();
        let hint = u64::try_from(hint).unwrap();
        let stored = backend
            .put(&key, content.stream(), Some(hint))
            .await
            .unwrap();
        assert_eq!(stored, content.stored(), "hint {hint}");
        content.assert_same(&get(backend, &key).await);
        backend.delete(&key).await.unwrap();
    }
}

async fn assert_range(
    backend: &Backend,
    key: &ObjectKey,
    content: &Content,
    start: usize,
    end: usize,
) {
    let range = ByteRange {
        start: u64::try_from(start).unwrap(),
        end: u64::try_from(end).unwrap(),
    };
    let stream = backend.get(key, Some(range)).await.unwrap();
    let part = collect(stream).await.unwrap();
    assert!(
        part == content.bytes()[start..=end],
        "{range:?} of {} bytes gave {} other bytes",
        content.size(),
        part.len()
    );
}

pub(super) async fn ranges(backend: &Backend) {
    let (key, content) = (fresh_key(), Content::of(200_000));
    put(backend, &key, &content).await;
    let last = content.bytes().len() - 1;
    for (start, end) in [
        (0, 0),
        (last, last),
        (1_000, 150_000),
        (65_536, 65_536),
        (last - 9, last),
        (0, last),
    ] {
        assert_range(backend, &key, &content, start, end).await;
    }
    backend.delete(&key).await.unwrap();
}

pub(super) async fn stat_tells_the_size(backend: &Backend) {
    let (key, content) = (fresh_key(), Content::of(12_345));
    assert_eq!(backend.stat(&key).await.unwrap(), None);
    put(backend, &key, &content).await;
    assert_eq!(backend.stat(&key).await.unwrap(), Some(12_345));
    backend.delete(&key).await.unwrap();
}

pub(super) async fn marker_is_replaced(backend: &Backend) {
    let key = ObjectKey::instance_marker();
    for content in [&b"the first one, a little longer"[..], b"the second"] {
        backend.put(&key, bytes(content), None).await.unwrap();
        assert_eq!(get(backend, &key).await, content);
    }
    backend.delete(&key).await.unwrap();
}

pub(super) async fn a_download_may_be_dropped(backend: &Backend) {
    let (key, content) = (fresh_key(), Content::of(9 * MIB));
    put(backend, &key, &content).await;
    let mut stream = backend.get(&key, None).await.unwrap();
    let first = stream.next().await.unwrap().unwrap();
    assert!(content.bytes().starts_with(&first));
    assert!(first.len() < content.bytes().len(), "memory is bounded");
    drop(stream);
    content.assert_same(&get(backend, &key).await);
    backend.delete(&key).await.unwrap();
}

pub(super) async fn parallel_puts_and_gets(backend: &Backend) {
    let objects: Vec<_> = (0..16)
        .map(|n| (fresh_key(), Content::of(100 * KIB + n)))
        .collect();
    let tasks = objects.into_iter().map(|(key, content)| {
        let backend = Arc::clone(backend);
        tokio::spawn(async move {
            put(&backend, &key, &content).await;
            content.assert_same(&get(&backend, &key).await);
            (key, content)
        })
    });
    let objects: Vec<_> = join_all(tasks)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    for (key, content) in objects {
        content.assert_same(&get(backend, &key).await);
        backend.delete(&key).await.unwrap();
    }
}

pub(super) async fn presign_answers(backend: &Backend) {
    let key = fresh_key();
    put(backend, &key, &Content::of(100)).await;
    let named = Disposition::Attachment("Mietvertrag „Süd“ 50%.pdf".to_owned());
    for disposition in [Disposition::Inline, named] {
        let url = backend
            .presign_get(&key, Duration::from_mins(1), &disposition)
            .await
            .unwrap();
        if let Some(url) = url {
            assert!(url.starts_with("http"), "{url}");
        }
    }
    backend.delete(&key).await.unwrap();
}
