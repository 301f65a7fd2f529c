use std::fs::File;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::config::Config;

/// The data directory, made if need be, for this user alone.
pub(super) fn prepare_data_dir(config: &Config) -> anyhow::Result<PathBuf> {
    let path = &config.data_dir;
    let mut builder = std::fs::DirBuilder::new();
    builder
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| {
            format!(
                "The data directory {} cannot be made or is not a directory",
                path.display()
            )
        })?;
    std::path::absolute(path).context("The data directory")
}

pub(super) fn private_file(path: &Path) -> anyhow::Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(0o600);
    options
        .open(path)
        .with_context(|| format!("{}", path.display()))
}

/// SQLite has one writer, and leases and events of an embedded vault live in one process: a second
/// server on the same directory is refused.
pub(super) fn lock_data_dir(config: &Config) -> anyhow::Result<File> {
    let file = private_file(&prepare_data_dir(config)?.join("docuvault.lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => bail!(
            "Another DocuVault is running on {}. An embedded vault (SQLite) is one process: stop the \
             other one, use another --data-dir, or set DATABASE_URL to run several.",
            config.data_dir.display()
        ),
        Err(std::fs::TryLockError::Error(error)) => {
            Err(error).context("Locking the data directory")
        }
    }
}
