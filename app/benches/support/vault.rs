use std::future::Future;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use docuvault_testservices::{postgres, redis, s3};
use reqwest::multipart;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Connection, fixtures};

/// 32 bytes, as a production vault needs them.
const SECRET_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(crate) const PASSWORD: &str = "a quiet harbour at dawn";

/// A running server with fresh stores.
pub(crate) struct Vault {
    child: Child,
    pub(super) base: String,
    stack: Stack,
    http: reqwest::Client,
    /// Without a token.
    pub(super) anonymous: reqwest::Client,
    token: String,
}

/// Where it keeps things, to be started on again.
pub(crate) struct Stack {
    settings: Vec<(String, String)>,
    folder: TempDir,
}

/// What one operation of many cost.
pub(crate) struct Load {
    pub(crate) cpu_ms: f64,
    pub(crate) per_second: f64,
}

impl Vault {
    pub(crate) async fn start(stack: &str, settings: &[(&str, &str)]) -> Self {
        let mut all = Vec::new();
        if stack != "embedded" {
            let server = s3().await;
            all.push(("DOCUVAULT_SECRET_KEY".to_owned(), SECRET_KEY.to_owned()));
            all.push(("DATABASE_URL".to_owned(), postgres().await.database().await));
            all.push(("REDIS_URL".to_owned(), redis().await.to_owned()));
            all.push(("S3_ENDPOINT".to_owned(), server.endpoint.clone()));
            all.push(("S3_REGION".to_owned(), server.region.clone()));
            all.push(("S3_BUCKET".to_owned(), server.new_bucket_name()));
            all.push(("S3_ACCESS_KEY".to_owned(), server.access_key.clone()));
            all.push(("S3_SECRET_KEY".to_owned(), server.secret_key.clone()));
        }
        let stack = Stack {
            settings: all,
            folder: tempfile::tempdir().unwrap(),
        };
        Self::restart(stack, settings).await
    }

    /// Returns when the server says that it is ready.
    pub(crate) async fn restart(stack: Stack, settings: &[(&str, &str)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_docuvault"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env_clear()
            .current_dir(stack.folder.path())
            .env("DOCUVAULT_METRICS_LISTEN", "off")
            .env("DOCUVAULT_LOG__LEVEL", "error")
            .env("DOCUVAULT_ACCOUNTS__QUOTA_BYTES", "100000000000")
            .envs(stack.settings.iter().map(|(name, value)| (name, value)))
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let base = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.strip_prefix("DocuVault is listening on ")
                    .map(str::to_owned)
            })
            .unwrap();
        let setup_code = lines
            .by_ref()
            .map_while(Result::ok)
            .take_while(|line| line != "Ready.")
            .find_map(|line| line.strip_prefix("Setup code: ").map(str::to_owned));
        std::thread::spawn(move || lines.for_each(drop));
        let anonymous = reqwest::Client::builder().build().unwrap();
        while anonymous
            .get(format!("{base}/health/ready"))
            .send()
            .await
            .is_err()
        {}
        let token = sign_in(&anonymous, &base, setup_code.as_deref()).await;
        let bearer = format!("Bearer {token}").parse().unwrap();
        let headers = [(reqwest::header::AUTHORIZATION, bearer)];
        let http = reqwest::Client::builder().default_headers(headers.into_iter().collect());
        Self {
            child,
            base,
            stack,
            http: http.build().unwrap(),
            anonymous,
            token,
        }
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn stop(mut self) -> Stack {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let folder = std::mem::replace(&mut self.stack.folder, tempfile::tempdir().unwrap());
        Stack {
            settings: std::mem::take(&mut self.stack.settings),
            folder,
        }
    }

    pub(crate) fn address(&self) -> String {
        self.base.trim_start_matches("http://").to_owned()
    }

    pub(crate) fn resident_mb(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<f64>()
            .unwrap()
            * 1024.0
            / 1e6
    }

