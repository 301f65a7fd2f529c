use std::sync::Arc;
use std::time::Duration;

use docuvault_database::SeaStore;
use docuvault_domain::audit::{
    Action, AuditLine, ChainFault, ChainPosition, LookBack, Resource, SealAudit, Verification,
    VerifyAudit,
};
use docuvault_domain::ids::{AuditId, DocumentId};
use docuvault_domain::ports::{Clock as _, Store};
use docuvault_domain::{Core, Timestamp};
use docuvault_testkit::builders::CALLER;
use docuvault_testkit::memory::{CountingIds, FakeMacKey, FixedClock};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use uuid::Uuid;

use crate::support::{TestDatabase, on_both_engines};

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
    db.execute_unprepared("INSERT INTO audit_chain VALUES (1, x'01', 5, 'mac')")
        .await
        .unwrap();
    for (sql, refused) in [
        ("UPDATE audit_log SET at = 6", "audit lines are never"),
        ("DELETE FROM audit_log", "audit lines are never"),
        (
            "UPDATE audit_chain SET position = 6",
            "audit links are never",
        ),
        ("DELETE FROM audit_chain", "audit links are never"),
    ] {
        let refusal = db.execute_unprepared(sql).await.unwrap_err().to_string();
        assert!(refusal.contains(refused), "{refusal}");
    }
    let kept = db.query_one_raw(sea_orm::Statement::from_string(
        db.get_database_backend(),
        "SELECT action, resource_kind, actor_kind, outcome FROM audit_log WHERE at = 5",
    ));
    let kept = kept.await.unwrap().unwrap();
    let texts: Vec<String> = (0..4).map(|n| kept.try_get_by_index(n).unwrap()).collect();
    assert_eq!(texts, ["document.uploaded", "document", "person", "ok"]);
}

/// What sealed the trail's lines.
const KEY: FakeMacKey = FakeMacKey("key");

/// A trail of six sealed lines, and somebody who has the database.
struct Sealed {
    store: Arc<SeaStore>,
    raw: DatabaseConnection,
    clock: Arc<FixedClock>,
}

impl Sealed {
    async fn on(database: &TestDatabase) -> Self {
        let (store, clock) = (database.store().await, Arc::new(FixedClock::default()));
        let line = |n: u64| AuditLine {
            id: AuditId(Uuid::from_u128(n.into())),
            at: clock.now().plus(Duration::from_secs(n)),
            ..line()
        };
        let lines: Vec<_> = (1..=6).map(line).collect();
        let unit = store.begin().await.unwrap();
        unit.audit().append(&lines).await.unwrap();
        unit.commit().await.unwrap();
        let sealed = Self {
            store,
            raw: database.raw().await,
            clock,
        };
        assert_eq!(sealed.seal().await, 6);
        if sealed.raw.get_database_backend() == DbBackend::Sqlite {
            for (table, what) in [
                ("log", "update"),
                ("log", "delete"),
                ("chain", "update"),
                ("chain", "delete"),
            ] {
                sealed
                    .tamper(&format!("DROP TRIGGER audit_{table}_no_{what}"))
                    .await;
            }
        }
        sealed
    }

    async fn seal(&self) -> u64 {
        let seal = SealAudit {
            core: Core {
                store: self.store.clone(),
                clock: self.clock.clone(),
                ids: Arc::new(CountingIds::new()),
            },
            key: Arc::new(KEY),
        };
        seal.run(LookBack::Recent).await.unwrap()
    }

    async fn verify(&self, noted: Option<&ChainPosition>) -> Verification {
        let verify = VerifyAudit {
            store: self.store.clone(),
            key: Arc::new(KEY),
        };
        verify.run(noted).await.unwrap()
    }

    async fn tamper(&self, sql: &str) {
        self.raw.execute_unprepared(sql).await.unwrap();
    }
}

