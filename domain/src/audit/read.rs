use thiserror::Error;
use uuid::Uuid;

use super::{Action, AuditOutcome, Resource};
use crate::accounts::{Handle, NotAllowed, reading};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::{AuditId, UserId};
use crate::page::{Limit, Page};
use crate::timestamp::Timestamp;

/// A line as it was stored. Names are text: the trail may hold some that this program does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// The acting account, where there is one.
    pub actor: Option<UserId>,
    /// Its handle, while there is such an account.
    pub actor_handle: Option<String>,
    /// `person`, `token`, `anonymous`, `operator` or `system`.
    pub actor_kind: String,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub resource_kind: String,
    /// To which.
    pub resource: Uuid,
    /// How it went.
    pub outcome: AuditOutcome,
    /// From which address.
    pub address: Option<String>,
    /// In which request.
    pub request_id: Option<Uuid>,
}

/// Whose acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Of the account with this id, whether or not it is there still.
    Id(UserId),
    /// Of the account with this handle.
    Handle(Handle),
}

/// Which lines. All conditions hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Whose acts.
    pub actor: Option<Actor>,
    /// Which act, by its stored name.
    pub action: Option<String>,
    /// About which thing.
    pub resource: Option<Uuid>,
    /// How it went.
    pub outcome: Option<AuditOutcome>,
    /// From which address, as it was written.
    pub address: Option<String>,
    /// No earlier.
    pub from: Option<Timestamp>,
    /// No later.
    pub to: Option<Timestamp>,
}

/// Where a page ends.
pub type AuditCursor = (Timestamp, AuditId);

/// A page of lines, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Which.
    pub filter: AuditFilter,
    /// How many.
    pub limit: Limit,
    /// From where on: the last line of the page before.
    pub after: Option<AuditCursor>,
}

/// Reads the trail, for administrators. It names things by their ids only: nothing of what is in
/// anybody's documents is in it.
pub struct ReadAudit {
    /// Database, clock and ids.
    pub core: Core,
}

/// Why nothing was read.
#[derive(Debug, Error)]
pub enum ReadAuditError {
    /// The caller may not.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl ReadAudit {
    /// A page of lines. Looking leaves no line: each page would be one, and who looks for something would
    /// find themselves.
    pub async fn page(
        &self,
        caller: &Caller,
        query: &AuditQuery,
    ) -> Result<Page<AuditEntry, AuditCursor>, ReadAuditError> {
        reading(caller)?;
        Ok(self.core.store.audit().list(query).await?)
    }

    /// To be called before all of it is taken away, page by page: that leaves a line.
    pub async fn begin_export(&self, caller: &Caller) -> Result<(), ReadAuditError> {
        reading(caller)?;
        let nobody = Resource::Account(UserId::NOBODY);
        let line = self.core.audit_line(caller, Action::AuditExported, nobody);
        let unit = self.core.begin().await?;
        line.write(&*unit).await?;
        unit.commit().await?;
        Ok(())
    }
}
