use std::time::Duration;

use docuvault_domain::ports::StorageError;
use s3::error::S3Error;

/// How long to leave a server alone that asks for it without saying how long.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(1);

/// What an answer of the server, or the lack of one, means.
pub(super) fn storage_error(error: S3Error) -> StorageError {
    match error {
        S3Error::HttpFailWithBody(status, ref body) => match status {
            401 | 403 => StorageError::Unauthorized(error.into()),
            404 => StorageError::NotFound,
            429 => StorageError::RateLimited(DEFAULT_RETRY_AFTER),
            503 if body.contains("SlowDown") => StorageError::RateLimited(DEFAULT_RETRY_AFTER),
            507 => StorageError::QuotaExceeded(error.into()),
            408 | 500..=599 => StorageError::Transient(error.into()),
            _ => StorageError::Permanent(error.into()),
        },
        S3Error::Reqwest(error) => transport_error(error),
        S3Error::Io(error) => StorageError::Transient(error.into()),
        error => StorageError::Permanent(error.into()),
    }
}

/// A request that got no whole answer. Its URL is left out: it may be signed.
pub(super) fn transport_error(error: reqwest::Error) -> StorageError {
    StorageError::Transient(error.without_url().into())
}

/// The bucket is missing, where it is not an object that was asked for.
pub(super) fn bucket_missing(error: StorageError) -> StorageError {
    match error {
        StorageError::NotFound => StorageError::Permanent("there is no such bucket".into()),
        error => error,
    }
}

/// Whether the same request may succeed in a moment.
pub(super) fn is_transient(error: &StorageError) -> bool {
    matches!(
        error,
        StorageError::Transient(_) | StorageError::RateLimited(_)
    )
}

/// Whether bytes that could not be sent may be sent again. Who waited in vain for the server once
/// has somebody else waiting behind: it is not asked again.
pub(super) fn may_send_again(error: &StorageError) -> bool {
    let timed_out = match error {
        StorageError::Transient(cause) => cause
            .downcast_ref::<reqwest::Error>()
            .is_some_and(reqwest::Error::is_timeout),
        _ => false,
    };
    is_transient(error) && !timed_out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(status: u16, body: &str) -> StorageError {
        storage_error(S3Error::HttpFailWithBody(status, body.to_owned()))
    }

    #[test]
    fn the_kind_says_what_can_be_done() {
        assert!(matches!(kind(403, ""), StorageError::Unauthorized(_)));
        assert!(matches!(kind(404, ""), StorageError::NotFound));
        assert!(matches!(kind(400, ""), StorageError::Permanent(_)));
        assert!(matches!(kind(507, ""), StorageError::QuotaExceeded(_)));
        assert!(matches!(kind(500, ""), StorageError::Transient(_)));
        assert!(matches!(kind(503, ""), StorageError::Transient(_)));
        let slow_down = "<Error><Code>SlowDown</Code></Error>";
        assert!(matches!(kind(503, slow_down), StorageError::RateLimited(_)));
    }
}
