use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::audit::AuditLine;
use docuvault_domain::ids::{JobId, UserId};
use docuvault_domain::ports::{Connection, JobState, ObjectRow, Quota, Repos, Store, UnitOfWork};
use tokio::sync::OwnedMutexGuard;

use super::lock;
use state::{State, Tables};

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
            let entry = state.jobs.get(&id)?;
            Some((entry.state, entry.note.clone()))
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
