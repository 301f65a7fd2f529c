//! Documents: what they are, and what people do with them.

mod change;
mod document;
mod download;
mod download_link;
mod mime_type;
mod sha256;
mod thumbnail;
mod title;
mod upload;

pub use change::{
    BulkAction, BulkError, BulkOutcome, BulkSelection, ChangeDocuments, ChangeError, Edits, Patch,
    TopicRef,
};
pub use document::{
    Document, DocumentTopic, Field, Filing, Source, Status, StorageKind, TopicState,
};
pub use download::{Content, DownloadDocument, DownloadError};
pub use download_link::{DownloadLinks, Link, Presentation};
pub use mime_type::MimeType;
pub use sha256::Sha256;
pub use title::{InvalidTitle, Title};
pub use upload::{
    NewDocument, OnDuplicate, Ticket, UploadClaim, UploadDocument, UploadError, clean_filename,
};
