//! What the S3 store does beside the contract, on a real server.
#![expect(clippy::unwrap_used, reason = "a helper that fails is a failed test")]

use std::net::TcpListener;
use std::time::{Duration, Instant};

use docuvault_domain::ports::{Disposition, StorageBackend, StorageError};
use docuvault_storage::{PresignKeys, S3Config, S3Storage};
use docuvault_testkit::builders::{bytes, chunks, stalling_stream};
use futures::future::{Either, join_all, select};
use s3::creds::Credentials;
use s3::{Bucket, Region};
use support::{key, s3_config, s3_storage};

mod support;

/// Uploads that the server holds for the bucket, as it tells somebody else.
async fn unfinished_uploads(config: &S3Config) -> usize {
    let region = Region::Custom {
        region: config.region.clone(),
        endpoint: config.endpoint.clone(),
    };
    let (access, secret) = (&config.access_key, &config.secret_key);
    let keys = Credentials::new(Some(access), Some(secret), None, None, None).unwrap();
    let bucket = Bucket::new(&config.bucket, region, keys).unwrap();
    let query = [("uploads".to_owned(), String::new())].into();
    let url = bucket
        .with_path_style()
        .presign_get("/", 60, Some(query))
        .await
        .unwrap();
    let answer = reqwest::get(url).await.unwrap().text().await.unwrap();
    assert!(answer.contains("ListMultipartUploadsResult"), "{answer}");
    answer.matches("<UploadId>").count()
}

#[tokio::test]
async fn discard_gives_up_an_unfinished_upload() {
    let config = s3_config().await;
    let storage = S3Storage::connect(config.clone()).unwrap();
    storage.ensure_bucket().await.unwrap();

    let (source, all_read) = stalling_stream(chunks(vec![vec![1; 1 << 20]; 17]));
    match select(storage.put(&key(1), source, None), all_read).await {
        Either::Left((done, _)) => panic!("put ended before its source: {done:?}"),
        Either::Right((_, put)) => {
            assert_eq!(unfinished_uploads(&config).await, 1);
            drop(put);
        }
    }
    storage.discard(&key(1)).await.unwrap();
    assert_eq!(unfinished_uploads(&config).await, 0);
    assert_eq!(storage.stat(&key(1)).await.unwrap(), None);
}

#[tokio::test]
async fn replicas_may_create_the_bucket_together() {
    let config = s3_config().await;
    let replicas = (0..4).map(|_| S3Storage::connect(config.clone()).unwrap());
    let replicas: Vec<_> = replicas.collect();
    let created = join_all(replicas.iter().map(S3Storage::ensure_bucket)).await;
    for result in created {
        result.unwrap();
    }
    replicas[0].check().await.unwrap();
}

#[tokio::test]
async fn a_presigned_link_carries_the_name() {
    let storage = s3_storage().await;
    storage.put(&key(1), bytes(b"hello"), None).await.unwrap();
    let named = Disposition::Attachment("Mietvertrag „Süd“ 50%.pdf".to_owned());
    let url = storage
        .presign_get(&key(1), Duration::from_mins(1), &named)
        .await
        .unwrap()
        .unwrap();
    let response = reqwest::get(url).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.headers()["content-disposition"],
        "attachment; filename=\"Mietvertrag _S_d_ 50_.pdf\"; \
         filename*=UTF-8''Mietvertrag%20%E2%80%9ES%C3%BCd%E2%80%9C%2050%25.pdf"
    );
    assert_eq!(response.bytes().await.unwrap(), "hello");
}

#[tokio::test]
async fn presigned_links_are_for_the_public_side() {
    let config = S3Config {
        public_endpoint: Some("https://files.example.org/".to_owned()),
        presign_keys: Some(PresignKeys {
            access_key: "reader".to_owned(),
            secret_key: "reader-secret".to_owned(),
        }),
        ..s3_config().await
    };
    let storage = S3Storage::connect(config.clone()).unwrap();
    let url = storage
        .presign_get(&key(1), Duration::from_mins(1), &Disposition::Inline)
        .await
        .unwrap()
        .unwrap();
    let start = format!("https://files.example.org/{}/{}?", config.bucket, key(1));
    assert!(url.starts_with(&start), "{url}");
    assert!(url.contains("X-Amz-Credential=reader%2F"), "{url}");
    assert!(url.contains("X-Amz-Expires=60"), "{url}");
}

#[tokio::test]
async fn wrong_keys_are_unauthorized() {
    let config = s3_config().await;
    S3Storage::connect(config.clone())
        .unwrap()
        .ensure_bucket()
        .await
        .unwrap();
    let storage = S3Storage::connect(S3Config {
        secret_key: "wrong".to_owned(),
        ..config
    })
    .unwrap();
    let put = storage.put(&key(1), bytes(b"hello"), None).await;
    assert!(matches!(put, Err(StorageError::Unauthorized(_))), "{put:?}");
    let get = storage.get(&key(1), None).await.map(|_| ());
    assert!(matches!(get, Err(StorageError::Unauthorized(_))), "{get:?}");
    let stat = storage.stat(&key(1)).await;
    assert!(
        matches!(stat, Err(StorageError::Unauthorized(_))),
        "{stat:?}"
    );
    let check = storage.check().await;
    assert!(
        matches!(check, Err(StorageError::Unauthorized(_))),
        "{check:?}"
    );
}

#[tokio::test]
async fn a_missing_bucket_is_not_a_missing_object() {
    let storage = S3Storage::connect(s3_config().await).unwrap();
    let put = storage.put(&key(1), bytes(b"hello"), None).await;
    assert!(matches!(put, Err(StorageError::Permanent(_))), "{put:?}");
    let check = storage.check().await;
    assert!(
        matches!(check, Err(StorageError::Permanent(_))),
        "{check:?}"
    );
}

#[tokio::test]
async fn check_fails_at_once_without_a_server() {
    // A port on which nobody listens any more.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let storage = S3Storage::connect(S3Config {
        endpoint,
        ..s3_config().await
    })
    .unwrap();
    let started = Instant::now();
    let check = storage.check().await;
    assert!(
        matches!(check, Err(StorageError::Transient(_))),
        "{check:?}"
    );
    assert!(started.elapsed() < Duration::from_secs(2));
}
