//! Requests of people who come from everywhere: limits count by address and by name.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::vault::{PASSWORD, Vault};

/// With the test's own address as that of a proxy, a mail server that nobody runs, and open doors.
pub(crate) const SETTINGS: [(&str, &str); 7] = [
    ("TRUSTED_PROXIES", "127.0.0.1"),
    ("DOCUVAULT_ACCOUNTS__REGISTRATION", "open"),
    ("DOCUVAULT_URL", "http://127.0.0.1"),
    ("DOCUVAULT_MAIL__HOST", "127.0.0.1"),
    ("DOCUVAULT_MAIL__PORT", "9"),
    ("DOCUVAULT_MAIL__ENCRYPTION", "none"),
    ("DOCUVAULT_MAIL__FROM", "vault@example.org"),
];

/// Medians of how long known and unknown names took.
pub(crate) struct Pairs {
    pub(crate) known: Duration,
    pub(crate) unknown: Duration,
}

impl Vault {
    /// A request from an address that no request before came from.
    fn elsewhere(&self, path: &str, body: &Value) -> RequestBuilder {
        static ADDRESS: AtomicU32 = AtomicU32::new(0x0a00_0000);
        let address = Ipv4Addr::from_bits(ADDRESS.fetch_add(1, Ordering::Relaxed));
        let request = self.anonymous.post(format!("{}{path}", self.base));
        request
            .header("x-forwarded-for", address.to_string())
            .json(body)
    }

    pub(crate) async fn sign_in_many(&self, count: usize, at_once: usize) {
        use futures::StreamExt as _;
        let body = json!({ "login": "owner", "password": PASSWORD });
        let body = &body;
        futures::stream::iter(0..count)
            .for_each_concurrent(at_once, |_| async move {
                let answer = self.elsewhere("/api/auth/login", body).send().await;
                assert_eq!(answer.unwrap().status(), 200);
            })
            .await;
    }

    /// Makes the accounts `person0` and so on.
    pub(crate) async fn people(&self, count: usize) {
        for n in 0..count {
            let new = json!({
                "handle": format!("person{n}"), "email": format!("person{n}@example.org"),
                "password": PASSWORD,
            });
            let made = self.elsewhere("/api/auth/register", &new).send().await;
            assert_eq!(made.unwrap().status(), 201);
        }
    }

    /// Asks alternately with names that are known and names that are not, each of them a few times.
    pub(crate) async fn pairs(
        &self,
        path: &str,
        count: usize,
        body: impl Fn(&str, usize) -> Value,
    ) -> Pairs {
        let mut times = [Vec::new(), Vec::new()];
        for n in 0..count {
            // Each of them goes first as often: the one before may leave the vault some work.
            for which in [n % 2, 1 - n % 2] {
                let name = ["person", "nobody"][which];
                let request = self.elsewhere(path, &body(name, n));
                let started = Instant::now();
                let answer = request.send().await.unwrap();
                times[which].push(started.elapsed());
                assert_ne!(answer.status(), 429);
            }
        }
        let [known, unknown] = times.map(|mut times| {
            times.sort_unstable();
            times[count / 2]
        });
        Pairs { known, unknown }
    }
}
