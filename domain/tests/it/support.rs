//! All use cases, wired over ports in memory.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::audit::Action;
use docuvault_domain::documents::{
    ChangeDocuments, Document, DownloadDocument, MimeType, NewDocument, OnDuplicate, Source,
    Ticket, TopicRef, UploadDocument, UploadError,
};
use docuvault_domain::ids::{DocumentId, TopicId, UserId};
use docuvault_domain::jobs::{JobHandler, JobRun, JobTable, Outcome, run_job};
use docuvault_domain::ports::{
    ByteStream, Claimable, Classification, DocumentFilter, EventBody, EventBus, IdempotencyKey,
    JobEnd, Lease, ObjectState, Quota, Reading, Repos, StorageError, Store as _, Stored,
    TopicPrediction, WorkerId,
};
use docuvault_domain::processing::{
    FILE, FileDocument, Filer, MAX_ATTEMPTS, PROCESS, ProcessDocument, Sweep,
};
use docuvault_domain::topics::{ManageTopics, TopicDraft, TopicName};
use docuvault_domain::{Caller, Core, PortError};
pub(crate) use docuvault_testkit::builders::{CALLER, OWNER, bytes};
use docuvault_testkit::memory::{
    CountingIds, FakeClassifier, FakeExtractor, FixedClock, MemoryStorage, MemoryStore,
};
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::transport::{EventListener, TestTransport};

/// More than any test keeps.
const PLENTY: Quota = Quota {
    used_bytes: 0,
    limit_bytes: 1 << 40,
};

/// How long an upload or a job may go without a sign of life.
pub(crate) const LEASE: Duration = Duration::from_mins(1);

/// A vault, with its ports at hand.
pub(crate) struct World {
    pub(crate) core: Core,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) storage: Arc<MemoryStorage>,
    pub(crate) transport: Arc<TestTransport>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) ids: Arc<CountingIds>,
    pub(crate) extractor: Arc<FakeExtractor>,
    pub(crate) classifier: Arc<FakeClassifier>,
    pub(crate) jobs: JobTable,
    pub(crate) uploads: Arc<UploadDocument>,
    pub(crate) download: DownloadDocument,
    pub(crate) change: ChangeDocuments,
    pub(crate) topics: ManageTopics,
    pub(crate) process: Arc<Processing>,
    pub(crate) sweep: Arc<Sweep>,
}

/// What works on documents' jobs, as a worker does it.
pub(crate) struct Processing {
    process: ProcessDocument,
    file: FileDocument,
}

impl Processing {
    pub(crate) async fn run(&self, lease: &Lease) -> Outcome {
        let run = JobRun::new(lease.clone());
        let (handler, attempts): (&dyn JobHandler, _) = if lease.job.kind == FILE {
            (&self.file, None)
        } else {
            (&self.process, Some(MAX_ATTEMPTS))
        };
        run_job(handler, attempts, &run).await
    }
}

/// What claims documents' jobs.
pub(crate) fn claimable() -> [Claimable; 2] {
    [PROCESS, FILE].map(|kind| Claimable { kind, lease: LEASE })
}

impl World {
    pub(crate) fn new() -> Self {
        let store = Arc::new(MemoryStore::new());
        store.set_quota(OWNER, PLENTY);
        let storage = Arc::new(MemoryStorage::new());
        let clock = Arc::new(FixedClock::default());
        let ids = Arc::new(CountingIds::new());
        let extractor = Arc::new(FakeExtractor::new());
        let classifier = Arc::new(FakeClassifier::new(Source::Ai));
        let core = Core {
            store: store.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
        };
        let jobs = JobTable { core: core.clone() };
        let transport = Arc::new(TestTransport::new());
        let filer = Arc::new(Filer {
            core: core.clone(),
            classifier: classifier.clone(),
            events: transport.clone(),
        });
        Self {
            uploads: Arc::new(UploadDocument {
                core: core.clone(),
                storage: storage.clone(),
                events: transport.clone(),
                queue: transport.clone(),
                lease: LEASE,
            }),
            download: DownloadDocument {
                store: store.clone(),
                storage: storage.clone(),
            },
            change: ChangeDocuments {
                core: core.clone(),
                storage: storage.clone(),
                events: transport.clone(),
                queue: transport.clone(),
            },
            topics: ManageTopics { core: core.clone() },
            process: Arc::new(Processing {
                process: ProcessDocument {
                    core: core.clone(),
                    storage: storage.clone(),
                    extractor: extractor.clone(),
                    filer: filer.clone(),
                },
                file: FileDocument(filer),
            }),
            sweep: Arc::new(Sweep {
                core: core.clone(),
                storage: storage.clone(),
                queue: transport.clone(),
            }),
            core,
            store,
            storage,
            transport,
            clock,
            ids,
            extractor,
            classifier,
            jobs,
        }
    }

