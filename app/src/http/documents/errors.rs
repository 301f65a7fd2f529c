//! What several operations on documents fail with.

use docuvault_domain::documents::{ChangeError, DownloadError};

use crate::http::problem::{ErrorCode, Problem};

impl From<DownloadError> for Problem {
    fn from(error: DownloadError) -> Self {
        match error {
            DownloadError::NotFound => Self::not_found(),
            DownloadError::NoThumbnail => Self::new(
                ErrorCode::NoThumbnail,
                "There is no picture of this document: it has not been read yet, or none can be made \
                 of it. The document itself can be downloaded.",
            ),
            DownloadError::Storage(error) => Self::fault(
                ErrorCode::StorageUnavailable,
                "The document is known, but its content cannot be reached at the moment. Please try \
                 again in a few seconds.",
                &error,
            ),
            DownloadError::Port(error) => error.into(),
        }
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::NotFound => Self::not_found(),
            ChangeError::RevisionMismatch(current) => Self::new(
                ErrorCode::VersionMismatch,
                format!(
                    "The document was changed meanwhile and is at version {current}. Nothing was \
                     changed; load it again first."
                ),
            ),
            ChangeError::UnknownTopic(topic) => Self::new(
                ErrorCode::UnknownTopic,
                format!("You have no topic {topic}. Nothing was changed."),
            ),
            ChangeError::InvalidTopic(_) => Self::field(
                "topics",
                "A topic is named by its id, or by a name of 1 to 80 characters on one line.",
            ),
            ChangeError::Port(error) => error.into(),
        }
    }
}
