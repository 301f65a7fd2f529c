//! The repositories, one file each: `SqlRepos` implements them all.

mod audit;
pub(crate) mod documents;
mod factors;
mod idempotency;
mod instance;
pub(crate) mod jobs;
mod learning;
mod limits;
mod objects;
mod sessions;
mod topics;
mod users;
