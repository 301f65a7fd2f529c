//! The statements that everything waits for read an index, never a whole table, on either engine.

use std::sync::Arc;

use docuvault_domain::documents::{Filing, Source, TopicState};
use docuvault_domain::ids::{DocumentId, JobId};
use docuvault_domain::page::Limit;
use docuvault_domain::ports::{DocumentQuery, Job, ListCursor, Sort, SortKey, SortValue, Store};
use docuvault_domain::topics::starter_topics;
use docuvault_domain::{Language, Timestamp};
use docuvault_testkit::builders::{CALLER, OWNER, a_document, add_owner};
use docuvault_testkit::memory::{CountingIds, FixedClock};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, Value};
use uuid::Uuid;

use crate::repo::documents::{list, row};
use crate::repo::jobs::claim_sql;
use crate::sql::{number, owner, text, time};
use crate::{DatabaseConfig, connect};

const DOCUMENTS: u32 = 3_000;
const NOW: Timestamp = Timestamp::from_micros(1_772_366_400_000_000);

#[tokio::test]
async fn sqlite_uses_indexes() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("docuvault.db").display());
    check(&url).await;
}

#[tokio::test]
async fn postgres_uses_indexes() {
    let url = docuvault_testservices::postgres().await.database().await;
    check(&url).await;
}

async fn check(url: &str) {
    fill(url).await;
    let db = Database::connect(url).await.unwrap();
    db.execute_unprepared("ANALYZE").await.unwrap();
    for (name, query, index) in lists() {
        let (tail, values) = list::page(&CALLER, &query);
        let plan = explain(
            &db,
            &format!("{}{tail}", row::select(db.get_database_backend())),
            values,
        )
        .await;
        assert_reads(&plan, index, name);
    }
    let claim = claim_sql(db.get_database_backend(), 1);
    let values = vec![time(NOW), text("worker"), text("process"), number(60)];
    assert_reads(&explain(&db, &claim, values).await, "jobs_claimed", "claim");

    let hash = "SELECT id FROM documents WHERE user_id = $1 AND sha256 = $2";
    let values = vec![owner(OWNER), text("ab")];
    assert_reads(
        &explain(&db, hash, values).await,
        "documents_sha256",
        "hash",
    );
    db.close().await.unwrap();
}

/// Documents, each filed and with a job, all done but for one.
async fn fill(url: &str) {
    docuvault_migration::run(url, None).await.unwrap();
    let store = connect(DatabaseConfig {
        url: url.to_owned(),
        max_connections: 2,
        expected_migration: docuvault_migration::latest(),
    })
    .await
    .unwrap();
    let store: Arc<dyn Store> = Arc::new(store);
    add_owner(&*store).await;
    let unit = store.begin().await.unwrap();
    let topics = starter_topics(
        OWNER,
        Language::English,
        &FixedClock::default(),
        &CountingIds::new(),
    );
    unit.topics().add(&topics).await.unwrap();
    let mut jobs = Vec::new();
    for (n, topic) in (1..=DOCUMENTS).zip(topics.iter().cycle()) {
        let document = a_document()
            .id(Uuid::from_u128(n.into()))
            .title(&format!("Title {n}"))
            .content(&n.to_be_bytes())
            .created_at(Timestamp::from_micros(i64::from(n)))
            .build();
        unit.documents().add(&document).await.unwrap();
        let filing = Filing {
            state: TopicState::Applied,
            source: Source::Rule,
            confidence: Some(0.9),
            reason: None,
        };
        unit.topics()
            .assign(document.id, topic.id, &filing, NOW)
            .await
            .unwrap();
        jobs.push(Job::process(JobId(document.id.0), &document));
    }
    for jobs in jobs.chunks(500) {
        unit.jobs().schedule(jobs, NOW, NOW).await.unwrap();
    }
    unit.commit().await.unwrap();
    let db = Database::connect(url).await.unwrap();
    let done = "UPDATE jobs SET state = 'done' WHERE content_version = 1 AND due_at = $1 \
                AND id <> $2";
    let values: Vec<Value> = vec![time(NOW), Uuid::from_u128(7).into()];
    let done = Statement::from_sql_and_values(db.get_database_backend(), done, values);
    db.execute_raw(done).await.unwrap();
    db.close().await.unwrap();
}

fn lists() -> Vec<(&'static str, DocumentQuery, &'static str)> {
    let after = |value| {
        Some(ListCursor {
            value,
            id: DocumentId(Uuid::from_u128(1_500)),
        })
    };
    let mut trash = DocumentQuery::default();
    trash.filter.trashed = true;
    let by_title = DocumentQuery {
        sort: Sort {
            key: SortKey::Title,
            descending: false,
        },
        limit: Limit::parse(10).unwrap(),
        after: after(SortValue::Text("Title 1500".to_owned())),
        ..DocumentQuery::default()
    };
    let second_page = DocumentQuery {
        after: after(SortValue::Number(1_500)),
        ..DocumentQuery::default()
    };
    vec![
        ("first page", DocumentQuery::default(), "documents_listed"),
        ("second page", second_page, "documents_listed"),
        ("by title", by_title, "documents_by_title"),
        ("trash", trash, "documents_trashed"),
    ]
}

async fn explain(db: &DatabaseConnection, sql: &str, values: Vec<Value>) -> String {
    let (explain, column) = match db.get_database_backend() {
        DbBackend::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        _ => ("EXPLAIN", 0),
    };
    let sql = format!("{explain} {sql}");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let rows = db.query_all_raw(statement).await.unwrap();
    let lines = rows.iter().map(|row| row.try_get_by_index(column).unwrap());
    lines.collect::<Vec<String>>().join("\n")
}

fn assert_reads(plan: &str, index: &str, name: &str) {
    let reads_index = plan.contains(&format!("INDEX {index}"))
        || plan.contains(&format!("using {index}"))
        || plan.contains(&format!("on {index}"));
    // The few topics may be read whole.
    let plan_of_the_rest = plan.replace("Seq Scan on topics", "");
    let reads_all = ["Seq Scan", "SCAN ", "Sort", "TEMP B-TREE"]
        .iter()
        .any(|word| plan_of_the_rest.contains(word));
    assert!(reads_index && !reads_all, "{name}:\n{plan}");
}
