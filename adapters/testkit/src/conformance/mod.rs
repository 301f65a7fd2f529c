//! One suite per port: what the contract at the trait says, as cases that an implementation must
//! pass. A suite runs all of its cases and then fails with the names of those that did not hold.
#![expect(
    clippy::unwrap_used,
    reason = "a suite states what must hold; breaking that is a failed test"
)]

mod fixtures;
mod report;

pub mod events;
pub mod queue;
pub mod storage;
pub mod store;
