use std::time::Duration;

use docuvault_domain::ids::InstanceId;
use docuvault_domain::ports::{DocumentFilter, Repos, Store};
use docuvault_domain::{FaultKind, Timestamp};
use docuvault_testkit::builders::{CALLER, a_document, add_owner};
use futures::future::join_all;
use uuid::Uuid;

use crate::support::{TestDatabase, on_both_engines, store_at};

on_both_engines!(
    a_dropped_unit_leaves_nothing,
    faults_have_their_kind,
    many_units_at_once_all_succeed,
    of_many_replicas_one_names_the_instance,
    a_closed_store_refuses,
);

const NOW: Timestamp = Timestamp::from_micros(1);

async fn a_dropped_unit_leaves_nothing(database: TestDatabase) {
    let database = database.migrated().await;
    let store = database.store().await;
    add_owner(&*store).await;
    let unit = store.begin().await.unwrap();
    unit.documents().add(&a_document().build()).await.unwrap();
    drop(unit);
    assert!(!store.instance().has_documents().await.unwrap());
    // The connection is usable again.
    let unit = store.begin().await.unwrap();
    unit.documents().add(&a_document().build()).await.unwrap();
    unit.commit().await.unwrap();
    assert!(store.instance().has_documents().await.unwrap());
}

async fn faults_have_their_kind(database: TestDatabase) {
    let database = database.migrated().await;
    let store = database.store().await;
    add_owner(&*store).await;
    let unit = store.begin().await.unwrap();
    unit.documents().add(&a_document().build()).await.unwrap();
    let again = unit.documents().add(&a_document().build()).await;
    assert_eq!(again.unwrap_err().kind, FaultKind::Conflict);
    drop(unit);
    let unit = store.begin().await.unwrap();
    let nowhere = a_document().build().id;
    let orphan = unit.documents().put_text(nowhere, &["x".to_owned()]).await;
    assert_eq!(orphan.unwrap_err().kind, FaultKind::Conflict);
}

async fn many_units_at_once_all_succeed(database: TestDatabase) {
    let database = database.migrated().await;
    let store = database.store().await;
    add_owner(&*store).await;
    let units = (1..=50).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let unit = store.begin().await.unwrap();
            let document = a_document().id(Uuid::from_u128(n)).build();
            unit.documents().add(&document).await.unwrap();
            unit.commit().await.unwrap();
        })
    });
    for unit in join_all(units).await {
        unit.unwrap();
    }
    let documents = store.documents();
    let count = documents.count(&CALLER, &DocumentFilter::default()).await;
    assert_eq!(count.unwrap(), 50);
}

async fn of_many_replicas_one_names_the_instance(database: TestDatabase) {
    let database = database.migrated().await;
    let claims = (1..=4).map(|n| {
        let url = database.url.clone();
        tokio::spawn(async move {
            let store = store_at(&url).await;
            let unit = store.begin().await.unwrap();
            let id = InstanceId(Uuid::from_u128(n));
            let named = unit.instance().claim(id, NOW).await.unwrap();
            unit.commit().await.unwrap();
            named
        })
    });
    let named = join_all(claims).await;
    let named = named.into_iter().filter(|named| *named.as_ref().unwrap());
    assert_eq!(named.count(), 1);
}

async fn a_closed_store_refuses(database: TestDatabase) {
    let database = database.migrated().await;
    let store = database.store().await;
    add_owner(&*store).await;
    store.close().await.unwrap();
    let begun = tokio::time::timeout(Duration::from_secs(10), store.begin()).await;
    let refused = begun.unwrap().err().unwrap();
    assert_eq!(refused.kind, FaultKind::Transient);
    assert!(store.check().await.is_err());
}

#[tokio::test]
async fn outside_of_a_unit_sqlite_refuses_to_write() {
    let database = TestDatabase::sqlite().migrated().await;
    let store = database.store().await;
    add_owner(&*store).await;
    let refused = store.documents().add(&a_document().build()).await;
    assert_eq!(refused.unwrap_err().kind, FaultKind::Permanent);
}
