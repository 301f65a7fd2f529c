use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use docuvault_domain::accounts::Session;
use docuvault_domain::documents::{Filing, Sha256};
use docuvault_domain::ids::DocumentId;
use docuvault_domain::ports::{Label, ObjectRow, QueuedMail, Stored};
use docuvault_domain::{FaultKind, PortError, Timestamp};

pub(super) use super::State;

use super::super::lock;

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
