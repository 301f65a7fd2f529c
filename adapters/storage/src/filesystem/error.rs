use std::io::{Error, ErrorKind};

use docuvault_domain::ports::StorageError;
use tokio::task::JoinError;

/// What a failed system call means. Whether a missing file is `NotFound` depends on what was asked
/// for: that is the caller's to say.
pub(super) fn storage_error(error: Error) -> StorageError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            StorageError::QuotaExceeded(error.into())
        }
        ErrorKind::PermissionDenied
        | ErrorKind::ReadOnlyFilesystem
        | ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::InvalidInput => StorageError::Permanent(error.into()),
        _ => StorageError::Transient(error.into()),
    }
}

/// A blocking task that panicked or was not run because the runtime ends.
pub(super) fn task_error(error: JoinError) -> StorageError {
    StorageError::Transient(error.into())
}
