use docuvault_domain::Timestamp;
use docuvault_domain::audit::{Action, AuditLine, Resource};
use docuvault_domain::ids::{AuditId, DocumentId};
use docuvault_domain::ports::Store;
use docuvault_testkit::builders::CALLER;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::support::TestDatabase;

fn line() -> AuditLine {
    AuditLine::new(
        AuditId(Uuid::from_u128(1)),
        Timestamp::from_micros(5),
        &CALLER,
        Action::DocumentUploaded,
        Resource::Document(DocumentId(Uuid::from_u128(2))),
    )
}

#[tokio::test]
async fn sqlite_refuses_to_change_the_trail() {
    let database = TestDatabase::sqlite().migrated().await;
    let store = database.store().await;
    let unit = store.begin().await.unwrap();
    unit.audit().append(&[line()]).await.unwrap();
    unit.audit().append(&[]).await.unwrap();
    unit.commit().await.unwrap();

    let db = database.raw().await;
    for sql in ["UPDATE audit_log SET at = 6", "DELETE FROM audit_log"] {
        let refusal = db.execute_unprepared(sql).await.unwrap_err().to_string();
        assert!(refusal.contains("audit lines are never"), "{refusal}");
    }
    let kept = db.query_one_raw(sea_orm::Statement::from_string(
        db.get_database_backend(),
        "SELECT action, resource_kind, actor_kind, outcome FROM audit_log WHERE at = 5",
    ));
    let kept = kept.await.unwrap().unwrap();
    let texts: Vec<String> = (0..4).map(|n| kept.try_get_by_index(n).unwrap()).collect();
    assert_eq!(texts, ["document.uploaded", "document", "person", "ok"]);
}
