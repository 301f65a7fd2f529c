//! The application: configuration, wiring, HTTP, worker and command line around the domain.
//!
//! Only `bootstrap/` and `cli/migrate.rs` name adapter crates; everything else knows ports and use
//! cases.

mod bootstrap;
pub mod cli;
pub mod config;
pub mod http;
mod keys;
mod lifecycle;
mod services;
mod telemetry;
mod uploads;
mod worker;

pub use bootstrap::reader_child;

/// Whether the program was started as `docuvault extract --child`, by itself.
pub fn is_reader_child(mut args: impl Iterator<Item = std::ffi::OsString>) -> bool {
    args.nth(1).is_some_and(|arg| arg == "extract")
        && args.next().is_some_and(|arg| arg == "--child")
}
