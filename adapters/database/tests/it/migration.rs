use std::time::Duration;

use docuvault_domain::ports::Store;
use futures::future::join_all;
use sea_orm::{ConnectionTrait, Statement};

use crate::support::{TestDatabase, on_both_engines, store_at};

on_both_engines!(
    four_replicas_start_together,
    an_unmigrated_database_is_told,
    a_failed_step_leaves_nothing,
);

async fn four_replicas_start_together(database: TestDatabase) {
    let starts = (0..4).map(|_| {
        let url = database.url.clone();
        tokio::spawn(async move { docuvault_migration::run(&url, None).await })
    });
    for outcome in join_all(starts).await {
        outcome.unwrap().unwrap();
    }
    database.store().await.check().await.unwrap();
    // Once more changes nothing.
    docuvault_migration::run(&database.url, None).await.unwrap();
}

async fn an_unmigrated_database_is_told(database: TestDatabase) {
    let database = database.migrated().await;
    let store = store_at(&database.url).await;
    store.check().await.unwrap();
    let db = database.raw().await;
    let forget = "DELETE FROM seaql_migrations WHERE version = $1";
    let latest = docuvault_migration::latest().into();
    let forget = Statement::from_sql_and_values(db.get_database_backend(), forget, [latest]);
    assert_eq!(db.execute_raw(forget).await.unwrap().rows_affected(), 1);
    assert!(store.check().await.is_err());
}

async fn a_failed_step_leaves_nothing(database: TestDatabase) {
    let db = database.raw().await;
    // In the way of a late step.
    db.execute_unprepared("CREATE TABLE jobs (id int)")
        .await
        .unwrap();
    let failed = docuvault_migration::run(&database.url, None).await;
    assert!(matches!(
        failed,
        Err(docuvault_migration::MigrationError::Step(_))
    ));
    assert!(db.execute_unprepared("SELECT * FROM users").await.is_err());
    db.execute_unprepared("DROP TABLE jobs").await.unwrap();
    docuvault_migration::run(&database.url, None).await.unwrap();
}

#[tokio::test]
async fn an_unreachable_server_is_told() {
    let run = docuvault_migration::run("postgres://nobody@127.0.0.1:1/none", None);
    let outcome = tokio::time::timeout(Duration::from_mins(1), run).await;
    assert!(matches!(
        outcome.unwrap(),
        Err(docuvault_migration::MigrationError::Connect(_))
    ));
}
