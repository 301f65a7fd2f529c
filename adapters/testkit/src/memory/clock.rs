use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use docuvault_domain::Timestamp;
use docuvault_domain::ports::Clock;

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stands at `at`.
    pub const fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_micros()))
    }

    /// Puts it to `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_micros(), Ordering::SeqCst);
    }

    /// Moves it on by `by` and returns the new time.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let later = self.now().plus(by);
        self.set(later);
        later
    }
}

impl Default for FixedClock {
    /// Stands at noon of 1 March 2026, UTC.
    fn default() -> Self {
        Self::at(Timestamp::from_micros(1_772_366_400_000_000))
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}
