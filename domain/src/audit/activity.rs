use std::sync::Arc;

use thiserror::Error;

use super::{AuditCursor, AuditEntry, AuditFilter, AuditQuery};
use crate::caller::Caller;
use crate::fault::PortError;
use crate::ids::DocumentId;
use crate::page::{Limit, Page};
use crate::ports::Store;

/// What was done to a document, for its owner.
pub struct ReadActivity {
    /// The database.
    pub store: Arc<dyn Store>,
}

/// Why nothing was read.
#[derive(Debug, Error)]
pub enum ReadActivityError {
    /// There is no such document among the caller's.
    #[error("no such document")]
    NotFound,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl ReadActivity {
    /// A page of lines about `document`, newest first. Also of one in the trash.
    pub async fn page(
        &self,
        caller: &Caller,
        document: DocumentId,
        limit: Limit,
        after: Option<AuditCursor>,
    ) -> Result<Page<AuditEntry, AuditCursor>, ReadActivityError> {
        let found = self.store.documents().find(caller, document).await?;
        found.ok_or(ReadActivityError::NotFound)?;
        let query = AuditQuery {
            filter: AuditFilter {
                resource: Some(document.0),
                ..AuditFilter::default()
            },
            limit,
            after,
        };
        Ok(self.store.audit().list(&query).await?)
    }
}
