//! On PostgreSQL the application has a role of its own.

use docuvault_domain::ports::Store;
use docuvault_testservices::postgres;
use sea_orm::ConnectionTrait;
use url::Url;

use crate::support::{TestDatabase, raw_at, store_at};

/// A migrated database, and its URL for the application's role.
pub(crate) async fn with_app_role() -> (TestDatabase, String) {
    let database = TestDatabase::postgres().await;
    let role = postgres().await.create_role("app-password").await;
    docuvault_migration::run(&database.url, Some(&role))
        .await
        .unwrap();
    let mut url = Url::parse(&database.url).unwrap();
    url.set_username(&role).unwrap();
    url.set_password(Some("app-password")).unwrap();
    (database, url.into())
}

#[tokio::test]
async fn the_role_cannot_change_the_schema_or_the_trail() {
    let (database, url) = with_app_role().await;
    store_at(&url).await.check().await.unwrap();
    let app = raw_at(&url).await;
    for allowed in [
        "SELECT count(*) FROM audit_log",
        "SELECT count(*) FROM seaql_migrations",
        "DELETE FROM document_texts",
    ] {
        app.execute_unprepared(allowed).await.unwrap();
    }
    for forbidden in [
        "ALTER TABLE documents ADD COLUMN x int",
        "CREATE TABLE x (id int)",
        "DROP TABLE documents",
        "UPDATE audit_log SET at = 6",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "UPDATE audit_chain SET position = 6",
        "DELETE FROM audit_chain",
        "INSERT INTO seaql_migrations VALUES ('x', 1)",
    ] {
        let refusal = app.execute_unprepared(forbidden).await.unwrap_err();
        let refusal = refusal.to_string();
        let denied = refusal.contains("permission denied") || refusal.contains("must be owner");
        assert!(denied, "{forbidden}: {refusal}");
    }
    // What somebody granted by hand is taken back by the next start.
    let owner = database.raw().await;
    let role = Url::parse(&url).unwrap().username().to_owned();
    owner
        .execute_unprepared(&format!("GRANT DELETE ON audit_log TO {role}"))
        .await
        .unwrap();
    docuvault_migration::run(&database.url, Some(&role))
        .await
        .unwrap();
    assert!(
        app.execute_unprepared("DELETE FROM audit_log")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn names_of_roles_are_only_names() {
    let database = TestDatabase::postgres().await;
    let hostile = r#"nobody"; DROP SCHEMA public CASCADE; --"#;
    let outcome = docuvault_migration::run(&database.url, Some(hostile)).await;
    let error = outcome.unwrap_err();
    assert!(matches!(
        error,
        docuvault_migration::MigrationError::Grant { .. }
    ));
    // The connecting role needs no grants.
    let url = Url::parse(&database.url).unwrap();
    docuvault_migration::run(&database.url, Some(url.username()))
        .await
        .unwrap();
    database.store().await.check().await.unwrap();
}
