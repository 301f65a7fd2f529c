use std::cmp::Ordering;

use async_trait::async_trait;
use docuvault_domain::documents::{Document, DocumentTopic, Sha256, Status, TopicState};
use docuvault_domain::ids::DocumentId;
use docuvault_domain::page::Page;
use docuvault_domain::ports::{
    DocumentFilter, DocumentQuery, DocumentRepo, JobState, KnownBytes, ListCursor,
};
use docuvault_domain::{Caller, PortError, Timestamp};

use super::Tables;
use super::filter::{compare, cursor, matches};
use super::state::{State, conflict};

#[async_trait]
impl DocumentRepo for Tables {
    async fn add(&self, document: &Document) -> Result<(), PortError> {
        const CONTEXT: &str = "adding a document";
        self.record_lock(CONTEXT, document.id)?;
        self.write(CONTEXT, |state| {
            if state.documents.contains_key(&document.id) {
                return Err(conflict(CONTEXT, "the id is taken"));
            }
            state
                .documents
                .insert(document.id, without_topics(document));
            Ok(())
        })
    }

    async fn find(&self, caller: &Caller, id: DocumentId) -> Result<Option<Document>, PortError> {
        Ok(self.read(|state| {
            let row = state.documents.get(&id).filter(owned_by(caller));
            row.map(|row| with_topics(state, row))
        }))
    }

    async fn find_many(
        &self,
        caller: &Caller,
        ids: &[DocumentId],
    ) -> Result<Vec<Document>, PortError> {
        Ok(self.read(|state| {
            let rows = state.documents.values().filter(owned_by(caller));
            rows.filter(|row| ids.contains(&row.id))
                .map(|row| with_topics(state, row))
                .collect()
        }))
    }

    async fn list(
        &self,
        caller: &Caller,
        query: &DocumentQuery,
    ) -> Result<Page<Document, ListCursor>, PortError> {
        Ok(self.read(|state| {
            let place = |row: &Document| cursor(query.sort, row);
            let mut rows = matching(state, caller, &query.filter);
            rows.sort_by(|a, b| compare(query.sort, &place(a), &place(b)));
            if let Some(after) = &query.after {
                rows.retain(|row| compare(query.sort, &place(row), after) == Ordering::Greater);
            }
            let page = Page::cut(rows, query.limit, |row| place(row));
            let items = page.items.into_iter();
            Page {
                next: page.next,
                items: items.map(|row| with_topics(state, row)).collect(),
            }
        }))
    }

    async fn count(&self, caller: &Caller, filter: &DocumentFilter) -> Result<u64, PortError> {
        Ok(self.read(|state| matching(state, caller, filter).len() as u64))
    }

    async fn ids(
        &self,
        caller: &Caller,
        filter: &DocumentFilter,
        after: Option<DocumentId>,
        limit: u32,
    ) -> Result<Vec<DocumentId>, PortError> {
        Ok(self.read(|state| {
            let ids = matching(state, caller, filter)
                .into_iter()
                .map(|row| row.id);
            ids.filter(|id| after.is_none_or(|after| *id > after))
                .take(usize::try_from(limit).unwrap_or(usize::MAX))
                .collect()
        }))
    }

    async fn find_by_hash(
        &self,
        caller: &Caller,
        sha256: &Sha256,
    ) -> Result<Option<KnownBytes>, PortError> {
        Ok(self.read(|state| {
            let rows = state.documents.values().filter(owned_by(caller));
            let known = rows.filter(|row| row.sha256 == *sha256);
            known
                .min_by_key(|row| (row.trashed_at.is_some(), row.created_at, row.id))
                .map(|row| KnownBytes {
                    document: row.id,
                    trashed: row.trashed_at.is_some(),
                })
        }))
    }

    async fn lock(&self, caller: &Caller, id: DocumentId) -> Result<Option<Document>, PortError> {
        self.record_lock("locking a document", id)?;
        self.find(caller, id).await
    }

