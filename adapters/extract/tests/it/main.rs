//! Documents read by real children, and children that misbehave.
#![expect(
    clippy::unwrap_used,
    reason = "a test says what must hold; breaking that is a failed test"
)]

mod extractor;
mod support;
mod thumbnails;
