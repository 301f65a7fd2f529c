use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use bytes::Bytes;
use docuvault_domain::ports::{ByteRange, ByteStream, StreamError};
use futures::{StreamExt, stream};
use tokio::task::spawn_blocking;

/// Read at once: a small object takes one trip to a blocking thread, a large one few.
const CHUNK: u64 = 128 * 1024;

/// A file on its way out.
pub(super) struct Reading {
    file: File,
    remaining: u64,
}

impl Reading {
    /// Opens the file and reads its first chunk.
    pub(super) fn start(path: &Path, range: Option<ByteRange>) -> io::Result<(Bytes, Self)> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let remaining = match range {
            None => size,
            Some(ByteRange { start, end }) if start <= end && end < size => {
                file.seek(SeekFrom::Start(start))?;
                end - start + 1
            }
            Some(_) => return Err(ErrorKind::InvalidInput.into()),
        };
        let mut reading = Self { file, remaining };
        Ok((reading.chunk()?, reading))
    }

    fn chunk(&mut self) -> io::Result<Bytes> {
        let size = self.remaining.min(CHUNK);
        let mut chunk = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        (&mut self.file).take(size).read_to_end(&mut chunk)?;
        let read = chunk.len() as u64;
        if read < size {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.remaining -= read;
        Ok(chunk.into())
    }

    /// `first`, then the rest.
    pub(super) fn stream(self, first: Bytes) -> ByteStream {
        let rest = stream::try_unfold(self, |mut reading| async {
            if reading.remaining == 0 {
                return Ok(None);
            }
            let read = spawn_blocking(move || Ok((reading.chunk()?, reading)));
            read.await
                .map_err(|error| StreamError::Failed(error.into()))?
                .map(Some)
                .map_err(|error: io::Error| StreamError::Failed(error.into()))
        });
        let first = (!first.is_empty()).then_some(Ok(first));
        stream::iter(first).chain(rest).boxed()
    }
}
