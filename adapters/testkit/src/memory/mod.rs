//! Every port in memory, one file each.

mod classifier;
mod clock;
mod content_types;
mod events;
mod extractor;
mod ids;
mod mailer;
mod secrets;
mod storage;
mod store;

pub use classifier::{FakeClassifier, SeenRequest};
pub use clock::FixedClock;
pub use content_types::FakeContentTypes;
pub use events::MemoryEvents;
pub use extractor::FakeExtractor;
pub use ids::CountingIds;
pub use mailer::MemoryMailer;
pub use secrets::{FakeFactor, FakeHasher, FakeMacKey, FakeSecretBox, FakeTokens};
pub use storage::MemoryStorage;
pub use store::MemoryStore;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A test that panicked while it held a lock must not make others panic too.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
