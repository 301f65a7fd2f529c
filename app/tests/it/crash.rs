//! `kill -9` while documents come in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sha2::Digest as _;

use crate::on_both_stacks;
use crate::support::{Client, Stack};

const UPLOADS: usize = 200;
const KILLS: u64 = 10;
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
    let per_round = UPLOADS / usize::try_from(KILLS).unwrap();
    for round in 0..KILLS {
        let mut vault = stack.serve();
        let uploads = tokio::spawn(upload_many(
            vault.client(),
            usize::try_from(round).unwrap() * per_round,
            per_round,
            acknowledged.clone(),
        ));
        // A different moment each time, most of them in the middle of the uploads.
        tokio::time::sleep(Duration::from_millis(15 + 37 * round)).await;
        vault.kill();
        uploads.await.unwrap();
    }

    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(
        acknowledged.len() > 10,
        "too few uploads got through: {}",
        acknowledged.len()
    );
    let vault = stack.serve();
    for (id, sha256) in &acknowledged {
        let document = vault.settled(id).await;
        assert_eq!(document["status"], "ready", "{document:#}");
        assert_eq!(document["sha256"], sha256.as_str());
        let content = vault.get(&format!("/api/documents/{id}/content")).await;
        assert_eq!(hex::encode(sha2::Sha256::digest(&content.bytes)), *sha256);
    }

    let swept = async {
        loop {
            let rows = stack.ledger_rows().await;
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

async fn upload_many(vault: Client, first: usize, count: usize, acknowledged: Acknowledged) {
    let numbers = futures::stream::iter(first..first + count);
    futures::StreamExt::for_each_concurrent(numbers, AT_ONCE, |n| {
        let (vault, acknowledged) = (vault.clone(), acknowledged.clone());
        async move {
            let text = format!("Document {n}. ").repeat(1 + (n * 7919) % 4000);
            let sha256 = hex::encode(sha2::Sha256::digest(text.as_bytes()));
            let request = vault.upload_request(&format!("{n}.txt"), text);
            let Ok(answer) = vault.try_send(request).await else {
                return;
            };
            let id = answer.expect(201)["id"].as_str().unwrap().to_owned();
            acknowledged.lock().unwrap().insert(id, sha256);
        }
    })
    .await;
}
