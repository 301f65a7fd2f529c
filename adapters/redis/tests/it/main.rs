//! Against a real Redis that is flushed, stopped and started again.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what does not hold here is a failed test"
)]

mod conformance;
mod events;
mod queue;
mod support;