    /// Hands in `content` for the local owner.
    pub(crate) async fn upload(&self, content: &str) -> Document {
        let new = a_file("Rent_2026.pdf");
        self.try_upload(bytes(content.as_bytes()), new, None)
            .await
            .unwrap()
    }

    /// The whole way of an upload, undone when it fails, as a server does it.
    pub(crate) async fn try_upload(
        &self,
        content: ByteStream,
        new: NewDocument,
        key: Option<IdempotencyKey>,
    ) -> Result<Document, UploadError> {
        let uploads = &self.uploads;
        let ticket = uploads.begin(&CALLER, MimeType::Pdf, key).await?;
        match uploads.store(&ticket, content, None).await {
            Ok(stored) => uploads.finish(&CALLER, ticket, &stored, new).await,
            Err(error) => {
                uploads.abandon(&CALLER, &ticket).await;
                Err(error)
            }
        }
    }

    /// The `n` documents that a call with many needs.
    pub(crate) async fn upload_many(&self, n: usize) -> Vec<DocumentId> {
        let mut ids = Vec::new();
        for n in 0..n {
            ids.push(self.upload(&format!("Document {n}")).await.id);
        }
        ids
    }

    /// A document that was read and filed.
    pub(crate) async fn ready(&self, content: &str) -> Document {
        let document = self.upload(content).await;
        let outcome = self.work().await;
        assert!(matches!(outcome, Outcome::Done), "{outcome:?}");
        self.document(document.id).await
    }

    pub(crate) async fn topic(&self, name: &str) -> TopicId {
        let draft = TopicDraft {
            name: TopicName::parse(name).unwrap(),
            description: String::new(),
            hue: None,
        };
        self.topics.create(&CALLER, draft).await.unwrap().topic.id
    }

    /// The names of the local owner's topics.
    pub(crate) async fn topic_names(&self) -> Vec<String> {
        let topics = self.store.topics().list(&CALLER).await.unwrap();
        topics.into_iter().map(|t| t.name.to_string()).collect()
    }

    /// Leases the job that has been due longest.
    pub(crate) async fn claim(&self) -> Lease {
        let worker = WorkerId("worker".to_owned());
        let lease = self.jobs.claim(&worker, &claimable()).await.unwrap();
        lease.expect("a job is due")
    }

    /// Works on the job that has been due longest.
    pub(crate) async fn work(&self) -> Outcome {
        let lease = self.claim().await;
        self.process.run(&lease).await
    }

    /// Begins to work on the job that has been due longest and stops where the bytes are asked for,
    /// until the storage is released.
    pub(crate) async fn work_up_to_the_bytes(&self) -> JoinHandle<Outcome> {
        let lease = self.claim().await;
        self.work_up_to_the_bytes_of(&lease).await
    }

    /// The same on a job that is leased already.
    pub(crate) async fn work_up_to_the_bytes_of(&self, lease: &Lease) -> JoinHandle<Outcome> {
        let (process, lease) = (self.process.clone(), lease.clone());
        self.hold_up(async move { process.run(&lease).await }).await
    }

    /// Begins to work on the job that has been due longest and stops where its thumbnail is stored,
    /// before it is visible, until the storage is released.
    pub(crate) async fn work_up_to_the_thumbnail(&self) -> JoinHandle<Outcome> {
        let (process, lease) = (self.process.clone(), self.claim().await);
        self.storage.hold_puts();
        self.until_held(async move { process.run(&lease).await })
            .await
    }

    /// Begins to store the upload's bytes and stops before they are visible, until the storage is
    /// released.
    pub(crate) async fn store_all_but_the_end(
        &self,
        ticket: &Ticket,
        content: ByteStream,
    ) -> JoinHandle<Result<Stored, UploadError>> {
        let (uploads, ticket) = (self.uploads.clone(), ticket.clone());
        self.hold_up(async move { uploads.store(&ticket, content, None).await })
            .await
    }

