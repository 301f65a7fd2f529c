//! A wrong volume or an empty bucket must not look like an empty vault.

use std::sync::Arc;

use docuvault_domain::Core;
use docuvault_domain::ids::InstanceId;
use docuvault_domain::instance::{InstanceError, VerifyInstance};
use docuvault_domain::ports::{ObjectKey, Repos, StorageBackend};
use docuvault_testkit::builders::{bytes, collect};
use docuvault_testkit::memory::{CountingIds, FixedClock, MemoryStorage, MemoryStore};
use futures::future::join_all;
use uuid::Uuid;

use crate::support::{World, no_database, unavailable};

impl World {
    fn instance(&self) -> VerifyInstance {
        VerifyInstance {
            core: self.core.clone(),
            storage: self.storage.clone(),
        }
    }

    async fn start(&self) -> Result<InstanceId, InstanceError> {
        self.instance().run().await
    }

    async fn database_id(&self) -> Option<InstanceId> {
        self.store.instance().id().await.unwrap()
    }
}

async fn put_marker(storage: &MemoryStorage, content: &str) {
    let key = ObjectKey::instance_marker();
    let put = storage.put(&key, bytes(content.as_bytes()), None).await;
    put.unwrap();
}

async fn marker(storage: &MemoryStorage) -> serde_json::Value {
    let key = ObjectKey::instance_marker();
    let stream = storage.get(&key, None).await.unwrap();
    let content = collect(stream).await.unwrap();
    serde_json::from_slice(&content).unwrap()
}

#[tokio::test]
async fn the_first_start_marks_database_and_store() {
    let world = World::new();
    let id = world.start().await.unwrap();
    assert_eq!(world.database_id().await, Some(id));
    let expected = serde_json::json!({ "instance_id": id });
    assert_eq!(marker(&world.storage).await, expected);
}

#[tokio::test]
async fn a_later_start_changes_nothing() {
    let world = World::new();
    let id = world.start().await.unwrap();
    world.upload("Rent").await;
    assert_eq!(world.start().await.unwrap(), id);
}

#[tokio::test]
async fn an_empty_store_under_documents_is_refused() {
    let world = World::new();
    world.start().await.unwrap();
    world.upload("Rent").await;
    let key = ObjectKey::instance_marker();
    world.storage.delete(&key).await.unwrap();
    let started = world.start().await;
    assert!(
        matches!(started, Err(InstanceError::EmptyStore)),
        "{started:?}"
    );
    assert_eq!(world.storage.stat(&key).await.unwrap(), None, "no new mark");
}

#[tokio::test]
async fn an_empty_store_without_documents_is_marked_again() {
    let world = World::new();
    let id = world.start().await.unwrap();
    let key = ObjectKey::instance_marker();
    world.storage.delete(&key).await.unwrap();
    assert_eq!(world.start().await.unwrap(), id);
    assert_eq!(marker(&world.storage).await["instance_id"], id.to_string());
}

#[tokio::test]
async fn the_store_of_another_installation_is_refused() {
    for with_documents in [false, true] {
        let world = World::new();
        let id = world.start().await.unwrap();
        if with_documents {
            world.upload("Rent").await;
        }
        let other = InstanceId(Uuid::from_u128(7));
        let content = format!(r#"{{"instance_id":"{other}"}}"#);
        put_marker(&world.storage, &content).await;
        let started = world.start().await;
        assert!(
            matches!(
                started,
                Err(InstanceError::Mismatch { database, store }) if database == id && store == other
            ),
            "{started:?}"
        );
        assert_eq!(
            marker(&world.storage).await["instance_id"],
            other.to_string()
        );
    }
}

#[tokio::test]
async fn an_empty_database_under_a_marked_store_is_refused() {
    let world = World::new();
    let other = InstanceId(Uuid::from_u128(7));
    let content = format!(r#"{{"instance_id":"{other}"}}"#);
    put_marker(&world.storage, &content).await;
    let started = world.start().await;
    assert!(
        matches!(started, Err(InstanceError::EmptyDatabase(store)) if store == other),
        "{started:?}"
    );
    assert_eq!(world.database_id().await, None, "not claimed");
    assert_eq!(world.topic_names().await, [""; 0]);
}

#[tokio::test]
async fn a_damaged_marker_is_refused() {
    for content in ["", "{", "{}", r#"{"instance_id":"x"}"#, "\0\0\0"] {
        let world = World::new();
        world.start().await.unwrap();
        put_marker(&world.storage, content).await;
        let started = world.start().await;
        assert!(
            matches!(started, Err(InstanceError::DamagedMarker(_))),
            "{content:?} {started:?}"
        );
    }
}

#[tokio::test]
async fn a_start_that_died_half_way_is_finished_by_the_next() {
    let world = World::new();
    world.storage.fail_next_put(unavailable());
    let started = world.start().await;
    assert!(
        matches!(started, Err(InstanceError::Storage(_))),
        "{started:?}"
    );
    let id = world.database_id().await.unwrap();
    assert_eq!(world.start().await.unwrap(), id);
    assert_eq!(marker(&world.storage).await["instance_id"], id.to_string());
}

#[tokio::test]
async fn a_start_that_was_not_committed_leaves_nothing() {
    let world = World::new();
    world.store.fail_next_commit(no_database());
    let started = world.start().await;
    assert!(
        matches!(started, Err(InstanceError::Port(_))),
        "{started:?}"
    );
    assert_eq!(world.database_id().await, None);
    assert_eq!(world.storage.keys(), []);
    world.start().await.unwrap();
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_not_taken_for_an_empty_one() {
    let world = World::new();
    let id = world.start().await.unwrap();
    world.storage.fail_next_get(unavailable());
    let started = world.start().await;
    assert!(
        matches!(started, Err(InstanceError::Storage(_))),
        "{started:?}"
    );
    assert_eq!(world.start().await.unwrap(), id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_first_starts_agree() {
    for _ in 0..50 {
        let (store, storage) = (Arc::new(MemoryStore::new()), Arc::new(MemoryStorage::new()));
        let ids = Arc::new(CountingIds::new());
        let core = Core {
            store: store.clone(),
            clock: Arc::new(FixedClock::default()),
            ids,
        };
        let starts = (0..8).map(|_| {
            let instance = VerifyInstance {
                core: core.clone(),
                storage: storage.clone(),
            };
            tokio::spawn(async move { instance.run().await })
        });
        let started = join_all(starts).await.into_iter();
        let started: Vec<_> = started.map(|id| id.unwrap().unwrap()).collect();
        let id = store.instance().id().await.unwrap().unwrap();
        assert_eq!(started, [id; 8]);
        assert_eq!(marker(&storage).await["instance_id"], id.to_string());
    }
}
