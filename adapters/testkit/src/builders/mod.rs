//! Short ways to make what tests need.

mod document;
mod pdf;
mod streams;
mod user;

pub(crate) use document::digest;
pub use document::{DocumentBuilder, a_document};
pub use pdf::{assemble_pdf, encrypted_pdf, pdf, text_pdf};
pub use streams::{bytes, chunks, collect, failing_stream, stalling_stream};
pub use user::{CALLER, OWNER, a_user, add_owner};
