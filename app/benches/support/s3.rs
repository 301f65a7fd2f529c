use std::time::Instant;

use bytes::Bytes;
use docuvault_domain::documents::MimeType;
use docuvault_domain::ids::{DocumentId, UserId};
use docuvault_domain::ports::{ByteStream, Ids as _, ObjectKey, StorageBackend as _};
use docuvault_local::SystemIds;
use docuvault_storage::{S3Config, S3Storage};
use s3::creds::Credentials;
use s3::{Bucket, Region};

const CHUNK: usize = 64 * 1024;
const CHUNKS: usize = 512 * 1024 * 1024 / CHUNK;

/// The adapter beside the fastest put there is.
pub(crate) struct PutBench {
    storage: S3Storage,
    bucket: Box<Bucket>,
    http: reqwest::Client,
}

impl PutBench {
    pub(crate) async fn new() -> Self {
        let server = docuvault_testservices::s3().await;
        let name = server.new_bucket_name();
        let storage = S3Storage::connect(S3Config {
            endpoint: server.endpoint.clone(),
            public_endpoint: None,
            bucket: name.clone(),
            region: server.region.clone(),
            access_key: server.access_key.clone(),
            secret_key: server.secret_key.clone(),
            presign_keys: None,
        })
        .unwrap();
        storage.ensure_bucket().await.unwrap();
        let region = Region::Custom {
            region: server.region.clone(),
            endpoint: server.endpoint.clone(),
        };
        let (access, secret) = (&server.access_key, &server.secret_key);
        let keys = Credentials::new(Some(access), Some(secret), None, None, None).unwrap();
        let bucket = Bucket::new(&name, region, keys).unwrap().with_path_style();
        Self {
            storage,
            bucket,
            http: reqwest::Client::builder().build().unwrap(),
        }
    }

    /// MiB a second of one presigned PUT whose length is known.
    pub(crate) async fn raw(&self) -> f64 {
        let url = self
            .bucket
            .presign_put("/raw", 600, None, None)
            .await
            .unwrap();
        let chunk = Bytes::from(vec![b'x'; CHUNK]);
        let chunks = (0..CHUNKS).map(move |_| Ok::<_, std::io::Error>(chunk.clone()));
        let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
        let request = self
            .http
            .put(url)
            .header("content-length", CHUNK * CHUNKS)
            .body(body);
        let started = Instant::now();
        request.send().await.unwrap().error_for_status().unwrap();
        rate(started)
    }

    /// The same through the adapter, which also hashes.
    pub(crate) async fn adapter(&self) -> f64 {
        let chunk = Bytes::from(vec![b'x'; CHUNK]);
        let chunks = (0..CHUNKS).map(move |_| Ok(chunk.clone()));
        let bytes: ByteStream = Box::pin(futures::stream::iter(chunks));
        let id = DocumentId(SystemIds.v7());
        let key = ObjectKey::original(UserId::NOBODY, id, SystemIds.v4(), MimeType::Text);
        let started = Instant::now();
        self.storage.put(&key, bytes, None).await.unwrap();
        let rate = rate(started);
        self.storage.delete(&key).await.unwrap();
        rate
    }
}

fn rate(started: Instant) -> f64 {
    512.0 / started.elapsed().as_secs_f64()
}
