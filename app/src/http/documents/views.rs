use docuvault_domain::Timestamp;
use docuvault_domain::accounts::User;
use docuvault_domain::documents::{
    Document, DocumentTopic, Source, Status, StorageKind, TopicState,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How far a document has come: `pending` → `processing` → `ready`, or `failed` with the reason in
/// `status_detail`. The content can be downloaded in every state.
#[derive(Clone, Copy, Debug, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DocumentStatus)]
pub(crate) enum StatusView {
    /// Stored, waiting to be read.
    Pending,
    /// Being read.
    Processing,
    /// Read and filed.
    Ready,
    /// Could not be read.
    Failed,
}

impl From<Status> for StatusView {
    fn from(status: Status) -> Self {
        match status {
            Status::Pending => Self::Pending,
            Status::Processing => Self::Processing,
            Status::Ready => Self::Ready,
            Status::Failed => Self::Failed,
        }
    }
}

impl From<StatusView> for Status {
    fn from(status: StatusView) -> Self {
        match status {
            StatusView::Pending => Self::Pending,
            StatusView::Processing => Self::Processing,
            StatusView::Ready => Self::Ready,
            StatusView::Failed => Self::Failed,
        }
    }
}

/// Who said that the document belongs to the topic.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TopicSource)]
pub(crate) enum SourceView {
    /// An AI provider.
    Ai,
    /// The built-in rules.
    Rule,
    /// A person.
    User,
}

/// Whether the document is filed there, or might be.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TopicState)]
pub(crate) enum StateView {
    /// Filed there.
    Applied,
    /// Perhaps: confirm it or reject it.
    Suggested,
}

/// A topic of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DocumentTopic)]
pub(crate) struct TopicView {
    id: Uuid,
    name: String,
    /// Its colour, one of eight.
    #[schema(minimum = 1, maximum = 8)]
    hue: u8,
    state: StateView,
    /// How sure rules or AI are, 0 to 1; null for a person's word.
    #[schema(minimum = 0, maximum = 1)]
    confidence: Option<f32>,
    source: SourceView,
    /// Why, in the words of rules or AI.
    #[schema(max_length = 200)]
    reason: Option<String>,
}

impl From<DocumentTopic> for TopicView {
    fn from(topic: DocumentTopic) -> Self {
        Self {
            id: topic.id.0,
            name: topic.name,
            hue: topic.hue,
            state: match topic.state {
                TopicState::Applied => StateView::Applied,
                TopicState::Suggested | TopicState::Rejected => StateView::Suggested,
            },
            // Six digits of an f32 are noise; two say all there is to say.
            confidence: topic
                .confidence
                .map(|value| (value * 100.0).round() / 100.0),
            source: match topic.source {
                Source::User => SourceView::User,
                Source::Ai => SourceView::Ai,
                Source::Rule | Source::File => SourceView::Rule,
            },
            reason: topic.reason,
        }
    }
}

/// What the caller may do with the document.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Access)]
pub(crate) enum AccessView {
    /// Everything.
    Owner,
}

/// A person as others see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Person)]
pub(crate) struct PersonView {
    id: Uuid,
    handle: String,
}

/// The kind of store that holds the bytes.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StorageKind)]
pub(crate) enum StorageKindView {
    /// The vault's own folder.
    Filesystem,
    /// An S3 server.
    #[serde(rename = "minio")]
    S3,
}

/// Where the bytes live.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DocumentStorage)]
pub(crate) struct StorageView {
    kind: StorageKindView,
    /// The owner's own cloud, if they live there.
    connection_id: Option<Uuid>,
}

/// A document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Document)]
pub(crate) struct DocumentView {
    id: Uuid,
    title: String,
    /// The name it was uploaded with.
    filename: String,
    /// Decided by the content.
    mime_type: &'static str,
    size_bytes: u64,
    sha256: String,
    page_count: Option<u32>,
    /// Whether there is a picture of its first page, to be had at `/documents/{id}/thumbnail`.
    has_thumbnail: bool,
    status: StatusView,
    /// A sentence for people on the status.
    status_detail: Option<String>,
    /// Whose it is.
    owner: PersonView,
    access: AccessView,
    folder_id: Option<Uuid>,
    topics: Vec<TopicView>,
    summary: Option<String>,
    /// ISO 639-1.
    language: Option<String>,
    /// The day it bears.
    #[schema(format = Date)]
    document_date: Option<String>,
    /// The words that the day was read from; null when a person set it.
    #[schema(max_length = 120)]
    document_date_words: Option<String>,
    /// Who sent it.
    correspondent: Option<String>,
    storage: StorageView,
    /// Grows with every change by a person; for `If-Match`.
    version: u32,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    #[schema(format = DateTime)]
    trashed_at: Option<String>,
    /// The older document that had the same bytes.
    duplicate_of: Option<Uuid>,
    /// Names of topics that do not exist and might suit it; to make one, give its name in `topics` of
    /// a `PATCH`.
    #[schema(max_items = 2)]
    topic_proposals: Vec<String>,
}

impl DocumentView {
    /// `document`, which is `owner`'s.
    pub(crate) fn of(document: Document, owner: &User) -> Self {
        Self {
            id: document.id.0,
            title: document.title.as_str().to_owned(),
            filename: document.filename,
            mime_type: document.mime_type.as_str(),
            size_bytes: document.size_bytes,
            sha256: document.sha256.as_str().to_owned(),
            page_count: document.page_count,
            has_thumbnail: document.has_thumbnail,
            status: document.status.into(),
            status_detail: document.status_detail,
            owner: PersonView {
                id: owner.id.0,
                handle: owner.handle.as_str().to_owned(),
            },
            access: AccessView::Owner,
            folder_id: document.folder.map(|id| id.0),
            topics: document.topics.into_iter().map(TopicView::from).collect(),
            summary: document.summary.value,
            language: document.language.value,
            document_date: document.document_date.value.map(|date| date.to_string()),
            document_date_words: document.document_date_words,
            correspondent: document.correspondent.value,
            storage: StorageView {
                kind: match document.storage {
                    StorageKind::Filesystem => StorageKindView::Filesystem,
                    StorageKind::S3 => StorageKindView::S3,
                },
                connection_id: document.connection.map(|id| id.0),
            },
            version: document.revision,
            created_at: document.created_at.to_rfc3339(),
            updated_at: document.updated_at.to_rfc3339(),
            trashed_at: document.trashed_at.map(Timestamp::to_rfc3339),
            duplicate_of: document.duplicate_of.map(|id| id.0),
            topic_proposals: document.topic_proposals,
        }
    }
}
