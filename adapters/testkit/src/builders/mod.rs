//! Short ways to make what tests need.

mod document;
mod streams;

pub use document::{DocumentBuilder, a_document};
pub use streams::{bytes, chunks, collect, failing_stream, stalling_stream};
