//! `kill -9` while documents come in.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha2::Digest as _;
use tokio::sync::Semaphore;

use crate::on_both_stacks;
use crate::support::{Client, Stack};

const UPLOADS: usize = 200;
const KILLS: usize = 10;
const AT_ONCE: usize = 16;

on_both_stacks!(no_acknowledged_document_is_lost);

/// Document id → digest of the bytes that were sent.
type Acknowledged = Arc<Mutex<HashMap<String, String>>>;

async fn no_acknowledged_document_is_lost(stack: Stack) {
    let stack = stack
        .with("DOCUVAULT_UPLOAD_LEASE_SECONDS", "3")
        .with("DOCUVAULT_WORKER__LEASE_SECONDS", "3")
        .with("DOCUVAULT_SWEEP_SECONDS", "1");
    let acknowledged = Acknowledged::default();
    let counted = Arc::new(Semaphore::new(0));
    let per_round = UPLOADS / KILLS;
    for round in 0..KILLS {
        let mut vault = stack.serve();
        let first = round * per_round;
        let uploads = upload_many(
            vault.client(),
            first..first + per_round,
            acknowledged.clone(),
            counted.clone(),
        );
        let uploads = tokio::spawn(uploads);
        // After a different number of answers each time, and at a random moment between two.
        let answers = u32::try_from(1 + (round * 7) % per_round).unwrap();
        counted.acquire_many(answers).await.unwrap().forget();
        let moment = std::process::id().wrapping_mul(31 + answers) % 8000;
        tokio::time::sleep(Duration::from_micros(moment.into())).await;
        vault.kill();
        uploads.await.unwrap();
        counted.forget_permits(per_round);
    }

    let acknowledged = acknowledged.lock().unwrap().clone();
    let vault = stack.serve();
    for (id, sha256) in &acknowledged {
        let document = vault.wait_until_processed(id).await;
        assert_eq!(document["status"], "ready", "{document:#}");
        assert_eq!(document["sha256"], sha256.as_str());
        let content = vault.get(&format!("/api/documents/{id}/content")).await;
        assert_eq!(hex::encode(sha2::Sha256::digest(&content.bytes)), *sha256);
    }

    let swept = async {
        loop {
            let rows = stack.object_rows().await;
            let live = rows.iter().filter(|(_, state)| state == "live");
            let keys: Vec<_> = live.map(|(key, _)| key.clone()).collect();
            let documents = usize::try_from(stack.count("documents").await).unwrap();
            let whole = keys.len() == rows.len() && keys.len() == documents;
            if whole && stack.stored_keys().await == keys {
                return documents;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    };
    let documents = tokio::time::timeout(Duration::from_mins(1), swept).await;
    let documents = documents.expect("objects and rows are not the same after the sweep");
    assert!(documents >= acknowledged.len());
    assert_eq!(stack.count("jobs WHERE state = 'dead'").await, 0);
}

async fn upload_many(
    vault: Client,
    numbers: Range<usize>,
    acknowledged: Acknowledged,
    counted: Arc<Semaphore>,
) {
    let numbers = futures::stream::iter(numbers);
    futures::StreamExt::for_each_concurrent(numbers, AT_ONCE, |n| {
        let (vault, acknowledged, counted) = (vault.clone(), acknowledged.clone(), counted.clone());
        async move {
            let text = format!("Document {n}. ").repeat(1 + (n * 7919) % 4000);
            let sha256 = hex::encode(sha2::Sha256::digest(text.as_bytes()));
            let request = vault.upload_request(&format!("{n}.txt"), text);
            let Ok(answer) = vault.try_send(request).await else {
                return;
            };
            let id = answer.expect(201)["id"].as_str().unwrap().to_owned();
            acknowledged.lock().unwrap().insert(id, sha256);
            counted.add_permits(1);
        }
    })
    .await;
}
