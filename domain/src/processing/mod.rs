//! What happens to a document after it was taken in.

mod document_job;
mod file_document;
mod filing;
mod process_document;
mod sweep;
mod thumbnail;

pub use document_job::{DocumentVersion, FILE, PIPELINE_VERSION, PROCESS};
pub use file_document::FileDocument;
pub use filing::Filer;
pub use process_document::{MAX_ATTEMPTS, ProcessDocument};
pub use sweep::{Sweep, Swept};
