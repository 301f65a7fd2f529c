//! The vault from outside: the real binary over HTTP, on SQLite and on PostgreSQL + Redis + S3.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::similar_names,
    reason = "tests say what they expect, show the log of what failed, and patch paths"
)]

mod support;

mod accounts;
mod audit;
mod cli;
mod contract;
mod crash;
mod dependencies;
mod documents;
mod events;
mod filing;
mod health;
mod outages;
mod reading;
mod replicas;
mod requests;
mod schemathesis;
mod streaming;
mod thumbnails;
mod topics;
mod upgrade;
mod uploads;
mod web_app;
