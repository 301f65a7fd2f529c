use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use docuvault_testservices::{postgres, redis, s3};
use tempfile::TempDir;

use super::{Client, HANDLE, PASSWORD, oidc};

/// 32 bytes, as a production vault needs them.
pub(crate) const SECRET_KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Where a vault keeps its things: fresh for each test.
pub(crate) struct Stack {
    settings: Vec<(String, String)>,
    data: Arc<TempDir>,
}

impl Stack {
    /// SQLite and files in a temporary directory.
    pub(crate) fn embedded() -> Self {
        Self {
            settings: vec![(
                "DOCUVAULT_ACCOUNTS__REGISTRATION".to_owned(),
                "open".to_owned(),
            )],
            data: Arc::new(tempfile::tempdir().unwrap()),
        }
    }

    /// A database, a bucket and a Redis database of its own.
    pub(crate) async fn full() -> Self {
        static REDIS_DATABASE: AtomicU32 = AtomicU32::new(0);
        let number = REDIS_DATABASE.fetch_add(1, Ordering::Relaxed);
        let server = s3().await;
        Self::embedded()
            .with("DOCUVAULT_SECRET_KEY", SECRET_KEY)
            .with("DATABASE_URL", postgres().await.database().await)
            .with("REDIS_URL", format!("{}/{number}", redis().await))
            .with("S3_ENDPOINT", &server.endpoint)
            .with("S3_REGION", &server.region)
            .with("S3_BUCKET", server.new_bucket_name())
            .with("S3_ACCESS_KEY", &server.access_key)
            .with("S3_SECRET_KEY", &server.secret_key)
    }

    /// Sets a variable of the environment.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.into()));
        self
    }

    /// Takes a variable out of the environment.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.settings.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        self.settings
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_embedded(&self) -> bool {
        self.setting("DATABASE_URL").is_none()
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.data.path().join("data")
    }

    /// A command of the binary in this stack's environment, and in nothing else of ours.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_docuvault"));
        command
            .args(args)
            .env_clear()
            .current_dir(self.data.path())
            .env("DOCUVAULT_DATA_DIR", self.data_dir())
            .env("DOCUVAULT_METRICS_LISTEN", "off")
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Starts a server and waits until it listens.
    pub(crate) fn serve(&self) -> Vault {
        self.serve_with(&[])
    }

    pub(crate) fn serve_with(&self, args: &[&str]) -> Vault {
        self.try_serve(args)
            .unwrap_or_else(|log| panic!("the vault did not start:\n{log}"))
    }

    /// As [`Self::serve`], or what it said when it ended instead. The client is signed in as the
    /// administrator of the stack, who is made if need be.
    pub(crate) fn try_serve(&self, args: &[&str]) -> Result<Vault, String> {
        let mut vault = self.try_serve_unused(args)?;
        let (client, code) = (vault.client.clone(), vault.setup_code.clone());
        vault.client = std::thread::spawn(move || begin(&client, code.as_deref()))
            .join()
            .unwrap();
        Ok(vault)
    }

    /// As [`Self::try_serve`], without signing in.
    pub(crate) fn try_serve_unused(&self, args: &[&str]) -> Result<Vault, String> {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = Log::collect(child.stderr.take().unwrap());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let announced = lines.by_ref().map_while(Result::ok).find_map(|line| {
            line.strip_prefix("DocuVault is listening on ")
                .map(str::to_owned)
        });
        let Some(url) = announced else {
            child.wait().unwrap();
            return Err(log.wait_for_all());
        };
        let setup_code = lines
            .by_ref()
            .map_while(Result::ok)
            .take_while(|line| line != "Ready.")
            .find_map(|line| line.strip_prefix("Setup code: ").map(str::to_owned));
        // The pipe is read to its end, so that the server never blocks on it.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Vault {
            client: Client::new(url),
            setup_code,
            child: Some(child),
            log,
            _data: self.data.clone(),
        })
    }
}

/// Signs in, and registers first where nobody has.
fn begin(client: &Client, setup_code: Option<&str>) -> Client {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    runtime.block_on(async {
        if setup_code.is_some() {
            // Of several replicas that start together one makes the account.
            client.register(HANDLE, setup_code).await;
        }
        client.sign_in(HANDLE).await
    })
}

/// What a server writes to standard error.
struct Log {
    text: Arc<Mutex<Vec<u8>>>,
    reader: std::thread::JoinHandle<()>,
}

impl Log {
    fn collect(mut from: impl std::io::Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(Vec::new()));
        let into = text.clone();
        let reader = std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut chunk) {
                into.lock().unwrap().extend_from_slice(&chunk[..count]);
            }
        });
        Self { text, reader }
    }

    /// All of it, once the server has ended.
    fn wait_for_all(self) -> String {
        self.reader.join().unwrap();
        String::from_utf8_lossy(&self.text.lock().unwrap()).into_owned()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.text.lock().unwrap()).into_owned()
    }
}

/// A running server; killed when dropped.
pub(crate) struct Vault {
    client: Client,
    pub(crate) setup_code: Option<String>,
    child: Option<Child>,
    log: Log,
    /// Outlives the server, whatever becomes of the stack.
    _data: Arc<TempDir>,
}

impl std::ops::Deref for Vault {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Vault {
    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// SIGTERM, and how it ended.
    pub(crate) fn stop(mut self) -> std::process::ExitStatus {
        let mut child = self.child.take().unwrap();
        let status = Command::new("kill")
            .arg(child.id().to_string())
            .status()
            .unwrap();
        assert!(status.success());
        child.wait().unwrap()
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        self.log.text()
    }

    /// Resident memory in KiB, the server's alone.
    pub(crate) fn resident_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            println!("--- log of the vault ---\n{}", self.log.text());
            return;
        }
        // Whatever a test did, what opens an account must not stand in the log.
        let log = self.log.text();
        for canary in [PASSWORD, SECRET_KEY, oidc::SECRET, "dv_pat_", "eyJ"] {
            assert!(!log.contains(canary), "{canary:?} in the log:\n{log}");
        }
    }
}
