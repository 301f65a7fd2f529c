//! The use cases over in-memory ports: what they promise, and that they keep it when a port fails,
//! a process dies, or somebody else is faster.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what must hold; breaking that is a failed test"
)]

mod accounts;
mod audit;
mod bulk;
mod delete;
mod download;
mod edit;
mod filing;
mod idempotency;
mod instance;
mod job_table;
mod learning;
mod owners;
mod process_document;
mod reprocess;
mod signing_keys;
mod support;
mod sweep;
mod thumbnails;
mod topics;
mod transport;
mod trash;
mod upload;
