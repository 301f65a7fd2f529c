//! Writing, reading and sealing the audit trail.

use async_trait::async_trait;

use crate::audit::{
    AuditCursor, AuditEntry, AuditLine, AuditQuery, ChainEnd, Link, StoredLine, Unsealed,
};
use crate::fault::PortError;
use crate::page::Page;
use crate::timestamp::Timestamp;

/// Adds lines. There is no way to change or remove one: the database refuses it too.
#[async_trait]
pub trait AuditRepo: Send + Sync {
    /// Adds `lines` in one statement; an empty slice does nothing.
    async fn append(&self, lines: &[AuditLine]) -> Result<(), PortError>;
    /// A page of lines, newest first.
    async fn list(&self, query: &AuditQuery) -> Result<Page<AuditEntry, AuditCursor>, PortError>;
}

/// The chain of links that seals the trail. Links, too, are added only.
#[async_trait]
pub trait AuditChainRepo: Send + Sync {
    /// The newest link.
    async fn end(&self) -> Result<Option<ChainEnd>, PortError>;
    /// At most `limit` lines that have no link, oldest first, of those written at `since` or later.
    async fn unsealed(
        &self,
        since: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<StoredLine>, PortError>;
    /// How many lines have no link.
    async fn count_unsealed(&self) -> Result<Unsealed, PortError>;
    /// Adds `links` in one statement. False when one of their positions is taken or one of their lines
    /// has a link already: then the unit is to be dropped.
    async fn append(&self, links: &[Link]) -> Result<bool, PortError>;
    /// At most `limit` links after `position` in their order, with their lines where these are there.
    async fn links(
        &self,
        position: u64,
        limit: u32,
    ) -> Result<Vec<(Link, Option<StoredLine>)>, PortError>;
}
