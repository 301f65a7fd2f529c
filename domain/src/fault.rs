//! The one error type of the ports that talk to the database, Redis and the like.

use std::error::Error;

use thiserror::Error;

/// What can be done about a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Trying again later may help: a lost connection, a full pool, a serialisation conflict.
    Transient,
    /// Trying again does not help.
    Permanent,
    /// A uniqueness or reference rule of the store was broken by this write.
    Conflict,
}

/// A port failed. `context` says at what, in words for the log; people never see this text.
#[derive(Debug, Error)]
#[error("{context} failed")]
pub struct PortError {
    /// What can be done about it.
    pub kind: FaultKind,
    context: &'static str,
    #[source]
    source: Box<dyn Error + Send + Sync>,
}

impl PortError {
    /// A failure of `kind`, where `context` says what was being done.
    pub fn new(
        kind: FaultKind,
        context: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            context,
            source: source.into(),
        }
    }

    /// Worth another try.
    pub fn transient(
        context: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::new(FaultKind::Transient, context, source)
    }

    /// Not worth another try.
    pub fn permanent(
        context: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::new(FaultKind::Permanent, context, source)
    }
}

/// An error with its causes, for logs and the jobs table; people never see it.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
