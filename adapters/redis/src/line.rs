use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{AsyncConnectionConfig, Client, Pipeline, RedisError, RedisResult};
use tokio::sync::Mutex;

use crate::outage::Outage;

/// How long an unreachable Redis is left alone, so that uploads do not each wait for it.
const REST: Duration = Duration::from_secs(1);

/// The one connection that all publishers share. Cheaper than the pool, which asks a connection
/// whether it still works before each use; here a broken one is noticed by using it.
pub(crate) struct Line {
    client: Client,
    config: AsyncConnectionConfig,
    outage: Arc<Outage>,
    state: Mutex<State>,
}

enum State {
    Open(Arc<MultiplexedConnection>),
    Closed { until: Instant },
}

impl Line {
    pub(crate) fn new(client: Client, config: AsyncConnectionConfig, outage: Arc<Outage>) -> Self {
        let state = Mutex::new(State::closed_for(Duration::ZERO));
        Self {
            client,
            config,
            outage,
            state,
        }
    }

    /// Sends `commands`. They may arrive twice when the connection breaks on the way.
    pub(crate) async fn send(&self, commands: &Pipeline) -> RedisResult<()> {
        match self.send_once(commands).await {
            // Most likely Redis was restarted since the last command.
            Err(error) if error.is_connection_dropped() => self.send_once(commands).await,
            result => result,
        }
    }

    async fn send_once(&self, commands: &Pipeline) -> RedisResult<()> {
        let connection = self.connection().await?;
        let mut shared = (*connection).clone();
        let result = self.outage.watch(commands.exec_async(&mut shared).await);
        if let Err(error) = &result {
            self.hang_up(&connection, error).await;
        }
        result
    }

    async fn connection(&self) -> RedisResult<Arc<MultiplexedConnection>> {
        // Held while connecting: whoever comes meanwhile shares the outcome.
        let mut state = self.state.lock().await;
        match &*state {
            State::Open(connection) => return Ok(connection.clone()),
            State::Closed { until } if Instant::now() < *until => {
                let error = io::Error::new(io::ErrorKind::NotConnected, "out of reach just now");
                return Err(error.into());
            }
            State::Closed { .. } => {}
        }
        let connection = self
            .client
            .get_multiplexed_async_connection_with_config(&self.config)
            .await;
        match self.outage.watch(connection) {
            Ok(connection) => {
                let connection = Arc::new(connection);
                *state = State::Open(connection.clone());
                Ok(connection)
            }
            Err(error) => {
                *state = State::closed_for(REST);
                Err(error)
            }
        }
    }

    /// Redis was reached elsewhere: no need to wait any longer.
    pub(crate) async fn end_rest(&self) {
        let mut state = self.state.lock().await;
        if matches!(&*state, State::Closed { .. }) {
            *state = State::closed_for(Duration::ZERO);
        }
    }

    /// Gives up `connection` where `error` says that it is of no more use.
    async fn hang_up(&self, connection: &Arc<MultiplexedConnection>, error: &RedisError) {
        if !error.is_io_error() && !error.is_unrecoverable_error() {
            return;
        }
        let mut state = self.state.lock().await;
        // Somebody else may have made a new one already.
        if matches!(&*state, State::Open(open) if Arc::ptr_eq(open, connection)) {
            let rest = if error.is_timeout() {
                REST
            } else {
                Duration::ZERO
            };
            *state = State::closed_for(rest);
        }
    }
}

impl State {
    fn closed_for(time: Duration) -> Self {
        Self::Closed {
            until: Instant::now() + time,
        }
    }
}
