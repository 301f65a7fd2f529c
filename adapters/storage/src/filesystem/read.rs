use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

use bytes::Bytes;
use docuvault_domain::ports::{ByteRange, ByteStream, StreamError};
use futures::{StreamExt, stream};
use tokio::task::{JoinHandle, spawn_blocking};

/// Handed on at once. Larger pieces come from and go back to the kernel each time, which costs more
/// than reading them.
const CHUNK: u64 = 64 * 1024;

/// Chunks that one trip to a blocking thread reads: a small object takes one trip, a large one few.
/// The next trip is under way while these are handed on, so this much twice is in memory.
const CHUNKS_A_TRIP: usize = 4;

/// A file on its way out.
pub(super) struct Reading {
    file: File,
    remaining: u64,
}

/// What one trip brought.
type Trip = (VecDeque<Bytes>, Reading);

impl Reading {
    /// Opens the file and makes the first trip.
    pub(super) fn start(path: &Path, range: Option<ByteRange>) -> io::Result<Trip> {
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
        Self { file, remaining }.trip()
    }

    fn trip(mut self) -> io::Result<Trip> {
        let mut chunks = VecDeque::with_capacity(CHUNKS_A_TRIP);
        while self.remaining > 0 && chunks.len() < CHUNKS_A_TRIP {
            chunks.push_back(self.chunk()?);
        }
        Ok((chunks, self))
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

    /// The trip after this one, if there is anything left to fetch.
    fn go(self) -> Option<JoinHandle<io::Result<Trip>>> {
        (self.remaining > 0).then(|| spawn_blocking(move || self.trip()))
    }
}

/// What was read, then the rest.
pub(super) fn stream((chunks, reading): Trip) -> ByteStream {
    let state = (chunks, reading.go());
    stream::try_unfold(state, |(mut chunks, mut next)| async {
        if chunks.is_empty()
            && let Some(trip) = next
        {
            let trip = trip
                .await
                .map_err(|error| StreamError::Failed(error.into()))?;
            let reading;
            (chunks, reading) = trip.map_err(|error| StreamError::Failed(error.into()))?;
            next = reading.go();
        }
        Ok(chunks.pop_front().map(|chunk| (chunk, (chunks, next))))
    })
    .boxed()
}