    /// Lets `work` go on until it waits for the storage.
    async fn hold_up<T: Debug + Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.storage.hold();
        self.until_held(work).await
    }

    async fn until_held<T: Debug + Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        let mut working = tokio::spawn(work);
        tokio::select! {
            () = self.storage.until_waiting() => working,
            done = &mut working => panic!("never came to the storage: {done:?}"),
        }
    }

    /// Ends a leased job without doing it.
    pub(crate) async fn finish(&self, lease: &Lease) -> bool {
        let unit = self.store.begin().await.unwrap();
        let done = JobEnd::Done(None);
        let held = unit.jobs().finish(lease, lease.until, done).await.unwrap();
        unit.commit().await.unwrap();
        held
    }

    /// The open jobs.
    pub(crate) async fn open_jobs(&self) -> u64 {
        self.jobs.depth().await.unwrap().open
    }

    pub(crate) async fn find(&self, id: DocumentId) -> Option<Document> {
        self.store.documents().find(&CALLER, id).await.unwrap()
    }

    pub(crate) async fn document(&self, id: DocumentId) -> Document {
        self.find(id).await.expect("the document is there")
    }

    pub(crate) async fn document_count(&self) -> u64 {
        let all = DocumentFilter::default();
        self.store.documents().count(&CALLER, &all).await.unwrap()
    }

    pub(crate) async fn text(&self, id: DocumentId) -> Vec<String> {
        let text = self.store.documents().text(&CALLER, id).await.unwrap();
        text.expect("the document is there")
    }

    pub(crate) async fn rejected(&self, id: DocumentId) -> Vec<TopicId> {
        self.store.topics().rejected(id).await.unwrap()
    }

    /// The states of all rows in the object registry.
    pub(crate) fn object_states(&self) -> Vec<ObjectState> {
        let rows = self.store.object_rows();
        rows.into_iter().map(|row| row.state).collect()
    }

    /// What the audit trail says was done, oldest first.
    pub(crate) fn audit(&self) -> Vec<Action> {
        let lines = self.store.audit_lines();
        lines.into_iter().map(|line| line.action).collect()
    }

    /// What the audit trail says was done since it had `lines` lines.
    pub(crate) fn audit_since(&self, lines: usize) -> Vec<Action> {
        self.audit().split_off(lines)
    }

    /// Listens to the local owner's events from now on.
    pub(crate) async fn listen(&self) -> EventListener {
        EventListener(self.transport.subscribe(OWNER, None).await.unwrap())
    }

    /// Nothing is left of any upload, after at most one sweep.
    pub(crate) async fn assert_nothing_kept(&self) {
        assert_eq!(self.document_count().await, 0, "no document");
        assert_eq!(self.open_jobs().await, 0, "no job");
        assert_eq!(self.audit(), [], "no audit line");
        assert!(
            !self.object_states().contains(&ObjectState::Live),
            "no live row"
        );
        self.sweep.run().await.unwrap();
        assert_eq!(self.object_states(), [], "no row");
        assert_eq!(self.storage.keys(), [], "no object");
    }
}

/// What is told after a change.
pub(crate) fn updated(document: &Document) -> EventBody {
    EventBody::DocumentUpdated {
        document: Box::new(document.clone()),
    }
}

/// Somebody whose rows are none of the local owner's.
pub(crate) fn another_user() -> Caller {
    Caller::system(UserId(Uuid::from_u128(99)))
}

/// A topic by its name.
pub(crate) fn by_name(name: &str) -> TopicRef {
    TopicRef::Name(TopicName::parse(name).unwrap())
}

/// What a classifier says that knows nothing but topics.
pub(crate) fn predictions(predictions: &[(TopicId, f32)]) -> Classification {
    let prediction = |&(value, confidence): &(TopicId, f32)| TopicPrediction {
        value,
        confidence,
        rationale: Some("of its words".to_owned()),
    };
    Classification {
        topics: predictions.iter().map(prediction).collect(),
        ..Classification::default()
    }
}

/// What the pages say and nothing else.
pub(crate) fn a_reading(pages: &[&str]) -> Reading {
    Reading {
        pages: pages.iter().map(|page| (*page).to_owned()).collect(),
        ..Reading::default()
    }
}

/// A file without further words.
pub(crate) fn a_file(filename: &str) -> NewDocument {
    NewDocument {
        filename: filename.to_owned(),
        title: None,
        on_duplicate: OnDuplicate::Keep,
    }
}

pub(crate) fn a_key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

/// An id that nothing has.
pub(crate) fn unknown_id() -> Uuid {
    Uuid::from_u128(404)
}

/// A store that does not answer for now.
pub(crate) fn unavailable() -> StorageError {
    StorageError::Transient("away".into())
}

/// A database that does not answer for now.
pub(crate) fn no_database() -> PortError {
    PortError::transient("committing", "the database is away")
}
