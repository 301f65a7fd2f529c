use serde::{Deserialize, Serialize};
use time::Date;

use super::{MimeType, Sha256, Title};
use crate::ids::{ConnectionId, DocumentId, FolderId, TopicId, UserId};
use crate::timestamp::Timestamp;

macro_rules! stored_names {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $name {
            /// The name in the database and in the HTTP contract.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// From that name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

/// How far a document has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Stored, waiting to be read.
    Pending,
    /// Being read.
    Processing,
    /// Read and filed, as far as that went.
    Ready,
    /// Could not be read; the reason stands beside it. The bytes are kept all the same.
    Failed,
}

stored_names!(Status {
    Pending = "pending",
    Processing = "processing",
    Ready = "ready",
    Failed = "failed",
});

/// Who set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The file itself: its name, its properties.
    File,
    /// The built-in rules.
    Rule,
    /// An AI provider.
    Ai,
    /// A person: never overwritten.
    User,
}

stored_names!(Source { File = "file", Rule = "rule", Ai = "ai", User = "user" });

/// A value that rules, AI or a person may set, with who set it last. `value: None` set by a person
/// means "none, and leave it so".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field<T> {
    /// The value.
    pub value: Option<T>,
    /// Who set it; `None` while nobody has.
    pub source: Option<Source>,
}

impl<T> Field<T> {
    /// Nobody has said anything.
    pub const EMPTY: Self = Self {
        value: None,
        source: None,
    };

    /// A person's word.
    pub fn decide(&mut self, value: Option<T>) {
        *self = Self {
            value,
            source: Some(Source::User),
        };
    }

    /// The word of rules or AI: replaces anything but a person's. Knowing nothing changes nothing.
    pub fn suggest(&mut self, value: Option<T>, source: Source) {
        if self.source != Some(Source::User) && value.is_some() {
            *self = Self {
                value,
                source: Some(source),
            };
        }
    }
}

impl<T> Default for Field<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// In which kind of store the bytes live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageKind {
    /// The vault's own folder.
    Filesystem,
    /// An S3 server.
    S3,
}

stored_names!(StorageKind { Filesystem = "filesystem", S3 = "minio" });

/// How a document stands to a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicState {
    /// Filed there.
    Applied,
    /// Perhaps; a person decides.
    Suggested,
    /// A person said no: not suggested again.
    Rejected,
}

stored_names!(TopicState { Applied = "applied", Suggested = "suggested", Rejected = "rejected" });

/// A topic on a document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentTopic {
    /// Which.
    pub id: TopicId,
    /// Its name.
    pub name: String,
    /// Its hue, 1 to 8.
    pub hue: u8,
    /// Applied or suggested.
    pub state: TopicState,
    /// How sure rules or AI were; `None` for a person's word.
    pub confidence: Option<f32>,
    /// Who says so.
    pub source: Source,
    /// Why, in the words of rules or AI: at most 200 characters.
    #[serde(default)]
    pub reason: Option<String>,
}

/// How a document is filed under a topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Filing {
    /// Applied, suggested or rejected.
    pub state: TopicState,
    /// Who says so.
    pub source: Source,
    /// How sure rules or AI were; `None` for a person's word.
    pub confidence: Option<f32>,
    /// Why, in the words of rules or AI.
    pub reason: Option<String>,
}

impl Filing {
    /// A person's word, which needs no reason.
    pub const fn by_person(state: TopicState) -> Self {
        Self {
            state,
            source: Source::User,
            confidence: None,
            reason: None,
        }
    }
}

/// A document: what a person handed in and what is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Whose it is.
    pub owner: UserId,
    /// The folder it lies in.
    pub folder: Option<FolderId>,
    /// What it is called; always has a value.
    pub title: Title,
    /// Who called it that.
    pub title_source: Source,
    /// The name it was handed in with, without folders.
    pub filename: String,
    /// What its bytes are.
    pub mime_type: MimeType,
    /// How many bytes.
    pub size_bytes: u64,
    /// Their digest.
    pub sha256: Sha256,
    /// How many pages, where known.
    pub page_count: Option<u32>,
    /// Whether there is a thumbnail of its first page.
    #[serde(default)]
    pub has_thumbnail: bool,
    /// How far it has come.
    pub status: Status,
    /// A sentence on the status for people.
    pub status_detail: Option<String>,
    /// What it says in short.
    pub summary: Field<String>,
    /// ISO 639-1 code.
    pub language: Field<String>,
    /// The day it bears.
    pub document_date: Field<Date>,
    /// The words of the document or its file name that the day was read from, at most 120
    /// characters; `None` for a person's word.
    #[serde(default)]
    pub document_date_words: Option<String>,
    /// Who sent it.
    pub correspondent: Field<String>,
    /// Where its bytes live.
    pub storage: StorageKind,
    /// The owner's connection they live behind, if not in the vault's own store.
    pub connection: Option<ConnectionId>,
    /// Counts the changes by people; `version` in the contract.
    pub revision: u32,
    /// Counts the bytes and the asked-for readings.
    pub content_version: u32,
    /// When it was taken in.
    pub created_at: Timestamp,
    /// When anything about it last changed.
    pub updated_at: Timestamp,
    /// Since when it is in the trash.
    pub trashed_at: Option<Timestamp>,
    /// The older document of this owner with the same bytes, at the time of the upload.
    pub duplicate_of: Option<DocumentId>,
    /// Names of topics that the owner does not have and might want for it, at most two.
    #[serde(default)]
    pub topic_proposals: Vec<String>,
    /// Applied and suggested topics, surest first.
    pub topics: Vec<DocumentTopic>,
}

impl Document {
    /// Notes a change by a person.
    pub fn touch(&mut self, now: Timestamp) {
        self.revision += 1;
        self.updated_at = now;
    }

    /// Wants reading again: new identity for the job, back in the queue.
    pub fn requeue(&mut self, now: Timestamp) {
        self.content_version += 1;
        self.status = Status::Pending;
        self.status_detail = None;
        self.updated_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_word_stands() {
        let mut language = Field::EMPTY;
        language.suggest(Some("de"), Source::Rule);
        language.suggest(None, Source::Ai);
        assert_eq!(
            language,
            Field {
                value: Some("de"),
                source: Some(Source::Rule)
            }
        );
        language.decide(None);
        language.suggest(Some("en"), Source::Ai);
        assert_eq!(
            language,
            Field {
                value: None,
                source: Some(Source::User)
            }
        );
    }
}
