use time::Date;

use super::topics::{TopicRef, replace_topics};
use super::{ChangeDocuments, ChangeError, PostCommit, locked};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::documents::{Document, Field, Source, Title};
use crate::ids::DocumentId;

/// A value in a patch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Not mentioned.
    #[default]
    Keep,
    /// Set to null: none, and no rule shall fill it in.
    Clear,
    /// Set to this.
    Set(T),
}

impl<T> Patch<T> {
    /// Writes a person's decision, if there is one.
    fn apply(self, field: &mut Field<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => field.decide(None),
            Self::Set(value) => field.decide(Some(value)),
        }
    }
}

/// What a person changes about a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// A new title.
    pub title: Option<Title>,
    /// The day it bears.
    pub document_date: Patch<Date>,
    /// Who sent it.
    pub correspondent: Patch<String>,
    /// The whole list of topics it is filed under; names that are new become topics.
    pub topics: Option<Vec<TopicRef>>,
    /// Only if the document is at this revision.
    pub expected_revision: Option<u32>,
}

impl ChangeDocuments {
    /// Writes a person's edits, which no rule will overwrite.
    pub async fn edit(
        &self,
        caller: &Caller,
        id: DocumentId,
        edits: Edits,
    ) -> Result<Document, ChangeError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        let mut document = locked(&*unit, caller, id).await?;
        if edits
            .expected_revision
            .is_some_and(|expected| expected != document.revision)
        {
            return Err(ChangeError::RevisionMismatch(document.revision));
        }
        if let Some(title) = edits.title {
            document.title = title;
            document.title_source = Source::User;
        }
        if edits.document_date != Patch::Keep {
            document.document_date_words = None;
        }
        edits.document_date.apply(&mut document.document_date);
        edits.correspondent.apply(&mut document.correspondent);
        if edits.topics.is_some() {
            // Whoever chooses topics has seen the proposals.
            document.topic_proposals.clear();
        }
        document.touch(now);
        unit.documents().update(&document).await?;
        if let Some(topics) = edits.topics {
            replace_topics(&*unit, &*self.core.ids, caller, &document, &topics, now).await?;
        }
        self.core
            .audit_line(caller, Action::DocumentEdited, Resource::Document(id))
            .write(&*unit)
            .await?;
        let document = locked(&*unit, caller, id).await?;
        unit.commit().await?;
        let mut post_commit = PostCommit::default();
        post_commit.updated(&document);
        self.publish(post_commit).await;
        Ok(document)
    }
}
