use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use docuvault_domain::documents::{Sha256, StorageKind};
use docuvault_domain::ports::{
    ByteRange, ByteStream, Disposition, ObjectKey, StorageBackend, StorageError, Stored,
    StreamError,
};
use futures::StreamExt;
use sha2::Digest;
use tokio::sync::watch;

use super::lock;
use crate::builders::{chunks, failing_stream};

/// What `get` hands out at a time.
const PIECE: usize = 64 * 1024;

/// Objects in a map, with switches for what goes wrong in a real store.
#[derive(Default)]
pub struct MemoryStorage {
    state: Mutex<State>,
    held: watch::Sender<Held>,
    waiting: watch::Sender<usize>,
}

/// Which calls wait.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Held {
    #[default]
    None,
    WaitingOnly,
    Puts,
    PutsAndGets,
}

#[derive(Default)]
struct State {
    objects: HashMap<ObjectKey, Bytes>,
    faults: Faults,
}

/// What goes wrong next; each fault strikes once.
#[derive(Default)]
struct Faults {
    put: Option<(u64, StorageError)>,
    get: Option<StorageError>,
    get_stream: Option<(usize, StreamError)>,
    delete: Option<StorageError>,
}

impl MemoryStorage {
    /// An empty store in which nothing goes wrong.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next put fails before it reads anything.
    pub fn fail_next_put(&self, error: StorageError) {
        self.break_next_put(0, error);
    }

    /// The next put fails once it has read `after` bytes.
    pub fn break_next_put(&self, after: u64, error: StorageError) {
        self.state().faults.put = Some((after, error));
    }

    /// The next get fails.
    pub fn fail_next_get(&self, error: StorageError) {
        self.state().faults.get = Some(error);
    }

    /// The stream of the next get fails after `after` bytes.
    pub fn break_next_get(&self, after: usize, error: StreamError) {
        self.state().faults.get_stream = Some((after, error));
    }

    /// The next delete or discard fails and removes nothing.
    pub fn fail_next_delete(&self, error: StorageError) {
        self.state().faults.delete = Some(error);
    }

    /// From now on a put waits before its object appears, and a get before it answers.
    pub fn hold(&self) {
        self.held.send_replace(Held::PutsAndGets);
    }

    /// As [`Self::hold`], and gets go on.
    pub fn hold_puts(&self) {
        self.held.send_replace(Held::Puts);
    }

    /// From now on nothing else waits; what waits goes on waiting.
    pub fn let_others_pass(&self) {
        self.held.send_replace(Held::WaitingOnly);
    }

    /// Lets all go on that wait for the end of a [`Self::hold`] or [`Self::hold_puts`].
    pub fn release(&self) {
        self.held.send_replace(Held::None);
    }

    /// Returns once a put or get waits for [`Self::release`].
    pub async fn until_waiting(&self) {
        // Cannot fail: the sender lives in `self`.
        let _ = self.waiting.subscribe().wait_for(|n| *n > 0).await;
    }

    /// The keys of all objects, sorted.
    pub fn keys(&self) -> Vec<ObjectKey> {
        let mut keys: Vec<_> = self.state().objects.keys().cloned().collect();
        keys.sort_by(|a, b| a.as_str().cmp(b.as_str()));
        keys
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    async fn pass_gate(&self, waits: fn(Held) -> bool) {
        let mut held = self.held.subscribe();
        if waits(*held.borrow()) {
            let _waits = Waits::new(&self.waiting);
            let _ = held.wait_for(|held| *held == Held::None).await;
        }
    }
}

/// Counts a waiting call, also when its future is dropped.
struct Waits<'a>(&'a watch::Sender<usize>);

impl<'a> Waits<'a> {
    fn new(count: &'a watch::Sender<usize>) -> Self {
        count.send_modify(|n| *n += 1);
        Self(count)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|n| *n -= 1);
    }
}

#[async_trait]
impl StorageBackend for MemoryStorage {
    fn kind(&self) -> StorageKind {
        StorageKind::Filesystem
    }

    async fn put(
        &self,
        key: &ObjectKey,
        mut bytes: ByteStream,
        _size_hint: Option<u64>,
    ) -> Result<Stored, StorageError> {
        let mut fault = self.state().faults.put.take();
        let (mut content, mut hasher) = (BytesMut::new(), sha2::Sha256::new());
        loop {
            if let Some((_, error)) = fault.take_if(|(after, _)| content.len() as u64 >= *after) {
                return Err(error);
            }
            match bytes.next().await {
                Some(piece) => {
                    let piece = piece.map_err(StorageError::Source)?;
                    hasher.update(&piece);
                    content.extend_from_slice(&piece);
                }
                None => break,
            }
        }
        self.pass_gate(|held| matches!(held, Held::Puts | Held::PutsAndGets))
            .await;
        let sha256 = Sha256::parse(hex::encode(hasher.finalize()))
            .ok_or_else(|| StorageError::Permanent("not a digest".into()))?;
        let size = content.len() as u64;
        self.state().objects.insert(key.clone(), content.freeze());
        Ok(Stored { size, sha256 })
    }

    async fn get(
        &self,
        key: &ObjectKey,
        range: Option<ByteRange>,
    ) -> Result<ByteStream, StorageError> {
        self.pass_gate(|held| held == Held::PutsAndGets).await;
        let mut state = self.state();
        if let Some(error) = state.faults.get.take() {
            return Err(error);
        }
        let object = state.objects.get(key).ok_or(StorageError::NotFound)?;
        let content = match range {
            Some(range) => part(object, range)?,
            None => object.clone(),
        };
        Ok(match state.faults.get_stream.take() {
            Some((after, error)) => {
                let before = content.slice(..after.min(content.len()));
                failing_stream(pieces(before), error)
            }
            None => pieces(content),
        })
    }

    async fn stat(&self, key: &ObjectKey) -> Result<Option<u64>, StorageError> {
        Ok(self
            .state()
            .objects
            .get(key)
            .map(|bytes| bytes.len() as u64))
    }

    async fn delete(&self, key: &ObjectKey) -> Result<(), StorageError> {
        let mut state = self.state();
        if let Some(error) = state.faults.delete.take() {
            return Err(error);
        }
        state.objects.remove(key);
        Ok(())
    }

    async fn discard(&self, key: &ObjectKey) -> Result<(), StorageError> {
        self.delete(key).await
    }

    async fn presign_get(
        &self,
        _key: &ObjectKey,
        _ttl: Duration,
        _disposition: &Disposition,
    ) -> Result<Option<String>, StorageError> {
        Ok(None)
    }

    async fn check(&self) -> Result<(), StorageError> {
        Ok(())
    }
}

fn part(object: &Bytes, range: ByteRange) -> Result<Bytes, StorageError> {
    let index = |at: u64| usize::try_from(at).ok().filter(|at| *at < object.len());
    match (index(range.start), index(range.end)) {
        (Some(start), Some(end)) if start <= end => Ok(object.slice(start..=end)),
        _ => Err(StorageError::Permanent(
            "range outside of the object".into(),
        )),
    }
}

fn pieces(mut content: Bytes) -> ByteStream {
    chunks(std::iter::from_fn(move || {
        let piece = content.split_to(PIECE.min(content.len()));
        (!piece.is_empty()).then_some(piece)
    }))
}
