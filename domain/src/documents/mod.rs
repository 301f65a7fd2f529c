//! Documents: what they are, and what people do with them.

mod document;
mod mime_type;
mod sha256;
mod title;

pub use document::{Document, DocumentTopic, Field, Source, Status, StorageKind, TopicState};
pub use mime_type::MimeType;
pub use sha256::Sha256;
pub use title::{InvalidTitle, Title};
