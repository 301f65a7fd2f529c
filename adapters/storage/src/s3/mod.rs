//! Objects on an S3 server. Control calls are made by rust-s3; the bytes themselves go by URLs that
//! it presigns, because its own transfer hashes every part three times on the async thread.

mod backend;
mod client;
mod config;
mod disposition;
mod error;
mod listing;
mod upload;

pub use backend::S3Storage;
pub use config::{PresignKeys, S3Config};
