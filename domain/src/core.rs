use std::sync::Arc;

use crate::audit::{Action, AuditLine, Resource};
use crate::caller::Caller;
use crate::fault::PortError;
use crate::ids::AuditId;
use crate::ports::{Clock, Ids, Store, UnitOfWork};
use crate::timestamp::Timestamp;

/// What nearly every use case works with. Cheap to clone: all clones share the same ports.
#[derive(Clone)]
#[expect(missing_docs, reason = "the types say it")]
pub struct Core {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl Core {
    /// The present time of the vault's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Opens a unit of work: see [`Store::begin`].
    pub async fn begin(&self) -> Result<Box<dyn UnitOfWork>, PortError> {
        self.store.begin().await
    }

    /// The line that says that `caller` did `action` to `resource` now.
    pub fn audit_line(&self, caller: &Caller, action: Action, resource: Resource) -> AuditLine {
        AuditLine::new(AuditId(self.ids.v7()), self.now(), caller, action, resource)
    }
}
