//! Objects as files below a root directory, at the path that is their key.

mod backend;
mod error;
mod layout;
mod read;
mod write;

pub use backend::FilesystemStorage;
