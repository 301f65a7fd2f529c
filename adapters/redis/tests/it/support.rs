use std::time::{Duration, Instant};

use deadpool_redis::redis::aio::MultiplexedConnection;
use deadpool_redis::redis::{Client, cmd};
use docuvault_domain::ports::EventId;

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

/// Waits until the server's clock is past the millisecond of `event`.
pub(crate) async fn until_after(event: &EventId, probe: &mut MultiplexedConnection) {
    let (millis, _) = event.0.split_once('-').unwrap();
    let millis: u64 = millis.parse().unwrap();
    loop {
        let (seconds, micros): (u64, u64) = cmd("TIME").query_async(probe).await.unwrap();
        if seconds * 1_000 + micros / 1_000 > millis {
            return;
        }
    }
}

pub(crate) async fn flush(probe: &mut MultiplexedConnection) {
    cmd("FLUSHALL").exec_async(probe).await.unwrap();
}
