use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use docuvault_domain::PortError;
use docuvault_domain::ports::HashError;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// How many passwords are hashed at a time, and how many wait.
#[derive(Clone, Copy, Debug)]
pub struct HashLimits {
    /// This many at once; each takes [`Cost::memory_kib`](crate::Cost::memory_kib).
    pub at_once: NonZero<u16>,
    /// This many wait for their turn; who comes then is sent away at once.
    pub waiting: u16,
    /// This long; then they are sent away.
    pub patience: Duration,
}

impl Default for HashLimits {
    /// One for each core, 64 waiting for at most 5 s.
    fn default() -> Self {
        let cores = available_parallelism().map_or(1, NonZero::get);
        Self {
            at_once: u16::try_from(cores)
                .ok()
                .and_then(NonZero::new)
                .unwrap_or(NonZero::<u16>::MAX),
            waiting: 64,
            patience: Duration::from_secs(5),
        }
    }
}

/// Long computations on threads of their own, a few at a time.
pub(crate) struct HashLimiter {
    /// For those who wait and those who compute.
    admitted: Semaphore,
    /// For those who compute.
    running: Arc<Semaphore>,
    patience: Duration,
}

impl HashLimiter {
    pub(crate) fn new(limits: HashLimits) -> Self {
        let at_once = usize::from(limits.at_once.get());
        Self {
            admitted: Semaphore::new(at_once + usize::from(limits.waiting)),
            running: Arc::new(Semaphore::new(at_once)),
            patience: limits.patience,
        }
    }

    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashError> {
        let _admission = self.admitted.try_acquire().map_err(|_| HashError::Busy)?;
        let permit = self.running.clone().acquire_owned();
        let Ok(Ok(permit)) = timeout(self.patience, permit).await else {
            return Err(HashError::Busy);
        };
        let work = move || {
            // Ends with the work, which goes on when nobody waits for its result any more.
            let _permit = permit;
            work()
        };
        let done = spawn_blocking(work).await;
        done.map_err(|error| PortError::permanent("hashing a password", error).into())
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::sync::mpsc;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn limiter(waiting: u16, patience: Duration) -> HashLimiter {
        HashLimiter::new(HashLimits {
            at_once: NonZero::<u16>::MIN,
            waiting,
            patience,
        })
    }

    const LONG: Duration = Duration::from_mins(10);

    fn poll<T>(future: std::pin::Pin<&mut impl Future<Output = T>>) -> Poll<T> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn one_works_two_wait_the_next_is_sent_away() {
        let limiter = limiter(2, LONG);
        let (finish, finished) = mpsc::channel::<()>();
        let mut first = pin!(limiter.run(move || finished.recv().is_ok()));
        let mut second = pin!(limiter.run(|| 2));
        let mut third = pin!(limiter.run(|| 3));
        assert!(poll(first.as_mut()).is_pending());
        assert!(poll(second.as_mut()).is_pending());
        assert!(poll(third.as_mut()).is_pending());
        assert!(matches!(limiter.run(|| 4).await, Err(HashError::Busy)));

        finish.send(()).unwrap();
        assert!(first.await.unwrap());
        assert_eq!(second.await.unwrap(), 2);
        assert_eq!(third.await.unwrap(), 3);
        assert_eq!(limiter.run(|| 4).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn patience_ends() {
        let limiter = limiter(2, Duration::ZERO);
        let (finish, finished) = mpsc::channel::<()>();
        let mut first = pin!(limiter.run(move || finished.recv().is_ok()));
        assert!(poll(first.as_mut()).is_pending());
        assert!(matches!(limiter.run(|| 2).await, Err(HashError::Busy)));
        finish.send(()).unwrap();
        assert!(first.await.unwrap());
        assert_eq!(limiter.run(|| 3).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_keeps_its_permit() {
        let limiter = limiter(2, LONG);
        let (finish, finished) = mpsc::channel::<()>();
        {
            let mut first = pin!(limiter.run(move || finished.recv().is_ok()));
            assert!(poll(first.as_mut()).is_pending());
        }
        let mut second = pin!(limiter.run(|| 2));
        assert!(poll(second.as_mut()).is_pending());
        assert_eq!(limiter.running.available_permits(), 0);
        finish.send(()).unwrap();
        assert_eq!(second.await.unwrap(), 2);
    }

    #[tokio::test]
    async fn work_that_panics_gives_its_permit_back() {
        let limiter = limiter(0, LONG);
        let failed: Result<(), _> = limiter.run(|| panic!("on purpose")).await;
        assert!(matches!(failed, Err(HashError::Port(_))));
        assert_eq!(limiter.run(|| 2).await.unwrap(), 2);
    }
}
