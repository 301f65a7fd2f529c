//! The database adapter against real engines: a `SQLite` file and a PostgreSQL server.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod support;

mod audit;
mod conformance;
mod connections;
mod jobs;
mod lists;
mod migration;
mod roles;
