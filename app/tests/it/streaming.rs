//! Memory while large files pass through.

use std::time::Duration;

use reqwest::{Body, Method, multipart};
use sha2::Digest as _;

use crate::on_both_stacks;
use crate::support::{Stack, Vault};

const MIB: usize = 1024 * 1024;
const SIZE: usize = 500 * MIB;
const MAX_GROWTH_KIB: u64 = 32 * 1024;

on_both_stacks!(a_large_upload_needs_little_memory);

async fn a_large_upload_needs_little_memory(stack: Stack) {
    let vault = stack
        .with("DOCUVAULT_WORKER__CONCURRENCY", "0")
        .with("DOCUVAULT_ACCOUNTS__QUOTA_BYTES", (1_u64 << 40).to_string())
        .serve();
    // Whatever is set up once is set up before the first look.
    vault.add("warm.txt", "warm ".repeat(1_000_000)).await;
    let idle = vault.resident_kib();

    let line: Vec<u8> = b"All work and no play makes a dull document. ".repeat(2000);
    let mut hasher = sha2::Sha256::new();
    let chunks: Vec<_> = (0..SIZE.div_ceil(line.len()))
        .map(|_| line.clone())
        .collect();
    for chunk in &chunks {
        hasher.update(chunk);
    }
    let sha256 = hex::encode(hasher.finalize());
    let size = chunks.len() * line.len();
    let body = Body::wrap_stream(futures::stream::iter(
        chunks.into_iter().map(Ok::<_, std::io::Error>),
    ));
    let part = multipart::Part::stream(body).file_name("large.txt");
    let form = multipart::Form::new().part("file", part);
    let request = vault
        .request(Method::POST, "/api/documents/upload")
        .multipart(form);
    let client = vault.client();
    let upload = tokio::spawn(async move { client.send(request).await });
    let peak = peak_while(&vault, || upload.is_finished()).await;
    let document = upload.await.unwrap().expect(201);
    assert_eq!(document["size_bytes"], size);
    assert_eq!(document["sha256"], sha256.as_str());
    let growth = peak.saturating_sub(idle);
    assert!(
        growth <= MAX_GROWTH_KIB,
        "grew by {growth} KiB from {idle} KiB during the upload"
    );

    let idle = vault.resident_kib();
    let path = format!(
        "/api/documents/{}/content",
        document["id"].as_str().unwrap()
    );
    let request = vault.request(Method::GET, &path);
    let download = tokio::spawn(async move {
        let mut response = request.send().await.unwrap();
        let mut hasher = sha2::Sha256::new();
        while let Some(chunk) = response.chunk().await.unwrap() {
            hasher.update(&chunk);
        }
        hex::encode(hasher.finalize())
    });
    let peak = peak_while(&vault, || download.is_finished()).await;
    assert_eq!(download.await.unwrap(), sha256);
    let growth = peak.saturating_sub(idle);
    assert!(
        growth <= MAX_GROWTH_KIB,
        "grew by {growth} KiB from {idle} KiB during the download"
    );
}

/// The most memory the vault had until `done`.
async fn peak_while(vault: &Vault, done: impl Fn() -> bool) -> u64 {
    let mut peak = 0;
    while !done() {
        peak = peak.max(vault.resident_kib());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    peak
}
