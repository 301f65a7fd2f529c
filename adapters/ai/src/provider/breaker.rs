//! Leaves a provider alone that fails again and again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use docuvault_domain::Timestamp;
use docuvault_domain::ports::Clock;

/// So many failures in a row open the circuit.
const FAILURES: u32 = 5;
/// So long it stays open, then one request tries.
const REST: Duration = Duration::from_mins(1);
/// When to ask again while that one is under way.
const PROBE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy)]
enum State {
    Closed { failures: u32 },
    Open { until: Timestamp },
    Probing,
}

/// Open, closed, or trying.
pub(super) struct Breaker(Mutex<State>);

/// Leave for one request. Given back unused, it leaves everything as it was.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    clock: &'a dyn Clock,
    probe: bool,
    settled: bool,
}

impl Breaker {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(State::Closed { failures: 0 }))
    }

    /// Leave to ask, or how long to wait for it.
    pub(super) fn enter<'a>(&'a self, clock: &'a dyn Clock) -> Result<Pass<'a>, Duration> {
        let now = clock.now();
        let mut state = self.state();
        let probe = match *state {
            State::Closed { .. } => false,
            State::Open { until } if until > now => return Err(until.since(now)),
            State::Open { .. } => true,
            State::Probing => return Err(PROBE),
        };
        if probe {
            *state = State::Probing;
        }
        Ok(Pass {
            breaker: self,
            clock,
            probe,
            settled: false,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// The provider answered, whatever it said.
    pub(super) fn answered(mut self) {
        self.settled = true;
        *self.breaker.state() = State::Closed { failures: 0 };
    }

    /// It did not.
    pub(super) fn failed(mut self) {
        self.settled = true;
        let open = State::Open {
            until: self.clock.now().plus(REST),
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

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probe && !self.settled {
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
        fn pass(&self, seconds: i64) {
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
            breaker.enter(clock).ok().unwrap().failed();
        }
        breaker
    }

    fn wait(breaker: &Breaker, clock: &Seconds) -> Option<Duration> {
        breaker.enter(clock).err()
    }

    #[test]
    fn five_failures_in_a_row_open_it() {
        let clock = Seconds::default();
        let breaker = Breaker::new();
        for _ in 0..FAILURES - 1 {
            breaker.enter(&clock).ok().unwrap().failed();
        }
        breaker.enter(&clock).ok().unwrap().answered();
        for _ in 0..FAILURES {
            breaker.enter(&clock).ok().unwrap().failed();
        }
        assert_eq!(wait(&breaker, &clock), Some(REST));
        clock.pass(59);
        assert_eq!(wait(&breaker, &clock), Some(Duration::from_secs(1)));
    }

    #[test]
    fn then_one_request_tries() {
        let clock = Seconds::default();
        let breaker = opened(&clock);
        clock.pass(60);
        let probe = breaker.enter(&clock).ok().unwrap();
        assert_eq!(wait(&breaker, &clock), Some(PROBE));
        probe.failed();
        assert_eq!(wait(&breaker, &clock), Some(REST));
        clock.pass(60);
        breaker.enter(&clock).ok().unwrap().answered();
        assert_eq!(wait(&breaker, &clock), None);
    }

    #[test]
    fn a_try_that_was_broken_off_leaves_the_next_one_free() {
        let clock = Seconds::default();
        let breaker = opened(&clock);
        clock.pass(60);
        drop(breaker.enter(&clock));
        breaker.enter(&clock).ok().unwrap().answered();
        assert_eq!(wait(&breaker, &clock), None);
    }

    #[test]
    fn late_failures_do_not_lengthen_the_rest() {
        let clock = Seconds::default();
        let breaker = Breaker::new();
        let late = breaker.enter(&clock).ok().unwrap();
        for _ in 0..FAILURES {
            breaker.enter(&clock).ok().unwrap().failed();
        }
        clock.pass(30);
        late.failed();
        assert_eq!(wait(&breaker, &clock), Some(Duration::from_secs(30)));
    }
}
