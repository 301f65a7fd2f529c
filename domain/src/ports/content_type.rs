//! What a file is, told by its first bytes.

use crate::documents::MimeType;

/// Decides the MIME type of an upload.
pub trait ContentTypes: Send + Sync {
    /// The type of a file that starts with `head` (8 KiB, or the whole file when it is shorter).
    /// Content decides; `filename` only chooses among kinds that these bytes do not tell apart: those
    /// of plain text (Markdown, CSV …), and those of one container whose telling part lies beyond. `None` when the kind is not one the vault takes.
    fn detect(&self, head: &[u8], filename: &str) -> Option<MimeType>;
}
