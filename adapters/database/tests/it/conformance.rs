use std::cell::RefCell;
use std::sync::Arc;

use docuvault_domain::ports::Store;
use docuvault_testkit::conformance;

use crate::roles::with_app_role;
use crate::support::{TestDatabase, store_at};

// The suites hold the future of a fresh subject once for each of its many cases: they are boxed.

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn store_on_sqlite() {
    let databases = RefCell::new(Vec::new());
    conformance::store::run(async || {
        let database = Box::pin(TestDatabase::sqlite().migrated()).await;
        let store: Arc<dyn Store> = Box::pin(database.store()).await;
        // Its directory lives as long as the suite.
        databases.borrow_mut().push(database);
        store
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn store_on_postgres() {
    conformance::store::run(async || {
        let database = Box::pin(async { TestDatabase::postgres().await.migrated().await }).await;
        let store: Arc<dyn Store> = Box::pin(database.store()).await;
        store
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn store_on_postgres_as_the_app_role() {
    conformance::store::run(async || {
        let (_, url) = Box::pin(with_app_role()).await;
        let store: Arc<dyn Store> = Box::pin(store_at(&url)).await;
        store
    })
    .await;
}
