//! Suite of [`StorageBackend`]. Works under keys of its own and removes what it stored, so it may
//! run on a store that holds other objects; the instance marker is replaced and removed.

use std::sync::Arc;

use docuvault_domain::documents::MimeType;
use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::{ObjectKey, StorageBackend, StorageError};

use super::fixtures::unique;
use super::report::run_cases;
use crate::builders::{OWNER, collect};
use content::Content;

mod absence;
mod content;
mod objects;

type Backend = Arc<dyn StorageBackend>;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Holds `backend` to the contract.
///
/// # Panics
/// When a case does not hold; the message names all that did not.
pub async fn run(backend: Backend) {
    run_cases!(
        "storage",
        &backend,
        [
            objects::round_trips,
            objects::round_trip_of_20_mib,
            objects::empty_pieces_are_nothing,
            objects::a_wrong_size_hint_does_no_harm,
            objects::ranges,
            absence::absent_is_not_found_before_streaming,
            objects::stat_tells_the_size,
            absence::delete_twice,
            absence::delete_leaves_the_neighbour,
            absence::broken_source_leaves_nothing,
            absence::dropped_put_leaves_nothing,
            absence::discard_removes_a_whole_object,
            objects::marker_is_replaced,
            objects::a_download_may_be_dropped,
            objects::parallel_puts_and_gets,
            objects::presign_answers,
            check_answers,
        ]
    );
}

fn fresh_key() -> ObjectKey {
    ObjectKey::original(OWNER, DocumentId(unique()), unique(), MimeType::Pdf)
}

async fn put(backend: &Backend, key: &ObjectKey, content: &Content) {
    let stored = backend
        .put(key, content.stream(), Some(content.size()))
        .await
        .unwrap();
    assert_eq!(stored, content.stored(), "what put says it wrote");
}

async fn get(backend: &Backend, key: &ObjectKey) -> Vec<u8> {
    let stream = backend.get(key, None).await.unwrap();
    collect(stream).await.unwrap()
}

async fn assert_absent(backend: &Backend, key: &ObjectKey) {
    assert_eq!(backend.stat(key).await.unwrap(), None, "stat of {key}");
    match backend.get(key, None).await {
        Err(StorageError::NotFound) => {}
        Err(other) => panic!("get of an absent object failed with {other:?}"),
        Ok(_) => panic!("get of an absent object found something"),
    }
}

async fn check_answers(backend: &Backend) {
    backend.check().await.unwrap();
}
