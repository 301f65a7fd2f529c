use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use docuvault_domain::accounts::{ApiToken, Invite, Session, User};
use docuvault_domain::audit::{AuditLine, Link};
use docuvault_domain::documents::{Document, Filing, Sha256};
use docuvault_domain::ids::{
    ApiTokenId, DocumentId, InstanceId, InviteId, JobId, MailId, ObjectId, SessionId, TopicId,
    UserId,
};
use docuvault_domain::learning::TopicVector;
use docuvault_domain::ports::{
    JobStatus, Label, ObjectRow, PasswordHash, QueuedMail, Quota, ResetRequest, SealedKey,
    SsoAttempt, SsoLink, Stored, StoredFactor,
};
use docuvault_domain::topics::Topic;
use docuvault_domain::{FaultKind, PortError, Timestamp};

use super::super::lock;

/// All rows.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) signing_keys: BTreeMap<u64, SealedKey>,
    /// Of a vault from before there were accounts.
    pub(super) unclaimed: Option<UserId>,
    pub(super) users: BTreeMap<UserId, (User, PasswordHash)>,
    pub(super) quotas: BTreeMap<UserId, Quota>,
    pub(super) last_seen: BTreeMap<UserId, Timestamp>,
    /// Handles that were given up, and whose they were.
    pub(super) retired: BTreeMap<String, UserId>,
    /// Accounts that are marked as deleted, since when.
    pub(super) deleted: BTreeMap<UserId, Timestamp>,
    pub(super) factors: BTreeMap<UserId, StoredFactor>,
    pub(super) recovery_codes: BTreeSet<(UserId, String)>,
    pub(super) sessions: BTreeMap<SessionId, SessionEntry>,
    pub(super) api_tokens: BTreeMap<ApiTokenId, (ApiToken, Sha256)>,
    pub(super) reset_links: BTreeMap<UserId, (Sha256, Timestamp)>,
    pub(super) reset_requests: Vec<ResetRequest>,
    pub(super) invites: BTreeMap<InviteId, (Invite, Sha256)>,
    pub(super) mails: BTreeMap<MailId, MailEntry>,
    /// Without their topics, which are in `filings`.
    pub(super) documents: BTreeMap<DocumentId, Document>,
    pub(super) texts: BTreeMap<DocumentId, Arc<[String]>>,
    pub(super) topics: BTreeMap<TopicId, Topic>,
    pub(super) filings: BTreeMap<(DocumentId, TopicId), FilingEntry>,
    pub(super) vectors: HashMap<TopicId, TopicVector>,
    pub(super) objects: BTreeMap<ObjectId, ObjectEntry>,
    pub(super) jobs: BTreeMap<JobId, JobStatus>,
    pub(super) idempotency: HashMap<(UserId, String), KeyEntry>,
    /// When the bucket of a key is full again.
    pub(super) limits: HashMap<String, Timestamp>,
    pub(super) sso_attempts: Vec<SsoAttempt>,
    /// By issuer and subject.
    pub(super) sso_identities: BTreeMap<(String, String), UserId>,
    pub(super) sso_links: BTreeMap<String, SsoLink>,
    pub(super) audit: Vec<AuditLine>,
    pub(super) audit_chain: Vec<Link>,
    pub(super) instance: Option<InstanceId>,
    pub(super) setup_code: Option<Sha256>,
}

impl State {
    /// Notes that the person was here at `now`.
    pub(super) fn note_seen(&mut self, user: UserId, now: Timestamp) {
        let seen = self.last_seen.entry(user).or_insert(now);
        *seen = now.max(*seen);
    }
}

#[derive(Clone)]
pub(super) struct MailEntry {
    pub(super) mail: QueuedMail,
    pub(super) attempts: u32,
    pub(super) due_at: Timestamp,
}

#[derive(Clone)]
pub(super) struct SessionEntry {
    pub(super) row: Session,
    pub(super) ended: Option<Timestamp>,
    pub(super) current: Sha256,
    pub(super) used: BTreeSet<String>,
}

/// How a document stands to a topic.
#[derive(Clone)]
pub(super) struct FilingEntry {
    pub(super) row: Filing,
    pub(super) trained: Option<Label>,
}

#[derive(Clone)]
pub(super) struct ObjectEntry {
    pub(super) row: ObjectRow,
    pub(super) lease_until: Timestamp,
    /// When it came into its present state.
    pub(super) since: Timestamp,
    /// What was written, once it is live.
    pub(super) stored: Option<Stored>,
}

/// A key in progress has no answer yet; `until` is then its lease.
#[derive(Clone)]
pub(super) struct KeyEntry {
    pub(super) until: Timestamp,
    pub(super) answer: Option<(DocumentId, String)>,
}

/// All repositories, over the committed rows or over the copy of a unit of work.
#[derive(Clone, Default)]
pub(super) struct Tables {
    state: Arc<Mutex<State>>,
    /// What this unit of work may update; `None` outside of one, where nothing may be written.
    locked: Option<Arc<Mutex<BTreeSet<DocumentId>>>>,
}

impl Tables {
    pub(super) fn writable_copy(&self) -> Self {
        Self {
            state: Arc::new(Mutex::new(lock(&self.state).clone())),
            locked: Some(Arc::default()),
        }
    }

    pub(super) fn replace_by(&self, other: &Self) {
        let state = std::mem::take(&mut *lock(&other.state));
        *lock(&self.state) = state;
    }

    pub(super) fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&lock(&self.state))
    }

    /// Refused outside of a unit of work, so that a use case which forgot one is found.
    pub(super) fn write<T>(
        &self,
        context: &'static str,
        write: impl FnOnce(&mut State) -> Result<T, PortError>,
    ) -> Result<T, PortError> {
        self.locks(context)?;
        write(&mut lock(&self.state))
    }

    /// Notes that this unit of work may update the document.
    pub(super) fn record_lock(
        &self,
        context: &'static str,
        id: DocumentId,
    ) -> Result<(), PortError> {
        lock(self.locks(context)?).insert(id);
        Ok(())
    }

    pub(super) fn holds_lock(
        &self,
        context: &'static str,
        id: DocumentId,
    ) -> Result<(), PortError> {
        if lock(self.locks(context)?).contains(&id) {
            Ok(())
        } else {
            Err(PortError::permanent(context, "the document was not locked"))
        }
    }

    fn locks(&self, context: &'static str) -> Result<&Mutex<BTreeSet<DocumentId>>, PortError> {
        self.locked
            .as_deref()
            .ok_or_else(|| PortError::permanent(context, "not in a unit of work"))
    }
}

/// A rule of uniqueness or reference was broken.
pub(super) fn conflict(context: &'static str, rule: &'static str) -> PortError {
    PortError::new(FaultKind::Conflict, context, rule)
}
