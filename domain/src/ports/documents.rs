//! Documents and their texts.

use async_trait::async_trait;
use time::Date;

use crate::caller::Caller;
use crate::documents::{Document, MimeType, Sha256, Status};
use crate::fault::PortError;
use crate::ids::{DocumentId, FolderId, TopicId};
use crate::page::{Limit, Page};
use crate::timestamp::Timestamp;

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortKey {
    /// When it was taken in.
    #[default]
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// Its title, without regard to ASCII case.
    Title,
    /// Its size in bytes.
    Size,
    /// The day it bears; documents without one come last in either direction.
    DocumentDate,
}

/// The order of a list. Ties are broken by id in the same direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub key: SortKey,
    /// Largest first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self {
            key: SortKey::CreatedAt,
            descending: true,
        }
    }
}

/// The sort key's value at the end of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortValue {
    /// Of `CreatedAt`, `UpdatedAt` (microseconds) and `Size`.
    Number(i64),
    /// Of `Title` (as it is) and `DocumentDate` (`YYYY-MM-DD`, empty for none).
    Text(String),
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListCursor {
    /// The last item's sort value.
    pub value: SortValue,
    /// The last item.
    pub id: DocumentId,
}

/// Which documents. All conditions hold at once; the default is everything outside the trash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentFilter {
    /// `Some(None)`: in no folder.
    pub folder: Option<Option<FolderId>>,
    /// Filed under this topic (`applied`).
    pub topic: Option<TopicId>,
    /// In this state.
    pub status: Option<Status>,
    /// Ready, and a suggestion waits or no topic was applied or turned down: a person should look.
    /// `Some(false)`: all others.
    pub needs_review: Option<bool>,
    /// Of this kind.
    pub mime_type: Option<MimeType>,
    /// Title, file name or correspondent contain this, without regard to ASCII case.
    pub text: Option<String>,
    /// Taken in at or after.
    pub created_after: Option<Timestamp>,
    /// Taken in before.
    pub created_before: Option<Timestamp>,
    /// Bearing this day or a later one.
    pub dated_after: Option<Date>,
    /// Bearing an earlier day.
    pub dated_before: Option<Date>,
    /// Only what is in the trash, in place of only what is not.
    pub trashed: bool,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentQuery {
    /// Which.
    pub filter: DocumentFilter,
    /// In which order.
    pub sort: Sort,
    /// How many.
    pub limit: Limit,
    /// From where on; must come from a page of the same order.
    pub after: Option<ListCursor>,
}

/// A document that has certain bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownBytes {
    /// The oldest such document, one outside the trash before one in it.
    pub document: DocumentId,
    /// It is in the trash.
    pub trashed: bool,
}

/// Documents. A [`Document`] always comes with its applied and suggested topics, surest first.
#[async_trait]
pub trait DocumentRepo: Send + Sync {
    /// Adds a new document (its topics are not written).
    async fn add(&self, document: &Document) -> Result<(), PortError>;
    /// The caller's document, in the trash or not.
    async fn find(&self, caller: &Caller, id: DocumentId) -> Result<Option<Document>, PortError>;
    /// The caller's documents among `ids`, in no particular order.
    async fn find_many(
        &self,
        caller: &Caller,
        ids: &[DocumentId],
    ) -> Result<Vec<Document>, PortError>;
    /// A page of the caller's documents.
    async fn list(
        &self,
        caller: &Caller,
        query: &DocumentQuery,
    ) -> Result<Page<Document, ListCursor>, PortError>;
    /// How many documents the filter matches.
    async fn count(&self, caller: &Caller, filter: &DocumentFilter) -> Result<u64, PortError>;
    /// The ids the filter matches, oldest first, those after `after` only, at most `limit`.
    async fn ids(
        &self,
        caller: &Caller,
        filter: &DocumentFilter,
        after: Option<DocumentId>,
        limit: u32,
    ) -> Result<Vec<DocumentId>, PortError>;
    /// The caller's document with these bytes.
    async fn find_by_hash(
        &self,
        caller: &Caller,
        sha256: &Sha256,
    ) -> Result<Option<KnownBytes>, PortError>;
    /// As [`Self::find`], and no other unit of work can change the row until this one ends.
    async fn lock(&self, caller: &Caller, id: DocumentId) -> Result<Option<Document>, PortError>;
    /// Writes all fields of a document that was locked in this unit of work (its topics are not
    /// written).
    async fn update(&self, document: &Document) -> Result<(), PortError>;
    /// Removes the row with its text and topics. Its objects' rows are the object registry's.
    async fn remove(&self, id: DocumentId) -> Result<(), PortError>;
    /// Replaces the text by `pages`. Pages hold no form feed and no NUL.
    async fn put_text(&self, id: DocumentId, pages: &[String]) -> Result<(), PortError>;
    /// The text of the caller's document page by page; empty before it was read, `None` when there
    /// is no such document.
    async fn text(&self, caller: &Caller, id: DocumentId)
    -> Result<Option<Vec<String>>, PortError>;

    /// For the worker: the document whoever owns it, locked as by [`Self::lock`].
    async fn lock_for_processing(&self, id: DocumentId) -> Result<Option<Document>, PortError>;
    /// For the sweep: up to `limit` documents that are `pending` or `processing` since before
    /// `before` and have no open job.
    async fn stranded(&self, before: Timestamp, limit: u32) -> Result<Vec<Document>, PortError>;
}
