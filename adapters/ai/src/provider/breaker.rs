//! A circuit breaker: a provider that fails again and again is not asked for a while.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use docuvault_domain::Timestamp;
use docuvault_domain::ports::Clock;

/// How many failures in a row open the circuit.
const FAILURES: u32 = 5;
/// How long it stays open, then one request is let through as a probe.
const OPEN_FOR: Duration = Duration::from_mins(1);
/// When to ask again while that one is under way.
const PROBE_RETRY_AFTER: Duration = Duration::from_secs(5);

#[derive(Clone, Copy)]
enum State {
    Closed { failures: u32 },
    Open { until: Timestamp },
    Probing,
}

/// Open, closed, or trying.
pub(super) struct Breaker(Mutex<State>);

/// The permit for one request. Dropped without a report, it leaves everything as it was.
pub(super) struct Permit<'a> {
    breaker: &'a Breaker,
    clock: &'a dyn Clock,
    probe: bool,
    reported: bool,
}

impl Breaker {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(State::Closed { failures: 0 }))
    }

    /// A permit for one request, or how long to wait for it.
    pub(super) fn acquire<'a>(&'a self, clock: &'a dyn Clock) -> Result<Permit<'a>, Duration> {
        let now = clock.now();
        let mut state = self.state();
        let probe = match *state {
            State::Closed { .. } => false,
            State::Open { until } if until > now => return Err(until.since(now)),
            State::Open { .. } => true,
            State::Probing => return Err(PROBE_RETRY_AFTER),
        };
        if probe {
            *state = State::Probing;
        }
        Ok(Permit {
            breaker: self,
            clock,
            probe,
            reported: false,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// The provider answered, whatever it said.
    pub(super) fn succeeded(mut self) {
        self.reported = true;
        *self.breaker.state() = State::Closed { failures: 0 };
    }

    /// It did not.
    pub(super) fn failed(mut self) {
        self.reported = true;
        let open = State::Open {
            until: self.clock.now().plus(OPEN_FOR),
        };
        let mut state = self.breaker.state();
        *state = match *state {
            State::Closed { failures } if failures + 1 < FAILURES => State::Closed {
                failures: failures + 1,
            },
            State::Closed { .. } => open,
            State::Probing if self.probe => open,
            // Somebody else's failures have opened it, or somebody else tries.
            state => state,
        };
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.probe && !self.reported {
            *self.breaker.state() = State::Open {
                until: self.clock.now(),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[derive(Default)]
    struct Seconds(AtomicI64);

    impl Seconds {
        fn advance(&self, seconds: i64) {
            self.0.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    impl Clock for Seconds {
        fn now(&self) -> Timestamp {
            Timestamp::from_micros(self.0.load(Ordering::SeqCst) * 1_000_000)
        }
    }

    fn opened(clock: &Seconds) -> Breaker {
        let breaker = Breaker::new();
        for _ in 0..FAILURES {
            breaker.acquire(clock).ok().unwrap().failed();
        }
        breaker
    }

    fn retry_after(breaker: &Breaker, clock: &Seconds) -> Option<Duration> {
        breaker.acquire(clock).err()
    }

    #[test]
    fn five_failures_in_a_row_open_the_circuit() {
        let clock = Seconds::default();
        let breaker = Breaker::new();
        for _ in 0..FAILURES - 1 {
            breaker.acquire(&clock).ok().unwrap().failed();
        }
        breaker.acquire(&clock).ok().unwrap().succeeded();
        for _ in 0..FAILURES {
            breaker.acquire(&clock).ok().unwrap().failed();
        }
        assert_eq!(retry_after(&breaker, &clock), Some(OPEN_FOR));
        clock.advance(59);
        assert_eq!(retry_after(&breaker, &clock), Some(Duration::from_secs(1)));
    }

    #[test]
    fn an_open_circuit_lets_one_probe_through_after_its_time() {
        let clock = Seconds::default();
        let breaker = opened(&clock);
        clock.advance(60);
        let probe = breaker.acquire(&clock).ok().unwrap();
        assert_eq!(retry_after(&breaker, &clock), Some(PROBE_RETRY_AFTER));
        probe.failed();
        assert_eq!(retry_after(&breaker, &clock), Some(OPEN_FOR));
        clock.advance(60);
        breaker.acquire(&clock).ok().unwrap().succeeded();
        assert_eq!(retry_after(&breaker, &clock), None);
    }

    #[test]
    fn a_dropped_probe_lets_the_next_one_through() {
        let clock = Seconds::default();
        let breaker = opened(&clock);
        clock.advance(60);
        drop(breaker.acquire(&clock));
        breaker.acquire(&clock).ok().unwrap().succeeded();
        assert_eq!(retry_after(&breaker, &clock), None);
    }

    #[test]
    fn failures_of_earlier_requests_do_not_extend_the_open_time() {
        let clock = Seconds::default();
        let breaker = Breaker::new();
        let late = breaker.acquire(&clock).ok().unwrap();
        for _ in 0..FAILURES {
            breaker.acquire(&clock).ok().unwrap().failed();
        }
        clock.advance(30);
        late.failed();
        assert_eq!(retry_after(&breaker, &clock), Some(Duration::from_secs(30)));
    }
}