    async fn update(&self, document: &Document) -> Result<(), PortError> {
        const CONTEXT: &str = "updating a document";
        self.holds_lock(CONTEXT, document.id)?;
        self.write(CONTEXT, |state| {
            if let Some(row) = state.documents.get_mut(&document.id) {
                *row = without_topics(document);
            }
            Ok(())
        })
    }

    async fn remove(&self, id: DocumentId) -> Result<(), PortError> {
        self.write("removing a document", |state| {
            state.documents.remove(&id);
            state.texts.remove(&id);
            state
                .jobs
                .retain(|_, entry| entry.job.document() != Some(id));
            state.filings.retain(|(document, _), _| *document != id);
            Ok(())
        })
    }

    async fn put_text(&self, id: DocumentId, pages: &[String]) -> Result<(), PortError> {
        const CONTEXT: &str = "writing a text";
        self.write(CONTEXT, |state| {
            if !state.documents.contains_key(&id) {
                return Err(conflict(CONTEXT, "no such document"));
            }
            state.texts.insert(id, pages.into());
            Ok(())
        })
    }

    async fn text(
        &self,
        caller: &Caller,
        id: DocumentId,
    ) -> Result<Option<Vec<String>>, PortError> {
        Ok(self.read(|state| {
            let row = state.documents.get(&id).filter(owned_by(caller));
            row.map(|row| {
                state
                    .texts
                    .get(&row.id)
                    .map_or_else(Vec::new, |text| text.to_vec())
            })
        }))
    }

    async fn lock_for_processing(&self, id: DocumentId) -> Result<Option<Document>, PortError> {
        self.record_lock("locking a document", id)?;
        Ok(self.read(|state| {
            let row = state.documents.get(&id);
            row.map(|row| with_topics(state, row))
        }))
    }

    async fn stranded(&self, before: Timestamp, limit: u32) -> Result<Vec<Document>, PortError> {
        Ok(self.read(|state| {
            let has_open_job = |id| {
                let mut jobs = state.jobs.values();
                jobs.any(|entry| entry.job.document() == Some(id) && entry.state == JobState::Open)
            };
            let rows = state.documents.values();
            rows.filter(|row| matches!(row.status, Status::Pending | Status::Processing))
                .filter(|row| row.updated_at < before && !has_open_job(row.id))
                .take(usize::try_from(limit).unwrap_or(usize::MAX))
                .map(|row| with_topics(state, row))
                .collect()
        }))
    }
}

fn owned_by(caller: &Caller) -> impl Fn(&&Document) -> bool + use<> {
    let owner = caller.owner();
    move |row| row.owner == owner
}

/// In the order of the ids.
fn matching<'a>(state: &'a State, caller: &Caller, filter: &DocumentFilter) -> Vec<&'a Document> {
    let rows = state.documents.values().filter(owned_by(caller));
    rows.filter(|row| matches(state, filter, row)).collect()
}

fn without_topics(document: &Document) -> Document {
    Document {
        topics: Vec::new(),
        ..document.clone()
    }
}

fn with_topics(state: &State, row: &Document) -> Document {
    let filings = state.filings.iter();
    let mut topics: Vec<_> = filings
        .filter(|((document, _), filing)| {
            *document == row.id && filing.row.state != TopicState::Rejected
        })
        .filter_map(|((_, id), filing)| {
            let topic = state.topics.get(id)?;
            Some(DocumentTopic {
                id: *id,
                name: topic.name.to_string(),
                hue: topic.hue.get(),
                state: filing.row.state,
                confidence: filing.row.confidence,
                source: filing.row.source,
                reason: filing.row.reason.clone(),
            })
        })
        .collect();
    // A person's word has no confidence: nothing is surer.
    let sureness = |topic: &DocumentTopic| topic.confidence.unwrap_or(f32::INFINITY);
    topics.sort_by(|a, b| {
        sureness(b)
            .total_cmp(&sureness(a))
            .then_with(|| a.name.cmp(&b.name))
    });
    Document {
        topics,
        ..row.clone()
    }
}
