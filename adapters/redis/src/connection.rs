use std::sync::Arc;
use std::time::Duration;

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::io::tcp::TcpSettings;
use deadpool_redis::redis::{
    AsyncConnectionConfig, Client, Cmd, FromRedisValue, IntoConnectionInfo, RedisError,
    RedisResult, cmd,
};
use deadpool_redis::{Manager, Pool, PoolError, Runtime};
use docuvault_domain::PortError;

use crate::outage::Outage;
use crate::shared_connection::SharedConnection;

/// For whatever Redis answers at once.
pub(crate) const PROMPT: Duration = Duration::from_secs(2);
/// The longest `BLOCK` on a connection of its own.
pub(crate) const LONGEST_BLOCK: Duration = Duration::from_secs(2);

const POOL_SIZE: usize = 4;

/// A Redis server, shared by all clones.
///
/// Three kinds of connections: publishers share one, questions (whose answers may be long) take
/// one from the pool, and every blocking read has its own, because a `BLOCK` holds up all that is
/// sent behind it.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    pool: Pool,
    shared: Arc<SharedConnection>,
    outage: Arc<Outage>,
}

/// The Redis server at `url`, for use within a Tokio runtime. Fails on a malformed URL only:
/// connections are made when needed.
pub fn connect(url: &str) -> Result<Redis, PortError> {
    open(url).map_err(|error| PortError::permanent("reading the Redis URL", error))
}

fn open(url: &str) -> Result<Redis, Box<dyn std::error::Error + Send + Sync>> {
    // Without the timeout a connection to a host that vanished would last for many minutes.
    let tcp = TcpSettings::default()
        .set_nodelay(true)
        .set_user_timeout(PROMPT);
    let info = url.into_connection_info()?.set_tcp_settings(tcp);
    let manager = Manager::new_with_config(info.clone(), answering_within(PROMPT))?;
    let pool = Pool::builder(manager)
        .max_size(POOL_SIZE)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(PROMPT))
        .create_timeout(Some(PROMPT))
        .recycle_timeout(Some(PROMPT))
        .build()?;
    let client = Client::open(info)?;
    let outage = Arc::new(Outage::default());
    let shared = SharedConnection::new(client.clone(), outage.clone())?;
    Ok(Redis {
        client,
        pool,
        shared: Arc::new(shared),
        outage,
    })
}

fn answering_within(time: Duration) -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(PROMPT))
        .set_response_timeout(Some(time))
}

impl Redis {
    /// Ok when Redis answers a `PING` within two seconds.
    pub async fn check(&self) -> Result<(), PortError> {
        self.ask("pinging Redis", &cmd("PING")).await
    }

    /// Asks on a connection of the pool, for two seconds at most.
    pub(crate) async fn ask<T: FromRedisValue>(
        &self,
        doing: &'static str,
        question: &Cmd,
    ) -> Result<T, PortError> {
        let answer = async {
            let mut connection = self.pool.get().await?;
            Ok::<T, PoolError>(question.query_async(&mut connection).await?)
        };
        match tokio::time::timeout(PROMPT, answer).await {
            Ok(answer) => answer.map_err(|error| PortError::transient(doing, error)),
            Err(late) => Err(PortError::transient(doing, late)),
        }
    }

    /// For commands that are sent often and answered at once.
    pub(crate) fn shared(&self) -> &SharedConnection {
        &self.shared
    }

    /// For a blocking read. Does not reconnect: drop it after an error.
    pub(crate) async fn dedicated(&self) -> RedisResult<MultiplexedConnection> {
        let config = answering_within(LONGEST_BLOCK + PROMPT);
        let connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config);
        let connection = self.outage.watch(connection.await)?;
        self.shared.end_pause();
        Ok(connection)
    }

    /// Notes how a command on a [`Self::dedicated`] connection went.
    pub(crate) fn watch<T>(&self, result: RedisResult<T>) -> RedisResult<T> {
        self.outage.watch(result)
    }
}

/// Whether `error` carries the server's error `code`.
pub(crate) fn is_code(error: &RedisError, code: &str) -> bool {
    error.code() == Some(code)
}
