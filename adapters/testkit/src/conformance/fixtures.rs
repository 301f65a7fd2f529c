//! What several suites need: ids, rows and short ways to write them.

use std::ops::AsyncFnOnce;
use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::documents::{Document, Filing, Source, StorageKind, TopicState};
use docuvault_domain::ids::{DocumentId, JobId, ObjectId, TopicId, UserId};
use docuvault_domain::ports::{
    Claimable, Job, ObjectKey, ObjectKind, ObjectRow, ObjectState, Repos, Store, UnitOfWork,
    WorkerId,
};
use docuvault_domain::processing::PROCESS;
use docuvault_domain::topics::{Hue, Topic, TopicName};
use docuvault_domain::{Caller, Timestamp};
use uuid::{Builder, Uuid};

pub(super) use crate::builders::{CALLER, DocumentBuilder, OWNER, a_document, add_owner};

/// An id that no run before has used: object stores and buses outlive a suite.
#[expect(
    clippy::disallowed_methods,
    reason = "unique over all runs, which no counted id is"
)]
pub(super) fn unique() -> Uuid {
    Uuid::new_v4()
}

/// `seconds` after the suite's zero hour.
pub(super) fn at(seconds: u64) -> Timestamp {
    Timestamp::from_micros(1_772_366_400_000_000).plus(Duration::from_secs(seconds))
}

/// The `n`-th id: a `UUIDv7` that sorts by `n`.
pub(super) fn id(n: u64) -> Uuid {
    Builder::from_unix_timestamp_millis(1_772_366_400_000 + n, &[7; 10]).into_uuid()
}

/// Somebody whose rows are none of [`OWNER`]'s.
pub(super) fn another_user() -> Caller {
    Caller::system(UserId(id(999_999)))
}

/// The `n`-th document: each a second younger than the one before.
pub(super) fn document(n: u64) -> DocumentBuilder {
    a_document()
        .id(id(n))
        .title(&format!("Document {n}"))
        .content(&n.to_be_bytes())
        .created_at(at(n))
}

pub(super) fn document_id(n: u64) -> DocumentId {
    DocumentId(id(n))
}

pub(super) fn topic(n: u64, name: &str) -> Topic {
    Topic {
        id: TopicId(id(n)),
        owner: OWNER,
        name: TopicName::parse(name).unwrap(),
        description: format!("What belongs to {name}"),
        hue: Hue::nth(usize::try_from(n).unwrap()),
        starter: None,
        created_at: at(n),
        updated_at: at(n),
    }
}

pub(super) fn topic_id(n: u64) -> TopicId {
    TopicId(id(n))
}

/// The `n`-th job, of the `n`-th document.
pub(super) fn job(n: u64) -> Job {
    Job::process(JobId(id(n)), &document(n).build())
}

pub(super) fn job_id(n: u64) -> JobId {
    JobId(id(n))
}

/// What claims the jobs of documents, for a minute.
pub(super) fn claimable() -> Claimable {
    Claimable {
        kind: PROCESS,
        lease: Duration::from_mins(1),
    }
}

pub(super) fn worker(name: &str) -> WorkerId {
    WorkerId(name.to_owned())
}

/// The `n`-th object, of the `n`-th document.
pub(super) fn object(n: u64) -> ObjectRow {
    let document = a_document().build();
    ObjectRow {
        id: ObjectId(id(n)),
        document: document_id(n),
        kind: ObjectKind::Original,
        key: ObjectKey::original(OWNER, document_id(n), id(n), document.mime_type),
        storage: StorageKind::Filesystem,
        state: ObjectState::Writing,
    }
}

pub(super) fn object_id(n: u64) -> ObjectId {
    ObjectId(id(n))
}

/// Does `work` in a unit of its own and commits.
pub(super) async fn write<T>(
    store: &Arc<dyn Store>,
    work: impl AsyncFnOnce(&dyn UnitOfWork) -> T,
) -> T {
    let unit = store.begin().await.unwrap();
    let result = work(&*unit).await;
    unit.commit().await.unwrap();
    result
}

pub(super) async fn add_documents(store: &Arc<dyn Store>, documents: &[Document]) {
    add_owner(&**store).await;
    write(store, async |unit| {
        for document in documents {
            unit.documents().add(document).await.unwrap();
        }
    })
    .await;
}

/// The documents `1..=n`.
pub(super) async fn add_n_documents(store: &Arc<dyn Store>, n: u64) {
    let documents: Vec<_> = (1..=n).map(|n| document(n).build()).collect();
    add_documents(store, &documents).await;
}

/// The documents and jobs `1..=n`, the jobs scheduled and due at `due(n)`.
pub(super) async fn add_n_jobs(store: &Arc<dyn Store>, n: u64, due: impl Fn(u64) -> Timestamp) {
    add_n_documents(store, n).await;
    write(store, async |unit| {
        for n in 1..=n {
            let jobs = unit.jobs();
            jobs.schedule(&[job(n)], due(n), due(n)).await.unwrap();
        }
    })
    .await;
}

pub(super) async fn add_topics(store: &Arc<dyn Store>, topics: &[Topic]) {
    add_owner(&**store).await;
    write(store, async |unit| unit.topics().add(topics).await.unwrap()).await;
}

/// What a model suggests.
pub(super) fn a_guess() -> Filing {
    Filing {
        state: TopicState::Suggested,
        source: Source::Ai,
        confidence: Some(0.5),
        reason: None,
    }
}

/// Files a document by a person's hand.
pub(super) async fn file(store: &Arc<dyn Store>, document: u64, topic: u64, state: TopicState) {
    write(store, async |unit| {
        let (document, topic) = (document_id(document), topic_id(topic));
        let topics = unit.topics();
        topics
            .assign(document, topic, &Filing::by_person(state), at(0))
            .await
            .unwrap();
    })
    .await;
}

/// The owner's document, which must be there.
pub(super) async fn found(repos: &(impl Repos + ?Sized), n: u64) -> Document {
    let found = repos.documents().find(&CALLER, document_id(n)).await;
    found.unwrap().unwrap()
}
