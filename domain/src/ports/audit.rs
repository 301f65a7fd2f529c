//! Writing and reading the audit trail.

use async_trait::async_trait;

use crate::audit::{AuditCursor, AuditEntry, AuditLine, AuditQuery};
use crate::fault::PortError;
use crate::page::Page;

/// Adds lines. There is no way to change or remove one: the database refuses it too.
#[async_trait]
pub trait AuditRepo: Send + Sync {
    /// Adds `lines` in one statement; an empty slice does nothing.
    async fn append(&self, lines: &[AuditLine]) -> Result<(), PortError>;
    /// A page of lines, newest first.
    async fn list(&self, query: &AuditQuery) -> Result<Page<AuditEntry, AuditCursor>, PortError>;
}
