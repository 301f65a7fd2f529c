//! The database: [`SeaStore`] implements the domain's `Store` with all repositories on PostgreSQL and
//! `SQLite`.
//!
//! One SQL text serves both engines wherever they agree, and stays constant wherever it can, because
//! both prepare it once per connection. `dialect.rs` is the only place that asks which engine it is.
#![warn(missing_docs)]

mod connect;
mod dialect;
mod error;
#[cfg(test)]
mod plans;
mod repo;
mod sql;
mod store;
mod stored;
mod writer;

pub use connect::{DatabaseConfig, connect};
pub use store::SeaStore;
