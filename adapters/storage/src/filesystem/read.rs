use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, IoSliceMut, Read, Seek, SeekFrom};
use std::path::Path;

use bytes::Bytes;
use docuvault_domain::ports::{ByteRange, ByteStream, StreamError};
use futures::{StreamExt, stream};
use rustix::io::{Errno, ReadWriteFlags, preadv2};
use tokio::task::{JoinHandle, spawn_blocking};

/// Handed on at once. Each piece may wake whoever receives it: larger ones wake less often.
const CHUNK: usize = 256 * 1024;

/// Chunks that are read at once on a blocking thread: a small object takes one batch, a large one few.
/// The next batch may be under way while these are handed on, so this much twice is in memory.
const CHUNKS_PER_BATCH: usize = 4;

/// A file on its way out.
pub(super) struct Reading {
    file: File,
    offset: u64,
    remaining: u64,
    /// Whether the filesystem reports what it holds in memory. Network filesystems often do not.
    reports_cached: bool,
}

/// What was read at once.
type ReadBatch = (VecDeque<Bytes>, Reading);

/// Where the rest comes from.
enum ReadState {
    /// Not requested yet.
    Unread(Reading),
    /// A batch is being read.
    Coming(JoinHandle<io::Result<ReadBatch>>),
}

impl Reading {
    /// Opens the file and reads the first batch.
    pub(super) fn start(path: &Path, range: Option<ByteRange>) -> io::Result<ReadBatch> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let (offset, remaining) = match range {
            None => (0, size),
            Some(ByteRange { start, end }) if start <= end && end < size => {
                (start, end - start + 1)
            }
            Some(_) => return Err(ErrorKind::InvalidInput.into()),
        };
        let reading = Self {
            file,
            offset,
            remaining,
            reports_cached: true,
        };
        reading.read_batch()
    }

    fn read_batch(mut self) -> io::Result<ReadBatch> {
        let mut chunks = VecDeque::with_capacity(CHUNKS_PER_BATCH);
        self.file.seek(SeekFrom::Start(self.offset))?;
        while self.remaining > 0 && chunks.len() < CHUNKS_PER_BATCH {
            let size = self.chunk_size();
            let mut chunk = Vec::with_capacity(size);
            (&mut self.file).take(size as u64).read_to_end(&mut chunk)?;
            if chunk.len() < size {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            self.advance(chunk.len());
            chunks.push_back(chunk.into());
        }
        Ok((chunks, self))
    }

    /// The next chunk, or the start of it, if it is in memory: most are, and going to another
    /// thread costs more than copying them.
    fn cached(&mut self) -> Option<Bytes> {
        if !self.reports_cached {
            return None;
        }
        let mut chunk = vec![0; self.chunk_size()];
        let into = &mut [IoSliceMut::new(&mut chunk)];
        match preadv2(&self.file, into, self.offset, ReadWriteFlags::NOWAIT) {
            Ok(read @ 1..) => {
                chunk.truncate(read);
                self.advance(read);
                Some(chunk.into())
            }
            Ok(0) | Err(Errno::AGAIN | Errno::INTR) => None,
            Err(_) => {
                self.reports_cached = false;
                None
            }
        }
    }

    fn chunk_size(&self) -> usize {
        usize::try_from(self.remaining).map_or(CHUNK, |remaining| remaining.min(CHUNK))
    }

    fn advance(&mut self, read: usize) {
        self.offset += read as u64;
        self.remaining -= read as u64;
    }

    fn start_batch(self) -> ReadState {
        ReadState::Coming(spawn_blocking(move || self.read_batch()))
    }

    /// What comes after a batch. Where the filesystem does not report what is in memory, the next one starts at
    /// once.
    fn rest(self) -> Option<ReadState> {
        match self {
            Self { remaining: 0, .. } => None,
            Self {
                reports_cached: true,
                ..
            } => Some(ReadState::Unread(self)),
            _ => Some(self.start_batch()),
        }
    }
}

/// What was read, then the rest.
pub(super) fn stream((chunks, reading): ReadBatch) -> ByteStream {
    let state = (chunks, reading.rest());
    stream::try_unfold(state, |(mut chunks, mut rest)| async {
        while chunks.is_empty()
            && let Some(from) = rest
        {
            rest = match from {
                ReadState::Unread(mut reading) => {
                    if let Some(chunk) = reading.cached() {
                        chunks.push_back(chunk);
                        reading.rest()
                    } else {
                        Some(reading.start_batch())
                    }
                }
                ReadState::Coming(read_batch) => {
                    let read_batch = read_batch
                        .await
                        .map_err(|error| StreamError::Failed(error.into()))?;
                    let reading;
                    (chunks, reading) =
                        read_batch.map_err(|error| StreamError::Failed(error.into()))?;
                    reading.rest()
                }
            };
        }
        Ok(chunks.pop_front().map(|chunk| (chunk, (chunks, rest))))
    })
    .boxed()
}
