//! However many try, from however many addresses: what is guessed at is bounded.

use docuvault_testservices::RedisServer;
use reqwest::Method;
use serde_json::{Value, json};

use super::{current_session, join};
use crate::on_both_stacks;
use crate::outages::flush;
use crate::support::{Client, Stack};

on_both_stacks!(guessing_is_bounded, an_address_is_what_a_trusted_proxy_says);

const ATTEMPTS: u32 = 1000;

/// Where, how many tries count at most, and what the n-th one says.
type Route = (&'static str, usize, fn(u32) -> Value);

const ROUTES: [Route; 4] = [
    (
        "/api/auth/login",
        10,
        |_| json!({ "login": "ada", "password": "a wrong guess" }),
    ),
    (
        "/api/auth/register",
        5,
        |n| json!({ "email": "bert@example.org", "handle": format!("bert{n}"), "password": "a wrong guess of it" }),
    ),
    (
        "/api/auth/password-reset/request",
        3,
        |_| json!({ "email": "ada@example.org" }),
    ),
    (
        "/api/auth/password-reset/confirm",
        5,
        |_| json!({ "token": "guessed", "new_password": "a quiet harbour at dawn" }),
    ),
];

impl Stack {
    /// With mail that goes nowhere, and a proxy that says where requests come from.
    fn with_limits_by_proxy(self) -> Self {
        self.with("TRUSTED_PROXIES", "127.0.0.1")
            .with("DOCUVAULT_URL", "http://127.0.0.1")
            .with("DOCUVAULT_MAIL__HOST", "127.0.0.1")
            .with("DOCUVAULT_MAIL__PORT", "9")
            .with("DOCUVAULT_MAIL__ENCRYPTION", "none")
            .with("DOCUVAULT_MAIL__FROM", "vault@example.org")
    }
}

/// Tries a thousand times, each from another network; how many of them counted.
async fn exhaust_attempts(vault: &Client, (path, _, body): Route) -> usize {
    let mut counted = 0;
    for hundred in 0..ATTEMPTS / 100 {
        let many = (0..100).map(|n| {
            let n = hundred * 100 + n;
            let request = vault.anonymous().request(Method::POST, path).json(&body(n));
            vault.send(request.header("x-forwarded-for", format!("198.51.{}.{}", n / 250, n % 250)))
        });
        let answers = futures::future::join_all(many).await;
        counted += answers.iter().filter(|it| it.status != 429).count();
        for answer in answers.iter().filter(|it| it.status == 429) {
            assert_eq!(answer.problem(429), "too_many_requests");
            assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
        }
    }
    counted
}

/// Limits are kept in the database: whatever becomes of Redis, no more is allowed.
#[tokio::test(flavor = "multi_thread")]
async fn redis_makes_no_difference() {
    let mut redis = RedisServer::start().await;
    let stack = Stack::full().await.with_limits_by_proxy();
    let vault = stack.with("REDIS_URL", redis.url()).serve();
    join(&vault, "ada").await;
    let mut counted = [0; ROUTES.len()];
    for what_happens in ["nothing", "a flush", "an end"] {
        match what_happens {
            "a flush" => flush(&redis.url()).await,
            "an end" => redis.stop(),
            _ => {}
        }
        for (counted, route) in counted.iter_mut().zip(ROUTES) {
            *counted += exhaust_attempts(&vault, route).await;
        }
    }
    for (counted, (path, allowed, _)) in counted.into_iter().zip(ROUTES) {
        // One more may have become free while the tries went on.
        assert!((1..=allowed + 1).contains(&counted), "{path}: {counted}");
    }
}

async fn guessing_is_bounded(stack: Stack) {
    let vault = stack.with_limits_by_proxy().serve();
    join(&vault, "ada").await;
    for route in ROUTES {
        let (path, allowed, _) = route;
        let counted = exhaust_attempts(&vault, route).await;
        assert!((1..=allowed).contains(&counted), "{path}: {counted}");
    }
    // One network of version 6 is one address, whatever it calls itself.
    let mut counted = 0;
    for hundred in 0..ATTEMPTS / 100 {
        let many = (0..100).map(|n| {
            let body =
                json!({ "login": format!("nobody{hundred}x{n}"), "password": "a wrong guess" });
            let request = vault
                .anonymous()
                .request(Method::POST, "/api/auth/login")
                .json(&body);
            vault.send(request.header("x-forwarded-for", format!("2001:db8::{hundred:x}:{n:x}")))
        });
        let answers = futures::future::join_all(many).await;
        counted += answers.iter().filter(|it| it.status != 429).count();
    }
    assert!((1..=60).contains(&counted), "{counted}");
}

async fn an_address_is_what_a_trusted_proxy_says(stack: Stack) {
    let forwarded = "203.0.113.9, 198.51.100.7";
    for (proxies, seen) in [(None, "127.0.0.1"), (Some("127.0.0.1"), "198.51.100.7")] {
        let vault = match proxies {
            Some(proxies) => Stack::embedded().with("TRUSTED_PROXIES", proxies).serve(),
            None => stack.serve(),
        };
        let request = vault.anonymous().request(Method::POST, "/api/auth/login");
        let credentials = json!({ "login": "owner", "password": crate::support::PASSWORD });
        let signed_in = vault
            .send(
                request
                    .header("x-forwarded-for", forwarded)
                    .json(&credentials),
            )
            .await;
        let owner = vault.with_token(signed_in.expect(200)["access_token"].as_str());
        assert_eq!(current_session(&owner).await["address"], seen);
    }
}
