//! What the filesystem store leaves on the disk, and what it refuses.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use docuvault_domain::ports::{ByteRange, StorageBackend, StorageError, StreamError};
use docuvault_storage::FilesystemStorage;
use docuvault_testkit::builders::{OWNER, bytes, chunks, collect, failing_stream, stalling_stream};
use futures::future::{Either, select};
use support::key;
use tempfile::TempDir;

#[expect(dead_code, reason = "other tests use the rest")]
mod support;

async fn storage() -> (TempDir, FilesystemStorage) {
    let dir = tempfile::tempdir().unwrap();
    let storage = FilesystemStorage::open(dir.path()).await.unwrap();
    (dir, storage)
}

/// Everything below a directory but the owner's directory, which stays.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        }
        if path != dir.join(OWNER.to_string()) {
            found.push(path);
        }
    }
    found
}

/// More than one block and not a multiple of it.
fn large() -> Vec<Vec<u8>> {
    vec![vec![7; 60_000]; 9]
}

#[tokio::test]
async fn an_object_is_a_file_that_only_we_can_read() {
    let (dir, storage) = storage().await;
    storage.put(&key(1), bytes(b"hello"), None).await.unwrap();
    let path = dir.path().join(key(1).as_str());
    assert_eq!(fs::read(&path).unwrap(), b"hello");

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    let document = path.parent().unwrap();
    assert_eq!(mode(document), 0o700);
    assert_eq!(mode(document.parent().unwrap()), 0o700);
    assert_eq!(files(document), [path]);
}

#[tokio::test]
async fn the_directory_of_a_document_goes_with_its_last_object() {
    let (dir, storage) = storage().await;
    storage.put(&key(1), bytes(b"hello"), None).await.unwrap();
    storage.delete(&key(1)).await.unwrap();
    assert_eq!(files(dir.path()), Vec::<PathBuf>::new());
    assert!(dir.path().join(OWNER.to_string()).is_dir());
}

#[tokio::test]
async fn a_broken_source_leaves_no_file() {
    let (dir, storage) = storage().await;
    let source = failing_stream(chunks(large()), StreamError::Aborted);
    let result = storage.put(&key(1), source, None).await;
    assert!(matches!(result, Err(StorageError::Source(_))), "{result:?}");
    assert_eq!(files(dir.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_dropped_put_removes_what_it_wrote() {
    let (dir, storage) = storage().await;
    let (source, all_read) = stalling_stream(chunks(large()));
    match select(storage.put(&key(1), source, None), all_read).await {
        Either::Left((done, _)) => panic!("put ended before its source: {done:?}"),
        Either::Right((_, put)) => drop(put),
    }
    // Blocking tasks end before the runtime does; here the next one only shows progress.
    while !files(dir.path()).is_empty() {
        storage.check().await.unwrap();
    }
}

#[tokio::test]
async fn discard_removes_what_a_crash_left() {
    let (dir, storage) = storage().await;
    let object = dir.path().join(key(1).as_str());
    let file = object.file_name().unwrap().to_str().unwrap();
    let part = object.with_file_name(format!(".{file}.part"));
    fs::create_dir_all(part.parent().unwrap()).unwrap();
    fs::write(&part, b"half").unwrap();

    assert_eq!(storage.stat(&key(1)).await.unwrap(), None);
    storage.discard(&key(1)).await.unwrap();
    assert_eq!(files(dir.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_range_beyond_the_end_is_refused() {
    let (_dir, storage) = storage().await;
    storage.put(&key(1), bytes(b"hello"), None).await.unwrap();
    for (start, end) in [(0, 5), (5, 5), (3, 2)] {
        let range = Some(ByteRange { start, end });
        let result = storage.get(&key(1), range).await.map(|_| ());
        assert!(
            matches!(result, Err(StorageError::Permanent(_))),
            "{range:?}: {result:?}"
        );
    }
}

#[tokio::test]
async fn a_file_that_shrinks_breaks_the_download() {
    let (dir, storage) = storage().await;
    // More than the first trip to the disk brings.
    let content = vec![vec![7; 60_000]; 30];
    storage.put(&key(1), chunks(content), None).await.unwrap();
    let download = storage.get(&key(1), None).await.unwrap();
    let file = fs::OpenOptions::new()
        .write(true)
        .open(dir.path().join(key(1).as_str()));
    file.unwrap().set_len(200_000).unwrap();
    let result = collect(download).await.map(|bytes| bytes.len());
    assert!(matches!(result, Err(StreamError::Failed(_))), "{result:?}");
}

#[tokio::test]
async fn check_fails_when_the_root_is_gone() {
    let (dir, storage) = storage().await;
    storage.check().await.unwrap();
    assert_eq!(files(dir.path()), Vec::<PathBuf>::new());
    dir.close().unwrap();
    storage.check().await.unwrap_err();
}