    pub(crate) async fn upload(&self, name: &str, bytes: Vec<u8>) -> String {
        let part = multipart::Part::bytes(bytes).file_name(name.to_owned());
        let form = multipart::Form::new().part("file", part);
        let url = format!("{}/api/documents/upload", self.base);
        let answer = self.http.post(url).multipart(form).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        answer.json::<Value>().await.unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn upload_many(&self, name: &str, count: usize, at_once: usize) {
        use futures::StreamExt as _;
        futures::stream::iter(0..count)
            .for_each_concurrent(at_once, |n| async move {
                self.upload(&format!("{name} {n}.txt"), fixtures::text(n))
                    .await;
            })
            .await;
    }

    /// Waits until all are ready.
    pub(crate) async fn settle(&self, ids: &[String]) {
        for id in ids {
            loop {
                let url = format!("{}/api/documents/{id}", self.base);
                let document = self.http.get(url).send().await.unwrap();
                if document.json::<Value>().await.unwrap()["status"] == "ready" {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// Many reads of one address, on `connections` connections.
    pub(crate) fn read_many(
        &self,
        path: &str,
        count: usize,
        connections: usize,
    ) -> impl Future<Output = ()> + use<> {
        self.read_as(Some(self.token.clone()), path, count, connections)
    }

    /// The same with another token, or none.
    pub(crate) fn read_as(
        &self,
        token: Option<String>,
        path: &str,
        count: usize,
        connections: usize,
    ) -> impl Future<Output = ()> + use<> {
        let (address, path) = (self.address(), path.to_owned());
        async move {
            let threads: Vec<_> = (0..connections)
                .map(|_| {
                    let (address, path, token) = (address.clone(), path.clone(), token.clone());
                    std::thread::spawn(move || {
                        let mut connection = Connection::open(&address, token.as_deref());
                        (0..count / connections).for_each(|_| {
                            connection.get(&path);
                        });
                    })
                })
                .collect();
            for thread in threads {
                thread.join().unwrap();
            }
        }
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self
            .http
            .get(format!("{}{path}", self.base))
            .send()
            .await
            .unwrap();
        answer.json().await.unwrap()
    }

    pub(crate) async fn cursor_page(&self) -> String {
        let page = self.json("/api/documents?limit=50").await;
        format!(
            "/api/documents?limit=50&cursor={}",
            page["next_cursor"].as_str().unwrap()
        )
    }

    pub(crate) async fn one_document(&self) -> String {
        let page = self.json("/api/documents?limit=1").await;
        format!(
            "/api/documents/{}",
            page["items"][0]["id"].as_str().unwrap()
        )
    }

    /// Runs `work`, which does `count` things.
    pub(crate) async fn measure(&self, count: usize, work: impl Future<Output = ()>) -> Load {
        let (before, started) = (self.cpu_ms(), Instant::now());
        work.await;
        let elapsed = started.elapsed().as_secs_f64();
        let count = count as f64;
        Load {
            cpu_ms: (self.cpu_ms() - before) / count,
            per_second: count / elapsed,
        }
    }

    /// CPU time of the server and the children that it has seen end (proc(5): fields 14 to 17, in
    /// ticks of 10 ms).
    fn cpu_ms(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields = stat.rsplit(')').next().unwrap();
        let ticks = fields.split_whitespace().skip(11).take(4);
        ticks
            .map(|ticks| ticks.parse::<f64>().unwrap())
            .sum::<f64>()
            * 10.0
    }
}

/// An access token, after making the account where there is none.
async fn sign_in(http: &reqwest::Client, base: &str, setup_code: Option<&str>) -> String {
    if let Some(code) = setup_code {
        let account = json!({
            "email": "owner@example.org",
            "handle": "owner",
            "password": PASSWORD,
            "setup_code": code,
        });
        let register = http.post(format!("{base}/api/auth/register"));
        assert_eq!(register.json(&account).send().await.unwrap().status(), 201);
    }
    let login = http.post(format!("{base}/api/auth/login"));
    let login = login.json(&json!({ "login": "owner", "password": PASSWORD }));
    let answer: Value = login.send().await.unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

impl Drop for Vault {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
