//! Against vectors from the standards, values made by other implementations, and forgeries.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what does not hold here is a failed test"
)]

mod passwords;
mod secret_box;
mod tokens;
mod totp;
