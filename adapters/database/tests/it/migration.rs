use std::time::Duration;

use docuvault_domain::ports::{DocumentQuery, PasswordHash, Repos as _, Store};
use docuvault_domain::{Caller, Timestamp};
use docuvault_testkit::builders::a_user;
use futures::future::join_all;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::support::{TestDatabase, on_both_engines, store_at};

on_both_engines!(
    four_replicas_start_together,
    an_unmigrated_database_is_told,
    a_failed_step_leaves_nothing,
    what_was_kept_before_accounts_goes_to_the_first_person,
    an_empty_vault_has_no_unclaimed_account,
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

/// The step before accounts were given everything.
const BEFORE_OWNERS: u32 = 8;

/// A document of 1,234 bytes with its text, picture, topic and audit line, and nobody's.
fn kept_before(engine: DbBackend) -> String {
    let id = |n: u32| match engine {
        DbBackend::Sqlite => format!("x'{n:032x}'"),
        _ => format!("'{n:032x}'"),
    };
    let (instance, document, topic) = (id(1), id(2), id(4));
    let (original, picture, line) = (id(5), id(6), id(7));
    format!(
        "INSERT INTO instance (id, created_at) VALUES ({instance}, 1);
         INSERT INTO topics (id, name, name_key, description, hue, created_at, updated_at)
             VALUES ({topic}, 'Rent', 'rent', '', 1, 1, 1);
         INSERT INTO documents (id, title, title_source, filename, mime_type, size_bytes, sha256, status,
             storage, revision, content_version, created_at, updated_at, has_thumbnail)
             VALUES ({document}, 'A', 'file', 'a.pdf', 'application/pdf', 1234, '{hash}', 'ready',
             'filesystem', 1, 1, 1, 1, TRUE);
         INSERT INTO document_topics (document_id, topic_id, state, source, created_at)
             VALUES ({document}, {topic}, 'applied', 'user', 1);
         INSERT INTO document_texts (document_id, part, body) VALUES ({document}, 0, 'a text');
         INSERT INTO objects (id, document_id, kind, key, storage, state, created_at, updated_at) VALUES
             ({original}, {document}, 'original', '_/2/3.pdf', 'filesystem', 'live', 1, 1),
             ({picture}, {document}, 'thumbnail', '_/2/4.webp', 'filesystem', 'live', 1, 1);
         INSERT INTO audit_log (id, at, actor_kind, action, resource_kind, resource_id, outcome)
             VALUES ({line}, 1, 'local', 'document.uploaded', 'document', {document}, 'ok');",
        hash = "0".repeat(64),
    )
}

async fn what_was_kept_before_accounts_goes_to_the_first_person(database: TestDatabase) {
    docuvault_migration::run_steps(&database.url, BEFORE_OWNERS)
        .await
        .unwrap();
    let db = database.raw().await;
    db.execute_unprepared(&kept_before(db.get_database_backend()))
        .await
        .unwrap();
    docuvault_migration::run(&database.url, None).await.unwrap();

    let store = database.store().await;
    assert!(!store.users().any().await.unwrap(), "nobody has an account");
    let before = store.users().unclaimed().await.unwrap().unwrap();
    assert_eq!(store.users().find_by_login("").await.unwrap(), None);
    let unit = store.begin().await.unwrap();
    let ada = a_user(before.0, "ada", Timestamp::from_micros(5));
    let password = PasswordHash("hash".to_owned());
    unit.users().add(&ada, &password, 1_000).await.unwrap();
    unit.commit().await.unwrap();
    assert_eq!(store.users().unclaimed().await.unwrap(), None);
    let found = store.users().find_by_login("ada").await.unwrap();
    assert_eq!(found, Some((ada, password)));

    let caller = Caller::system(before);
    let query = DocumentQuery::default();
    let documents = store.documents().list(&caller, &query).await.unwrap().items;
    let ids: Vec<_> = documents.iter().map(|it| it.id.0.as_u128()).collect();
    assert_eq!(ids, [2]);
    assert_eq!(documents[0].topics.len(), 1, "its topic is still there");
    assert!(documents[0].has_thumbnail);
    let text = store.documents().text(&caller, documents[0].id).await;
    assert_eq!(text.unwrap().unwrap(), ["a text".to_owned()]);
    let original = store.objects().original(documents[0].id).await.unwrap();
    assert_eq!(original.unwrap().key.as_str(), "_/2/3.pdf");
    let quota = "SELECT used_bytes FROM quotas";
    let quota = Statement::from_string(db.get_database_backend(), quota);
    let quota = db.query_one_raw(quota).await.unwrap().unwrap();
    assert_eq!(quota.try_get_by_index::<i64>(0).unwrap(), 1_234);
    let nobodys = "UPDATE documents SET user_id = NULL";
    assert!(db.execute_unprepared(nobodys).await.is_err());
}

async fn an_empty_vault_has_no_unclaimed_account(database: TestDatabase) {
    docuvault_migration::run_steps(&database.url, BEFORE_OWNERS)
        .await
        .unwrap();
    docuvault_migration::run(&database.url, None).await.unwrap();
    let store = database.store().await;
    assert_eq!(store.users().unclaimed().await.unwrap(), None);
}
