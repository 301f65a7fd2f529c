//! Health, readiness and metrics.

use docuvault_testservices::{RedisServer, postgres, s3};
use serde_json::json;

use crate::support::{Client, ProxyMode, Stack, TcpProxy};

#[tokio::test]
async fn an_embedded_vault_names_its_components() {
    let vault = Stack::embedded().serve();
    let health = vault.get("/health").await.expect(200);
    assert_eq!(
        health,
        json!({
            "status": "ok", "version": env!("CARGO_PKG_VERSION"),
            "sqlite": "ok", "filesystem": "ok", "jobs": "ok",
        })
    );
    assert_eq!(vault.get("/health/live").await.status, 200);
    assert_eq!(vault.get("/health/ready").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_component_is_probed_for_real() {
    let mut redis = RedisServer::start().await;
    let host_of = |url: &str| url.split("://").nth(1).unwrap().to_owned();
    let stores = TcpProxy::in_front_of(&host_of(&s3().await.endpoint)).await;
    let database = postgres().await.database().await;
    let authority = url::Url::parse(&database).unwrap();
    let (host, port) = (
        authority.host_str().unwrap(),
        authority.port().unwrap_or(5432),
    );
    let databases = TcpProxy::in_front_of(&format!("{host}:{port}")).await;
    let through = database.replacen(&format!("{host}:{port}"), databases.address(), 1);
    assert_ne!(through, database);
    let stack = Stack::full()
        .await
        .with("DATABASE_URL", through)
        .with("REDIS_URL", redis.url())
        .with("S3_ENDPOINT", format!("http://{}", stores.address()));
    let vault = stack.serve();
    let state = async |component: &str| {
        let answer = vault.get("/health").await;
        let health = answer.json();
        let state = health[component].as_str().unwrap().to_owned();
        let ok = state == "ok";
        assert!(ok || state.starts_with("error: "), "{state}");
        (answer.status, ok)
    };
    for component in ["postgres", "minio", "redis"] {
        assert_eq!(state(component).await, (200, true));
    }

    redis.stop();
    assert_eq!(state("redis").await, (503, false));
    assert_eq!(
        vault.get("/health/ready").await.status,
        200,
        "a replica without Redis serves"
    );
    redis.start_again().await;
    assert_eq!(state("redis").await, (200, true));

    for mode in [ProxyMode::Cut, ProxyMode::Stall] {
        stores.set(mode);
        let started = std::time::Instant::now();
        assert_eq!(state("minio").await, (503, false));
        assert!(
            started.elapsed().as_secs() < 4,
            "a probe takes 2 seconds at most"
        );
        assert_eq!(vault.get("/health/ready").await.status, 200);
        stores.set(ProxyMode::Forward);
        recovers(&vault).await;
    }

    databases.set(ProxyMode::Stall);
    assert_eq!(state("postgres").await, (503, false));
    assert_eq!(vault.get("/health/ready").await.problem(503), "unavailable");
    assert_eq!(vault.get("/health/live").await.status, 200);
    databases.set(ProxyMode::Forward);
    recovers(&vault).await;
}

/// Waits until everything is well again.
async fn recovers(vault: &Client) {
    let wait = async {
        while vault.get("/health").await.status != 200 {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), wait)
        .await
        .expect("no recovery");
}

#[tokio::test]
async fn metrics_have_a_listener_of_their_own() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let vault = Stack::embedded()
        .with("DOCUVAULT_METRICS_LISTEN", &address)
        .serve();
    vault.add_and_process("a.txt", "Counted.").await;
    assert_eq!(vault.get("/metrics").await.problem(404), "not_found");
    let metrics = Client::new(format!("http://{address}"))
        .get("/metrics")
        .await;
    let text = String::from_utf8(metrics.bytes).unwrap();
    for line in [
        "docuvault_jobs_total{outcome=\"done\"} 1",
        "docuvault_jobs_open 0",
        "docuvault_jobs_dead 0",
        "docuvault_http_requests_total{route=\"/api/documents/upload\",status=\"2xx\"} 1",
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
}
