//! Documents: `row.rs` knows the columns, `list.rs` the queries of lists, `topics.rs` what documents
//! are filed under, `text.rs` how a long text is stored.

pub(crate) mod list;
pub(crate) mod row;
pub(super) mod text;
mod topics;

use async_trait::async_trait;
use docuvault_domain::caller::Caller;
use docuvault_domain::documents::{Document, Sha256};
use docuvault_domain::ids::DocumentId;
use docuvault_domain::page::Page;
use docuvault_domain::ports::{
    DocumentFilter, DocumentQuery, DocumentRepo, KnownBytes, ListCursor,
};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, Value};

use crate::dialect::for_update;
use crate::sql::{
    SqlRepos, count, number, owner, padded, placeholders, rows_of_placeholders, time,
};

#[async_trait]
impl<C: ConnectionTrait + Send> DocumentRepo for SqlRepos<C> {
    async fn add(&self, document: &Document) -> Result<(), PortError> {
        self.execute(
            "adding a document",
            row::INSERT.as_str(),
            row::values(document),
        )
        .await?;
        Ok(())
    }

    async fn find(&self, caller: &Caller, id: DocumentId) -> Result<Option<Document>, PortError> {
        let condition = "id = $1 AND user_id = $2";
        let values = vec![id.0.into(), owner(caller.owner())];
        self.one_document(condition, values).await
    }

    async fn find_many(
        &self,
        caller: &Caller,
        ids: &[DocumentId],
    ) -> Result<Vec<Document>, PortError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut values = vec![owner(caller.owner())];
        values.extend(padded(ids.iter().map(|id| id.0)));
        let ids = placeholders(2, values.len() - 1);
        self.documents_where(&format!("user_id = $1 AND id IN ({ids})"), values)
            .await
    }

    async fn list(
        &self,
        caller: &Caller,
        query: &DocumentQuery,
    ) -> Result<Page<Document, ListCursor>, PortError> {
        let (tail, values) = list::page(caller, query);
        let found = self.documents_where(&tail, values).await?;
        Ok(Page::cut(found, query.limit, |last| {
            list::cursor(query.sort.key, last)
        }))
    }

    async fn count(&self, caller: &Caller, filter: &DocumentFilter) -> Result<u64, PortError> {
        let (tail, values) = list::filtered(caller, filter).finish();
        let sql = format!("SELECT COUNT(*) FROM documents WHERE {tail}");
        let found = self.one("counting documents", sql, values, count).await?;
        Ok(found.unwrap_or(0))
    }

    async fn ids(
        &self,
        caller: &Caller,
        filter: &DocumentFilter,
        after: Option<DocumentId>,
        limit: u32,
    ) -> Result<Vec<DocumentId>, PortError> {
        let (tail, values) = list::ids(caller, filter, after, limit);
        let sql = format!("SELECT id FROM documents WHERE {tail}");
        self.all("listing documents", sql, values, |fields| {
            fields.get().map(DocumentId)
        })
        .await
    }

    async fn find_by_hash(
        &self,
        caller: &Caller,
        sha256: &Sha256,
    ) -> Result<Option<KnownBytes>, PortError> {
        let sql = "SELECT id, trashed_at FROM documents WHERE user_id = $1 AND sha256 = $2 \
                   ORDER BY (trashed_at IS NOT NULL), created_at, id LIMIT 1";
        let values = vec![owner(caller.owner()), sha256.as_str().into()];
        self.one("finding a document", sql, values, |fields| {
            Ok(KnownBytes {
                document: DocumentId(fields.get()?),
                trashed: fields.maybe_time()?.is_some(),
            })
        })
        .await
    }

    async fn lock(&self, caller: &Caller, id: DocumentId) -> Result<Option<Document>, PortError> {
        let lock = for_update(self.0.get_database_backend());
        let condition = format!("id = $1 AND user_id = $2{lock}");
        let values = vec![id.0.into(), owner(caller.owner())];
        self.one_document(&condition, values).await
    }

    async fn update(&self, document: &Document) -> Result<(), PortError> {
        let context = "changing a document";
        let values = row::values(document);
        match self.execute(context, row::UPDATE.as_str(), values).await? {
            0 => Err(PortError::permanent(context, "there is no such document")),
            _ => Ok(()),
        }
    }

    async fn remove(&self, id: DocumentId) -> Result<(), PortError> {
        let sql = "DELETE FROM documents WHERE id = $1";
        self.execute("removing a document", sql, vec![id.0.into()])
            .await?;
        Ok(())
    }

    async fn put_text(&self, id: DocumentId, pages: &[String]) -> Result<(), PortError> {
        let context = "writing a document's text";
        let clear = "DELETE FROM document_texts WHERE document_id = $1";
        self.execute(context, clear, vec![id.0.into()]).await?;
        let parts = text::parts(pages);
        // A few parts a statement: each may be nearly a megabyte.
        for (chunk, parts) in parts.chunks(text::PARTS_A_STATEMENT).enumerate() {
            let sql = format!(
                "INSERT INTO document_texts (document_id, part, body) VALUES {}",
                rows_of_placeholders(parts.len(), 3)
            );
            let first = chunk * text::PARTS_A_STATEMENT;
            let row = |(n, body): (usize, &String)| -> [Value; 3] {
                let part = i32::try_from(first + n).unwrap_or(i32::MAX);
                [id.0.into(), part.into(), body.as_str().into()]
            };
            let values = parts.iter().enumerate().flat_map(row).collect();
            self.execute(context, sql, values).await?;
        }
        Ok(())
    }

    async fn text(
        &self,
        caller: &Caller,
        id: DocumentId,
    ) -> Result<Option<Vec<String>>, PortError> {
        // A document without a text gives one row without a body, no document gives no row.
        let sql = "SELECT t.body FROM documents d \
                   LEFT JOIN document_texts t ON t.document_id = d.id \
                   WHERE d.id = $1 AND d.user_id = $2 ORDER BY t.part";
        let values = vec![id.0.into(), owner(caller.owner())];
        let parts: Vec<Option<String>> = self
            .all("reading a document's text", sql, values, |fields| {
                fields.get()
            })
            .await?;
        Ok((!parts.is_empty()).then(|| text::pages(parts.into_iter().flatten())))
    }

    async fn lock_for_processing(&self, id: DocumentId) -> Result<Option<Document>, PortError> {
        let lock = for_update(self.0.get_database_backend());
        self.one_document(&format!("id = $1{lock}"), vec![id.0.into()])
            .await
    }

    async fn stranded(&self, before: Timestamp, limit: u32) -> Result<Vec<Document>, PortError> {
        let tail = "status IN ('pending', 'processing') AND updated_at < $1 AND NOT EXISTS \
                    (SELECT 1 FROM jobs WHERE document_id = documents.id AND state = 'open') \
                    ORDER BY updated_at LIMIT $2";
        self.documents_where(tail, vec![time(before), number(limit)])
            .await
    }
}

impl<C: ConnectionTrait> SqlRepos<C> {
    /// The documents that `tail`, a condition and what follows it, lets through.
    async fn documents_where(
        &self,
        tail: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Document>, PortError> {
        let engine = self.0.get_database_backend();
        let select = row::select(engine);
        let sql = format!("{select}{tail}");
        self.all("reading documents", sql, values, row::decode(engine))
            .await
    }

    async fn one_document(
        &self,
        condition: &str,
        values: Vec<Value>,
    ) -> Result<Option<Document>, PortError> {
        let engine = self.0.get_database_backend();
        let select = row::select(engine);
        let sql = format!("{select}{condition}");
        self.one("reading a document", sql, values, row::decode(engine))
            .await
    }
}
