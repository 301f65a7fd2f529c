//! Why there is no answer, and what can be done about it.

use std::error::Error;
use std::time::Duration;

use docuvault_domain::fault::PortError;
use docuvault_domain::ports::ClassifierError;

/// What happened. Holds no key, no URL and nothing that a document or a server says.
pub(super) type Cause = Box<dyn Error + Send + Sync>;

const CONTEXT: &str = "asking the model";

#[derive(Debug)]
pub(super) enum Failure {
    /// Worth another try later.
    Unavailable {
        retry_after: Option<Duration>,
        cause: Cause,
    },
    /// Not for this document.
    NoAnswer(Cause),
    /// Not before an administrator has mended something.
    Misconfigured(Cause),
    /// The text does not fit the model's window.
    TooLong(Cause),
    /// The answer did not fit the tokens it was given.
    CutShort,
    /// The server itself threw away what its model said.
    InvalidOutput,
    /// The server does not know a part of the request; the next one goes without it.
    UnsupportedParameter(Cause),
}

impl Failure {
    pub(super) fn unavailable(cause: impl Into<Cause>) -> Self {
        Self::Unavailable {
            retry_after: None,
            cause: cause.into(),
        }
    }

    pub(super) fn no_answer(cause: impl Into<Cause>) -> Self {
        Self::NoAnswer(cause.into())
    }

    /// For the log.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Unavailable { .. } => "unavailable",
            Self::NoAnswer(_) => "no answer",
            Self::Misconfigured(_) => "misconfigured",
            Self::TooLong(_) => "too long",
            Self::CutShort => "cut short",
            Self::InvalidOutput => "invalid output",
            Self::UnsupportedParameter(_) => "unsupported parameter",
        }
    }
}

impl From<Failure> for ClassifierError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable { retry_after, cause } => Self::Unavailable {
                retry_after,
                source: PortError::transient(CONTEXT, cause),
            },
            Failure::Misconfigured(cause) => {
                Self::Misconfigured(PortError::permanent(CONTEXT, cause))
            }
            Failure::NoAnswer(cause)
            | Failure::TooLong(cause)
            | Failure::UnsupportedParameter(cause) => {
                Self::NoAnswer(PortError::permanent(CONTEXT, cause))
            }
            Failure::CutShort => no_answer("the answer was cut short"),
            Failure::InvalidOutput => no_answer("the model gave no valid JSON"),
        }
    }
}

fn no_answer(why: &'static str) -> ClassifierError {
    ClassifierError::NoAnswer(PortError::permanent(CONTEXT, why))
}
