use docuvault_domain::Timestamp;
use docuvault_domain::documents::{
    Document, Field, MimeType, Sha256, Source, Status, StorageKind, Title,
};
use docuvault_domain::ids::{DocumentId, UserId};
use sha2::Digest;

use super::OWNER;
use uuid::Uuid;

/// A document of [`OWNER`] that is `ready`, to be changed as a test needs it.
pub fn a_document() -> DocumentBuilder {
    let at = Timestamp::from_micros(1_772_366_400_000_000);
    DocumentBuilder(Document {
        id: DocumentId(Uuid::from_u128(1)),
        owner: OWNER,
        folder: None,
        title: Title::from_filename("Rent 2026.pdf"),
        title_source: Source::File,
        filename: "Rent 2026.pdf".to_owned(),
        mime_type: MimeType::Pdf,
        size_bytes: 1_000,
        sha256: digest(b"Rent 2026"),
        page_count: None,
        has_thumbnail: false,
        status: Status::Ready,
        status_detail: None,
        summary: Field::EMPTY,
        language: Field::EMPTY,
        document_date: Field::EMPTY,
        correspondent: Field::EMPTY,
        storage: StorageKind::Filesystem,
        connection: None,
        revision: 1,
        content_version: 1,
        created_at: at,
        updated_at: at,
        trashed_at: None,
        duplicate_of: None,
        topic_proposals: Vec::new(),
        document_date_words: None,
        topics: Vec::new(),
    })
}

/// A document in the making.
#[derive(Clone, Debug)]
pub struct DocumentBuilder(Document);

impl DocumentBuilder {
    /// Its id.
    #[must_use]
    pub fn id(self, id: Uuid) -> Self {
        self.with(|document| document.id = DocumentId(id))
    }

    /// Whose it is.
    #[must_use]
    pub fn owner(self, owner: UserId) -> Self {
        self.with(|document| document.owner = owner)
    }

    /// What it is called.
    #[must_use]
    pub fn title(self, title: &str) -> Self {
        let title = Title::from_untrusted(title, Title::MAX_CHARS);
        self.with(|document| document.title = title.unwrap_or_else(|| Title::from_filename("")))
    }

    /// The name it was handed in with.
    #[must_use]
    pub fn filename(self, filename: &str) -> Self {
        self.with(|document| filename.clone_into(&mut document.filename))
    }

    /// What its bytes are.
    #[must_use]
    pub fn mime_type(self, mime_type: MimeType) -> Self {
        self.with(|document| document.mime_type = mime_type)
    }

    /// Its bytes: sets size and digest.
    #[must_use]
    pub fn content(self, bytes: &[u8]) -> Self {
        self.with(|document| {
            document.size_bytes = bytes.len() as u64;
            document.sha256 = digest(bytes);
        })
    }

    /// How many bytes.
    #[must_use]
    pub fn size(self, size_bytes: u64) -> Self {
        self.with(|document| document.size_bytes = size_bytes)
    }

    /// How far it has come.
    #[must_use]
    pub fn status(self, status: Status) -> Self {
        self.with(|document| document.status = status)
    }

    /// The day it bears, as the built-in rules read it.
    #[must_use]
    pub fn dated(self, date: time::Date) -> Self {
        self.with(|document| document.document_date.suggest(Some(date), Source::Rule))
    }

    /// Who sent it, as the built-in rules read it.
    #[must_use]
    pub fn correspondent(self, name: &str) -> Self {
        let name = Some(name.to_owned());
        self.with(|document| document.correspondent.suggest(name, Source::Rule))
    }

    /// When it was taken in and last changed.
    #[must_use]
    pub fn created_at(self, at: Timestamp) -> Self {
        self.with(|document| {
            document.created_at = at;
            document.updated_at = at;
        })
    }

    /// In the trash since `at`.
    #[must_use]
    pub fn trashed_at(self, at: Timestamp) -> Self {
        self.with(|document| document.trashed_at = Some(at))
    }

    /// Any other change.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Document)) -> Self {
        change(&mut self.0);
        self
    }

    /// The document.
    pub fn build(self) -> Document {
        self.0
    }
}

#[expect(clippy::unwrap_used, reason = "SHA-256 always has 64 digits")]
pub(crate) fn digest(bytes: &[u8]) -> Sha256 {
    Sha256::parse(hex::encode(sha2::Sha256::digest(bytes))).unwrap()
}
