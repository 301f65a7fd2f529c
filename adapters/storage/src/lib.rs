//! Where bytes live: [`FilesystemStorage`] and [`S3Storage`], both a
//! [`StorageBackend`](docuvault_domain::ports::StorageBackend).
//!
//! Both take an upload in blocks of bounded size, hashed on the way, and both make an object
//! visible in one step at the very end, in a task of its own: a caller who goes away can neither
//! break that step in the middle nor leave its result behind.
#![warn(missing_docs)]

mod blocks;
mod filesystem;
mod s3;

pub use filesystem::FilesystemStorage;
pub use s3::{PresignKeys, S3Config, S3Storage};
