//! Services that fail, are slow, or go away.

use std::time::{Duration, Instant};

use docuvault_testservices::{RedisServer, s3};

use crate::support::{Client, ProxyMode, Stack, TcpProxy};

/// From recovery until everything that was taken in is ready.
const RECOVERY: Duration = Duration::from_mins(1);

async fn add_many(vault: &Client, from: usize, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    for n in from..from + count {
        ids.push(
            vault
                .add(
                    &format!("{n}.txt"),
                    format!("These are the words of number {n}."),
                )
                .await,
        );
    }
    ids
}

async fn all_ready(vault: &Client, ids: &[String]) {
    let started = Instant::now();
    for id in ids {
        assert_eq!(vault.wait_until_processed(id).await["status"], "ready");
    }
    assert!(started.elapsed() < RECOVERY, "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flushed_or_stopped_redis_loses_no_job() {
    let mut redis = RedisServer::start().await;
    let stack = Stack::full().await.with("REDIS_URL", redis.url());
    let vault = stack.serve();
    let mut ids = add_many(&vault, 0, 20).await;
    // Flushed in the middle of the work, again and again.
    for round in 1..=3 {
        flush(&redis.url()).await;
        ids.extend(add_many(&vault, round * 20, 10).await);
    }
    flush(&redis.url()).await;
    all_ready(&vault, &ids).await;

    // Gone: uploads go on, and so does reading.
    redis.stop();
    let while_gone = add_many(&vault, 100, 10).await;
    all_ready(&vault, &while_gone).await;
    redis.start_again().await;
    let afterwards = add_many(&vault, 200, 10).await;
    all_ready(&vault, &afterwards).await;
    assert_eq!(stack.count("jobs").await, 70);
    assert_eq!(stack.count("jobs WHERE state = 'done'").await, 70);
}

pub(crate) async fn flush(url: &str) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = url.strip_prefix("redis://").unwrap();
    let mut redis = tokio::net::TcpStream::connect(address).await.unwrap();
    redis.write_all(b"FLUSHALL\r\n").await.unwrap();
    let mut answer = [0; 5];
    redis.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"+OK\r\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_keeps_nothing_and_loses_nothing() {
    let endpoint = &s3().await.endpoint;
    let store = TcpProxy::in_front_of(endpoint.strip_prefix("http://").unwrap()).await;
    let direct = Stack::full().await.with("DOCUVAULT_SWEEP_SECONDS", "1");
    let stack = direct.with("S3_ENDPOINT", format!("http://{}", store.address()));
    let vault = stack.serve();
    let before = add_many(&vault, 0, 3).await;
    all_ready(&vault, &before).await;

    store.set(ProxyMode::Cut);
    let small = vault.upload("small.txt", "not now").await;
    assert_eq!(small.problem(503), "storage_unavailable");
    assert!(!small.header("retry-after").is_empty());
    let large = vault
        .upload("large.txt", "not now ".repeat(3_000_000))
        .await;
    assert_eq!(large.problem(503), "storage_unavailable");
    let content = vault
        .get(&format!("/api/documents/{}/content", before[0]))
        .await;
    assert_eq!(content.problem(503), "storage_unavailable");
    let list = vault.get("/api/documents?total=true").await.expect(200);
    assert_eq!(list["total"], 3, "lists go on, and nothing was kept");

    store.set(ProxyMode::Forward);
    let after = add_many(&vault, 10, 3).await;
    all_ready(&vault, &after).await;
    let swept = async {
        while stack.object_rows().await.len() != 6 || stack.stored_keys().await.len() != 6 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(RECOVERY, swept)
        .await
        .expect("the store has what the object registry has");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_store_is_given_up_in_time() {
    let endpoint = &s3().await.endpoint;
    let store = TcpProxy::in_front_of(endpoint.strip_prefix("http://").unwrap()).await;
    let stack = Stack::full()
        .await
        .with("S3_ENDPOINT", format!("http://{}", store.address()));
    let vault = stack.serve();
    store.set(ProxyMode::Stall);
    let started = Instant::now();
    let answer = vault.upload("small.txt", "not now").await;
    assert_eq!(answer.problem(503), "storage_unavailable");
    assert!(
        started.elapsed() < Duration::from_secs(100),
        "{:?}",
        started.elapsed()
    );
}
