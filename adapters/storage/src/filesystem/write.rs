use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;

use tokio::sync::mpsc::Receiver;

use super::layout::{Files, Layout};
use crate::blocks::Block;

/// An object that nobody has taken over: it goes when this is dropped. So does the result of a
/// task that nobody waits for any longer.
pub(super) struct DeleteOnDrop(Option<Files>);

impl DeleteOnDrop {
    pub(super) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for DeleteOnDrop {
    fn drop(&mut self) {
        let Some(files) = &self.0 else { return };
        if let Err(error) = files.remove() {
            tracing::warn!(path = %files.object.display(), %error, "remains of an upload stay until the sweep");
        }
    }
}

/// Writes blocks until the last one and makes the object visible when all is durable. A sender who
/// goes away before the last block leaves nothing.
pub(super) fn write(
    layout: &Layout,
    files: &Files,
    mut blocks: Receiver<Block>,
) -> io::Result<DeleteOnDrop> {
    layout.make_dir(files)?;
    let unclaimed = DeleteOnDrop(Some(files.clone()));
    let mut part = create(files)?;
    loop {
        let Some(block) = blocks.blocking_recv() else {
            return Err(ErrorKind::UnexpectedEof.into());
        };
        part.write_all(&block.bytes)?;
        if block.last {
            break;
        }
    }
    part.sync_all()?;
    fs::rename(&files.part, &files.object)?;
    files.sync()?;
    Ok(unclaimed)
}

fn create(files: &Files) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&files.part)
}
