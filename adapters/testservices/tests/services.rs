//! Each service starts, does what it is for, and ends with the process that asked for it.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use std::env;
use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use docuvault_testservices::{RedisServer, postgres, redis, s3};
use s3::creds::Credentials;
use s3::{Bucket, BucketConfiguration, Region};
use tokio_postgres::{Client, NoTls};
use url::Url;

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn listens(url: &str) -> bool {
    TcpStream::connect(url.trim_start_matches("redis://")).is_ok()
}

#[tokio::test]
async fn every_test_has_a_database_of_its_own() {
    let server = postgres().await;
    let (one, other) = tokio::join!(server.database(), server.database());
    let one = connect(&one).await;
    one.batch_execute("CREATE TABLE mine (x int)")
        .await
        .unwrap();
    let other = connect(&other).await;
    other
        .batch_execute("CREATE TABLE mine (x int)")
        .await
        .unwrap();
    let row = other.query_one("SHOW server_encoding", &[]).await.unwrap();
    assert_eq!(row.get::<_, String>(0), "UTF8");
}

#[tokio::test]
async fn a_role_may_log_in_and_no_more() {
    let server = postgres().await;
    let database = server.database().await;
    let owner = connect(&database).await;
    owner.batch_execute("CREATE TABLE secret ()").await.unwrap();

    let role = server.create_role("it's a password").await;
    let mut url: Url = database.parse().unwrap();
    url.set_username(&role).unwrap();
    url.set_password(Some("it's a password")).unwrap();
    let refused = connect(url.as_str())
        .await
        .batch_execute("SELECT * FROM secret")
        .await
        .unwrap_err();
    assert_eq!(refused.code().unwrap().code(), "42501");
}

#[tokio::test]
async fn a_bucket_takes_bytes() {
    let server = s3().await;
    let region = Region::Custom {
        region: server.region.clone(),
        endpoint: server.endpoint.clone(),
    };
    let keys = Credentials::new(
        Some(&server.access_key),
        Some(&server.secret_key),
        None,
        None,
        None,
    )
    .unwrap();
    let bucket = Bucket::create_with_path_style(
        &server.new_bucket_name(),
        region,
        keys,
        BucketConfiguration::default(),
    )
    .await
    .unwrap()
    .bucket;
    bucket.put_object("key", b"bytes").await.unwrap();
    assert_eq!(bucket.get_object("key").await.unwrap().as_slice(), b"bytes");
}

#[tokio::test]
async fn an_own_redis_stops_and_starts_again_in_the_same_place() {
    let shared = redis().await;
    let mut own = RedisServer::start().await;
    let url = own.url();
    assert_ne!(url, shared);
    assert!(listens(&url));
    own.stop();
    assert!(!listens(&url));
    own.start_again().await;
    assert_eq!(own.url(), url);
    assert!(listens(&url));
}

/// Runs twice: once as itself, and in a process of its own that is killed while it holds a server.
#[tokio::test]
async fn what_was_started_ends_with_the_process() {
    const HELD: &str = "DOCUVAULT_TEST_HELD_SERVER";
    if let Some(file) = env::var_os(HELD) {
        let server = RedisServer::start().await;
        let unfinished = Path::new(&file).with_extension("unfinished");
        fs::write(&unfinished, server.url()).unwrap();
        fs::rename(unfinished, file).unwrap();
        return std::future::pending().await;
    }

    let dir = tempfile::tempdir().unwrap();
    let (file, data) = (dir.path().join("url"), dir.path().join("data"));
    fs::create_dir(&data).unwrap();
    let holder = Command::new(env::current_exe().unwrap())
        .args(["--exact", "what_was_started_ends_with_the_process"])
        .env(HELD, &file)
        .env("TMPDIR", &data)
        .spawn()
        .unwrap();
    let mut holder = KilledInTheEnd(holder);
    until("the server is held", || file.is_file()).await;
    let url = fs::read_to_string(file).unwrap();
    assert!(listens(&url));

    holder.0.kill().unwrap();
    holder.0.wait().unwrap();
    until("the server is gone", || !listens(&url)).await;
    until("its data is gone", || {
        fs::read_dir(&data).unwrap().next().is_none()
    })
    .await;
}

struct KilledInTheEnd(Child);

impl Drop for KilledInTheEnd {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_mins(1), "not so: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
