use std::time::{Duration, Instant};

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{Client, cmd};

/// A connection for looking at the server and disturbing it.
pub(crate) async fn probe(url: &str) -> MultiplexedConnection {
    let client = Client::open(url).unwrap();
    client.get_multiplexed_async_connection().await.unwrap()
}

/// Waits until `clients` of the server are in a blocking read.
pub(crate) async fn until_blocked(probe: &mut MultiplexedConnection, clients: usize) {
    let wanted = format!("blocked_clients:{clients}\r");
    let started = Instant::now();
    loop {
        let info: String = cmd("INFO").arg("clients").query_async(probe).await.unwrap();
        if info.lines().any(|line| format!("{line}\r") == wanted) {
            return;
        }
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "{wanted} never came:\n{info}"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

pub(crate) async fn flush(probe: &mut MultiplexedConnection) {
    cmd("FLUSHALL").exec_async(probe).await.unwrap();
}
