//! Taking the text out of a document, and a thumbnail of its first page.

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;
use time::Date;

use super::ByteStream;
use crate::documents::MimeType;
use crate::fault::PortError;

/// A document to be read.
pub struct TextSource {
    /// What its bytes are.
    pub mime: MimeType,
    /// How many there are.
    pub size: u64,
    /// The bytes.
    pub bytes: ByteStream,
    /// Whether a thumbnail of the first page is wanted beside the text.
    pub thumbnail: bool,
}

/// A small picture of a document's first page. Attacker-controlled, as all that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thumbnail {
    /// A whole WebP file: one opaque picture, its longer edge at most 400 pixels.
    pub webp: Bytes,
}

/// What the document says of itself. Attacker-controlled, as all that is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// The title in its metadata.
    pub title: Option<String>,
    /// The author in its metadata.
    pub author: Option<String>,
    /// When its metadata says it was made.
    pub created: Option<Date>,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The text page by page; one page where the kind has none. No NUL bytes, lines end in `\n`.
    pub pages: Vec<String>,
    /// How many pages the document has, where it has pages.
    pub page_count: Option<u32>,
    /// ISO 639-1 code of the main language, where it is certain enough.
    pub language: Option<String>,
    /// What it says of itself.
    pub properties: Properties,
    /// The text was longer than the limit and was cut.
    pub truncated: bool,
    /// Its kind has no reader for text: there is a picture at most.
    pub no_reader: bool,
    /// What its first page looks like; `None` where that was not asked for or could not be had.
    pub thumbnail: Option<Thumbnail>,
}

/// Why a document has no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// It needs a password.
    Encrypted,
    /// Its bytes are not what its kind demands.
    Damaged,
    /// Reading it takes more memory, time or output than a document may.
    TooDemanding,
    /// Its reader crashed.
    Crashed,
}

/// A clear no, which stays a no when tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The reason, for machines.
    pub reason: RefusalReason,
    /// The reason, as a person understands it.
    pub sentence: String,
}

/// Why nothing was read.
#[derive(Debug, Error)]
pub enum ExtractError {
    /// There is no reader for this kind of file, and no picture of it where one was asked for.
    #[error("no reader for this kind of file")]
    Unsupported,
    /// The document itself is the reason.
    #[error("{}", .0.sentence)]
    Refused(Refusal),
    /// Something around it failed: worth another try.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Reads documents. Untrusted bytes are parsed in a confined process of their own; whatever happens
/// there costs that one document, never the caller.
#[async_trait]
pub trait TextExtractor: Send + Sync {
    /// Reads `source` within the limits of the implementation. A picture that cannot be made, for
    /// whatever reason, takes nothing away from the text.
    async fn extract(&self, source: TextSource) -> Result<Reading, ExtractError>;
}
