//! The repositories, one file each: `SqlRepos` implements them all.

mod api_tokens;
mod audit;
mod audit_chain;
pub(crate) mod documents;
mod factors;
mod idempotency;
mod instance;
mod invites;
pub(crate) mod jobs;
mod learning;
mod limits;
mod mails;
mod objects;
mod quotas;
mod resets;
mod sessions;
mod signing_keys;
mod sso;
mod topics;
mod users;
