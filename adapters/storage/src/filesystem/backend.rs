use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::documents::StorageKind;
use docuvault_domain::ports::{
    ByteRange, ByteStream, Disposition, ObjectKey, StorageBackend, StorageError, Stored,
};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::error::{storage_error, task_error};
use super::layout::Layout;
use super::read::{Reading, stream};
use super::write;
use crate::blocks::Blocks;

/// Taken to the writing thread at once: a small upload takes one trip.
const BLOCK: usize = 128 * 1024;

/// Blocks that wait for the disk; whoever sends more waits too.
const WAITING: usize = 2;

/// A store below a root directory. Only the user who runs the vault can read it.
#[derive(Clone)]
pub struct FilesystemStorage {
    layout: Arc<Layout>,
}

impl FilesystemStorage {
    /// The store below `root`, which is created where it is missing.
    pub async fn open(root: impl Into<PathBuf>) -> Result<Self, StorageError> {
        let root = root.into();
        let layout = blocking(move || Layout::create(root)).await?;
        Ok(Self {
            layout: Arc::new(layout),
        })
    }
}

/// Runs file operations where they may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, StorageError> {
    let result = spawn_blocking(work).await.map_err(task_error)?;
    result.map_err(storage_error)
}

#[async_trait]
impl StorageBackend for FilesystemStorage {
    fn kind(&self) -> StorageKind {
        StorageKind::Filesystem
    }

    async fn put(
        &self,
        key: &ObjectKey,
        bytes: ByteStream,
        size_hint: Option<u64>,
    ) -> Result<Stored, StorageError> {
        let mut blocks = Blocks::new(bytes, BLOCK, size_hint);
        let first = blocks.next().await?;
        let mut more = !first.last;

        let (sender, receiver) = mpsc::channel(WAITING);
        // The channel is empty, and its other end is here.
        let _ = sender.try_send(first);
        let (layout, files) = (Arc::clone(&self.layout), self.layout.files(key));
        let writing = spawn_blocking(move || write::write(&layout, &files, receiver));

        while more {
            let block = match blocks.next().await {
                Ok(block) => block,
                Err(error) => {
                    drop(sender);
                    // It ends without the last block, and has removed what it wrote.
                    let _ = writing.await;
                    return Err(error);
                }
            };
            more = !block.last;
            if sender.send(block).await.is_err() {
                // Writing failed, and says why.
                break;
            }
        }
        let written = writing.await.map_err(task_error)?;
        written.map_err(storage_error)?.keep();
        blocks.stored()
    }

    async fn get(
        &self,
        key: &ObjectKey,
        range: Option<ByteRange>,
    ) -> Result<ByteStream, StorageError> {
        let path = self.layout.files(key).object;
        let start = spawn_blocking(move || Reading::start(&path, range));
        match start.await.map_err(task_error)? {
            Ok(read_batch) => Ok(stream(read_batch)),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(StorageError::NotFound),
            Err(error) => Err(storage_error(error)),
        }
    }

    async fn stat(&self, key: &ObjectKey) -> Result<Option<u64>, StorageError> {
        let path = self.layout.files(key).object;
        blocking(move || match fs::metadata(path) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StorageError> {
        let files = self.layout.files(key);
        blocking(move || files.remove_object()).await
    }

    async fn discard(&self, key: &ObjectKey) -> Result<(), StorageError> {
        let files = self.layout.files(key);
        blocking(move || files.remove()).await
    }

    async fn presign_get(
        &self,
        _: &ObjectKey,
        _: Duration,
        _: &Disposition,
    ) -> Result<Option<String>, StorageError> {
        Ok(None)
    }

    async fn check(&self) -> Result<(), StorageError> {
        let probe = self.layout.root().join(".check");
        blocking(move || {
            fs::write(&probe, b"writable")?;
            match fs::remove_file(&probe) {
                // Another check was faster.
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                result => result,
            }
        })
        .await
    }
}
