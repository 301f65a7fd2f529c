use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use docuvault_domain::accounts::{ApiToken, Invite, User};
use docuvault_domain::audit::{AuditLine, Link};
use docuvault_domain::documents::{Document, Sha256};
use docuvault_domain::ids::{
    ApiTokenId, DocumentId, InstanceId, InviteId, JobId, MailId, ObjectId, SessionId, TopicId,
    UserId,
};
use docuvault_domain::learning::TopicVector;
use docuvault_domain::ports::{
    Connection, JobState, JobStatus, ObjectRow, PasswordHash, Quota, Repos, ResetRequest,
    SealedKey, SsoAttempt, SsoLink, Store, StoredFactor, UnitOfWork,
};
use docuvault_domain::topics::Topic;
use docuvault_domain::{PortError, Timestamp};
use tokio::sync::OwnedMutexGuard;

use super::lock;
use state::{FilingEntry, KeyEntry, MailEntry, ObjectEntry, SessionEntry, Tables};

mod api_tokens;
mod audit;
mod audit_chain;
mod documents;
mod factors;
mod filter;
mod idempotency;
mod instance;
mod invites;
mod jobs;
mod learning;
mod limits;
mod mails;
mod objects;
mod quotas;
mod resets;
mod sessions;
mod signing_keys;
mod sso;
mod state;
mod topics;
mod users;

/// All rows.
#[derive(Clone, Default)]
struct State {
    signing_keys: BTreeMap<u64, SealedKey>,
    /// Of a vault from before there were accounts.
    unclaimed: Option<UserId>,
    users: BTreeMap<UserId, (User, PasswordHash)>,
    quotas: BTreeMap<UserId, Quota>,
    last_seen: BTreeMap<UserId, Timestamp>,
    /// Handles that were given up, and whose they were.
    retired: BTreeMap<String, UserId>,
    /// Accounts that are marked as deleted, since when.
    deleted: BTreeMap<UserId, Timestamp>,
    factors: BTreeMap<UserId, StoredFactor>,
    recovery_codes: BTreeSet<(UserId, String)>,
    sessions: BTreeMap<SessionId, SessionEntry>,
    api_tokens: BTreeMap<ApiTokenId, (ApiToken, Sha256)>,
    reset_links: BTreeMap<UserId, (Sha256, Timestamp)>,
    reset_requests: Vec<ResetRequest>,
    invites: BTreeMap<InviteId, (Invite, Sha256)>,
    mails: BTreeMap<MailId, MailEntry>,
    /// Without their topics, which are in `filings`.
    documents: BTreeMap<DocumentId, Document>,
    texts: BTreeMap<DocumentId, Arc<[String]>>,
    topics: BTreeMap<TopicId, Topic>,
    filings: BTreeMap<(DocumentId, TopicId), FilingEntry>,
    vectors: HashMap<TopicId, TopicVector>,
    objects: BTreeMap<ObjectId, ObjectEntry>,
    jobs: BTreeMap<JobId, JobStatus>,
    idempotency: HashMap<(UserId, String), KeyEntry>,
    /// When the bucket of a key is full again.
    limits: HashMap<String, Timestamp>,
    sso_attempts: Vec<SsoAttempt>,
    /// By issuer and subject.
    sso_identities: BTreeMap<(String, String), UserId>,
    sso_links: BTreeMap<String, SsoLink>,
    audit: Vec<AuditLine>,
    audit_chain: Vec<Link>,
    instance: Option<InstanceId>,
    setup_code: Option<Sha256>,
}

impl State {
    /// Notes that the person was here at `now`.
    fn note_seen(&mut self, user: UserId, now: Timestamp) {
        let seen = self.last_seen.entry(user).or_insert(now);
        *seen = now.max(*seen);
    }
}

/// A database in memory. A unit of work works on a copy of everything and swaps it in; there is one
/// at a time, so a test that opens two in one task waits for ever, as on `SQLite`.
#[derive(Default)]
pub struct MemoryStore {
    committed: Tables,
    writer: Arc<tokio::sync::Mutex<()>>,
    commit_fault: Arc<Mutex<Option<(u32, PortError)>>>,
}

impl MemoryStore {
    /// An empty database.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next commit fails and writes nothing.
    pub fn fail_next_commit(&self, error: PortError) {
        self.fail_commit_after(0, error);
    }

    /// Lets `user` keep so much.
    pub fn set_quota(&self, user: UserId, quota: Quota) {
        self.arrange(|state| {
            state.quotas.insert(user, quota);
        });
    }

    /// Changes committed rows while a test is set up, when nothing else writes.
    fn arrange(&self, change: impl FnOnce(&mut State)) {
        let tables = self.committed.writable_copy();
        let done = tables.write("setting up", |state| {
            change(state);
            Ok(())
        });
        debug_assert!(done.is_ok());
        self.committed.replace_by(&tables);
    }

    /// Makes this the vault of somebody who kept documents before there were accounts.
    pub fn leave_unclaimed(&self, account: UserId) {
        self.arrange(|state| state.unclaimed = Some(account));
    }

    /// Of the next commits `so_many` succeed, and the one after them fails and writes nothing.
    pub fn fail_commit_after(&self, so_many: u32, error: PortError) {
        *lock(&self.commit_fault) = Some((so_many, error));
    }

    /// The committed audit trail.
    pub fn audit_lines(&self) -> Vec<AuditLine> {
        self.committed.read(|state| state.audit.clone())
    }

    /// The committed object registry, in the order of the ids.
    pub fn object_rows(&self) -> Vec<ObjectRow> {
        self.committed.read(|state| {
            state
                .objects
                .values()
                .map(|entry| entry.row.clone())
                .collect()
        })
    }

    /// Where a committed job is, with the reason or sentence that was left with it.
    pub fn job(&self, id: JobId) -> Option<(JobState, Option<String>)> {
        self.committed.read(|state| {
            let job = state.jobs.get(&id)?;
            Some((job.state, job.note.clone()))
        })
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn begin(&self) -> Result<Box<dyn UnitOfWork>, PortError> {
        let writer = Arc::clone(&self.writer).lock_owned().await;
        Ok(Box::new(MemoryUnit {
            tables: self.committed.writable_copy(),
            committed: self.committed.clone(),
            commit_fault: Arc::clone(&self.commit_fault),
            _writer: writer,
        }))
    }

    async fn check(&self) -> Result<(), PortError> {
        Ok(())
    }

    fn engine(&self) -> &'static str {
        "memory"
    }
}

struct MemoryUnit {
    tables: Tables,
    committed: Tables,
    commit_fault: Arc<Mutex<Option<(u32, PortError)>>>,
    _writer: OwnedMutexGuard<()>,
}

#[async_trait]
impl UnitOfWork for MemoryUnit {
    async fn commit(self: Box<Self>) -> Result<(), PortError> {
        if let Some(error) = due_fault(&self.commit_fault) {
            return Err(error);
        }
        self.committed.replace_by(&self.tables);
        Ok(())
    }
}

/// The fault of this commit.
fn due_fault(fault: &Mutex<Option<(u32, PortError)>>) -> Option<PortError> {
    let mut fault = lock(fault);
    if let Some((left @ 1.., _)) = &mut *fault {
        *left -= 1;
        return None;
    }
    fault.take().map(|(_, error)| error)
}

impl Repos for MemoryStore {
    fn connection(&self) -> &dyn Connection {
        &self.committed
    }
}

impl Repos for MemoryUnit {
    fn connection(&self) -> &dyn Connection {
        &self.tables
    }
}