async fn what_was_changed_is_found(empty: TestDatabase) {
    let changed = |position: u64| ChainFault::Changed {
        position,
        line: AuditId(Uuid::from_u128(position.into())),
    };
    let line_gone = |position: u64| ChainFault::LineGone {
        position,
        line: AuditId(Uuid::from_u128(position.into())),
    };
    let links_gone = |first, last| ChainFault::LinksGone { first, last };
    let third = "id = (SELECT line_id FROM audit_chain WHERE position = 3)";
    let mut cases = vec![
        (
            format!("DELETE FROM audit_log WHERE {third}"),
            vec![line_gone(3)],
        ),
        (
            format!(
                "DELETE FROM audit_log WHERE {third}; DELETE FROM audit_chain WHERE position = 3"
            ),
            vec![links_gone(3, 3)],
        ),
        (
            "DELETE FROM audit_chain WHERE position IN (3, 4)".to_owned(),
            vec![links_gone(3, 4)],
        ),
        (
            "UPDATE audit_chain SET sealed_at = sealed_at + 1 WHERE position = 3".to_owned(),
            vec![changed(3)],
        ),
        (
            "UPDATE audit_chain SET mac = 'x' WHERE position = 3".to_owned(),
            vec![changed(3), changed(4)],
        ),
        (
            "UPDATE audit_chain SET position = 9 WHERE position = 6".to_owned(),
            vec![links_gone(6, 8)],
        ),
    ];
    for change in [
        "at = at + 1",
        "actor_id = NULL",
        "actor_kind = 'system'",
        "owner_id = id",
        "action = 'document.edited'",
        "resource_kind = 'topic'",
        "resource_id = id",
        "outcome = 'refused'",
        "address = '192.0.2.1'",
        "request_id = id",
    ] {
        cases.push((
            format!("UPDATE audit_log SET {change} WHERE {third}"),
            vec![changed(3)],
        ));
    }
    let engine = empty.raw().await.get_database_backend();
    for (sql, faults) in cases {
        let database = match engine {
            DbBackend::Sqlite => TestDatabase::sqlite(),
            _ => TestDatabase::postgres().await,
        };
        let database = database.migrated().await;
        let sealed = Sealed::on(&database).await;
        assert_eq!(sealed.verify(None).await.faults, []);
        sealed.tamper(&sql).await;
        assert_eq!(sealed.verify(None).await.faults, faults, "{sql}");
    }
}

async fn a_chain_made_anew_is_another_one(empty: TestDatabase) {
    let database = empty.migrated().await;
    let sealed = Sealed::on(&database).await;
    let before = sealed.verify(None).await;
    let noted = before.end.unwrap();
    // Somebody changes a line, takes the links away from there on and lets the vault seal again.
    sealed
        .tamper("DELETE FROM audit_chain WHERE position >= 4")
        .await;
    sealed.tamper("UPDATE audit_log SET action = 'document.edited' WHERE at = (SELECT MAX(at) FROM audit_log)").await;
    sealed.clock.advance(Duration::from_hours(48));
    assert_eq!(sealed.seal().await, 3);
    let found = sealed.verify(None).await;
    assert_eq!((found.intact, found.fault_count), (6, 0));
    assert_eq!((found.late, found.first_late), (3, Some(4)), "it shows");
    let found = sealed.verify(Some(&noted)).await;
    assert_eq!(found.faults, [ChainFault::Elsewhere { position: 6 }]);
    // The end is cut off, lines and all.
    sealed.tamper("DELETE FROM audit_log WHERE id IN (SELECT line_id FROM audit_chain WHERE position > 3)").await;
    sealed
        .tamper("DELETE FROM audit_chain WHERE position > 3")
        .await;
    assert_eq!(sealed.verify(None).await.faults, []);
    let found = sealed.verify(Some(&noted)).await;
    assert_eq!(found.faults, [ChainFault::Elsewhere { position: 6 }]);
}

on_both_engines!(what_was_changed_is_found, a_chain_made_anew_is_another_one);
