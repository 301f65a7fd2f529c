//! Both stores hold the contract of the port.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use std::sync::Arc;

use docuvault_storage::FilesystemStorage;
use docuvault_testkit::conformance;

#[expect(dead_code, reason = "other tests use the rest")]
mod support;

#[tokio::test]
async fn the_filesystem_conforms() {
    let dir = tempfile::tempdir().unwrap();
    let storage = FilesystemStorage::open(dir.path().join("objects"));
    conformance::storage::run(Arc::new(storage.await.unwrap())).await;
}

#[tokio::test]
async fn an_s3_server_conforms() {
    conformance::storage::run(Arc::new(support::s3_storage().await)).await;
}
