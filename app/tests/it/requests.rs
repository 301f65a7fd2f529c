//! What holds for every request.

use reqwest::Method;
use serde_json::json;

use crate::support::Stack;

const SECURITY_HEADERS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
];

#[tokio::test]
async fn every_answer_has_an_id_and_security_headers() {
    let vault = Stack::embedded().serve();
    for path in [
        "/health",
        "/api/documents",
        "/api/nothing",
        "/nothing.txt",
        "/api/documents/x",
    ] {
        let answer = vault.get(path).await;
        for (name, value) in SECURITY_HEADERS {
            assert_eq!(answer.header(name), *value, "{path}: {name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-request-id").len(), 36);
    }
    let id = "7d444840-9dc0-11d1-b245-5ffdce74fad2";
    for (sent, kept) in [(id, true), ("not-a-uuid", false)] {
        let request = vault
            .request(Method::GET, "/health/live")
            .header("x-request-id", sent);
        assert_eq!(
            vault.send(request).await.header("x-request-id") == sent,
            kept
        );
    }
}

#[tokio::test]
async fn every_error_is_a_problem_document() {
    let vault = Stack::embedded().serve();
    assert_eq!(vault.get("/nothing.txt").await.problem(404), "not_found");
    assert_eq!(
        vault.get("/api/documents/not-an-id").await.problem(404),
        "not_found"
    );
    let unknown = "/api/documents/018f0000-0000-7000-8000-000000000000";
    assert_eq!(vault.get(unknown).await.problem(404), "not_found");
    let wrong = vault
        .send(vault.request(Method::PUT, "/api/documents"))
        .await;
    assert_eq!(wrong.problem(405), "method_not_allowed");
    let body = |content_type: &str, body: &'static str| {
        let request = vault.request(Method::POST, "/api/topics");
        vault.send(request.header("content-type", content_type).body(body))
    };
    assert_eq!(
        body("application/json", "{").await.problem(400),
        "malformed_body"
    );
    assert_eq!(
        body("application/json", "[]").await.problem(422),
        "invalid_request"
    );
    assert_eq!(
        body("text/plain", "{}").await.problem(415),
        "unsupported_body"
    );
    let large = json!({"name": "x", "description": "x".repeat(300_000)});
    assert_eq!(
        vault.post("/api/topics", large).await.problem(413),
        "payload_too_large"
    );
}

#[tokio::test]
async fn other_sites_are_not_answered() {
    let vault = Stack::embedded()
        .with("DOCUVAULT_URL", "https://vault.example.org")
        .serve();
    let get = |name: &'static str, value: &'static str| {
        vault.send(
            vault
                .request(Method::GET, "/api/documents")
                .header(name, value),
        )
    };
    for (name, value) in [
        ("host", "evil.example"),
        ("host", "169.254.169.254"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
    ] {
        let answer = get(name, value).await;
        assert_eq!(answer.problem(403), "foreign_origin", "{name}: {value}");
    }
    for (name, value) in [
        ("host", "localhost:1234"),
        ("host", "vault.example.org"),
        ("origin", "https://vault.example.org"),
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-site", "none"),
    ] {
        assert_eq!(get(name, value).await.status, 200, "{name}: {value}");
    }
    let follow = |path: &'static str, dest: &'static str| {
        let request = vault.request(Method::GET, path);
        let request = request.header("sec-fetch-site", "cross-site");
        let request = request.header("sec-fetch-mode", "navigate");
        vault.send(request.header("sec-fetch-dest", dest))
    };
    assert_eq!(follow("/", "document").await.status, 200, "a link");
    let by_worker = follow("/sign-in", "empty").await;
    assert_eq!(by_worker.status, 200, "passed on by the service worker");
    for (path, dest) in [
        ("/", "iframe"),
        ("/api/documents", "document"),
        ("/api/documents", "empty"),
    ] {
        let refused = follow(path, dest).await;
        assert_eq!(refused.problem(403), "foreign_origin", "{path}: {dest}");
    }
}
