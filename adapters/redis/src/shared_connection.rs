use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use deadpool_redis::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use deadpool_redis::redis::{Client, Pipeline, RedisError, RedisResult};
use tokio::time::timeout;

use crate::connection::PROMPT;
use crate::outage::Outage;

/// How long an unreachable Redis is left alone, so that uploads do not each wait for it.
const PAUSE: Duration = Duration::from_secs(1);

/// The one connection that all publishers share. Cheaper than the pool, which asks a connection
/// whether it still works before each use; here a broken one is noticed by using it.
pub(crate) struct SharedConnection {
    manager: ConnectionManager,
    outage: Arc<Outage>,
    paused_until: Mutex<Option<Instant>>,
}

impl SharedConnection {
    pub(crate) fn new(client: Client, outage: Arc<Outage>) -> RedisResult<Self> {
        // `send` bounds the whole of connecting, sending and trying again.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(PROMPT))
            .set_response_timeout(None);
        Ok(Self {
            manager: ConnectionManager::new_lazy_with_config(client, config)?,
            outage,
            paused_until: Mutex::default(),
        })
    }

    /// Sends `commands`. They may arrive twice when the connection breaks on the way.
    pub(crate) async fn send(&self, commands: &Pipeline) -> RedisResult<()> {
        if self.paused_until() > Some(Instant::now()) {
            return Err(
                io::Error::new(io::ErrorKind::NotConnected, "out of reach just now").into(),
            );
        }
        let mut manager = self.manager.clone();
        let attempts = async {
            match commands.exec_async(&mut manager).await {
                // The manager reconnects after a failure only, and a failure to do so is told to
                // whoever comes next, however much later: Redis may be back long since.
                Err(error) if error.is_io_error() => commands.exec_async(&mut manager).await,
                result => result,
            }
        };
        let result = match timeout(PROMPT, attempts).await {
            Ok(result) => result,
            Err(late) => Err(io::Error::from(late).into()),
        };
        if result.as_ref().is_err_and(RedisError::is_io_error) {
            self.pause_until(Some(Instant::now() + PAUSE));
        }
        self.outage.watch(result)
    }

    /// Redis was reached elsewhere: no need to wait any longer.
    pub(crate) fn end_pause(&self) {
        self.pause_until(None);
    }

    fn paused_until(&self) -> Option<Instant> {
        *self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn pause_until(&self, until: Option<Instant>) {
        *self
            .paused_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = until;
    }
}
