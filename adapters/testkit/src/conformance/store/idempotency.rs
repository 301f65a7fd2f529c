use std::sync::Arc;

use docuvault_domain::ports::{IdempotencyClaim, IdempotencyKey};
use futures::future::join_all;

use super::Subject;
use super::fixtures::{OWNER, add_n_documents, at, document_id, write};

fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::parse(text).unwrap()
}

async fn claim(store: &Subject, text: &str, now: u64, lease_until: u64) -> IdempotencyClaim {
    write(store, async |unit| {
        let (keys, key) = (unit.idempotency(), key(text));
        let claim = keys.claim(OWNER, &key, at(now), at(lease_until));
        claim.await.unwrap()
    })
    .await
}

async fn complete(store: &Subject, text: &str, expires_at: u64) {
    write(store, async |unit| {
        let (keys, document) = (unit.idempotency(), document_id(1));
        keys.complete(OWNER, &key(text), document, "print", at(expires_at))
            .await
            .unwrap();
    })
    .await;
}

fn done() -> IdempotencyClaim {
    IdempotencyClaim::Done {
        document: document_id(1),
        fingerprint: "print".to_owned(),
    }
}

pub(super) async fn a_completed_key_gives_its_answer(store: &Subject) {
    add_n_documents(store, 1).await;
    let longest = "k".repeat(255);
    for text in ["a key", "a KEY", &longest] {
        let first = claim(store, text, 0, 60).await;
        assert_eq!(first, IdempotencyClaim::Granted, "{text}");
        let second = claim(store, text, 1, 61).await;
        assert_eq!(second, IdempotencyClaim::InProgress, "{text}");
        complete(store, text, 1_000).await;
        assert_eq!(claim(store, text, 2, 62).await, done(), "{text}");
        // The lease is over, the answer stands.
        assert_eq!(claim(store, text, 900, 960).await, done(), "{text}");
    }
}

pub(super) async fn a_lost_lease_is_taken_over(store: &Subject) {
    assert_eq!(claim(store, "k", 0, 60).await, IdempotencyClaim::Granted);
    assert_eq!(
        claim(store, "k", 59, 119).await,
        IdempotencyClaim::InProgress
    );
    assert_eq!(claim(store, "k", 61, 121).await, IdempotencyClaim::Granted);
    assert_eq!(
        claim(store, "k", 62, 122).await,
        IdempotencyClaim::InProgress
    );
}

pub(super) async fn extend_keeps_the_key(store: &Subject) {
    assert_eq!(claim(store, "k", 0, 60).await, IdempotencyClaim::Granted);
    write(store, async |unit| {
        let keys = unit.idempotency();
        keys.extend(OWNER, &key("k"), at(120)).await.unwrap();
    })
    .await;
    assert_eq!(
        claim(store, "k", 100, 160).await,
        IdempotencyClaim::InProgress
    );
    assert_eq!(claim(store, "k", 121, 181).await, IdempotencyClaim::Granted);
}

async fn release(store: &Subject, text: &str) {
    write(store, async |unit| {
        unit.idempotency().release(OWNER, &key(text)).await.unwrap();
    })
    .await;
}

pub(super) async fn a_released_key_can_be_claimed_again(store: &Subject) {
    assert_eq!(claim(store, "k", 0, 60).await, IdempotencyClaim::Granted);
    assert_eq!(
        claim(store, "other", 0, 60).await,
        IdempotencyClaim::Granted
    );
    release(store, "k").await;
    release(store, "unknown").await;
    assert_eq!(claim(store, "k", 1, 61).await, IdempotencyClaim::Granted);
    let other = claim(store, "other", 1, 61).await;
    assert_eq!(other, IdempotencyClaim::InProgress, "no other key");
}

pub(super) async fn release_keeps_a_completed_key(store: &Subject) {
    add_n_documents(store, 1).await;
    assert_eq!(claim(store, "k", 0, 60).await, IdempotencyClaim::Granted);
    complete(store, "k", 1_000).await;
    release(store, "k").await;
    assert_eq!(claim(store, "k", 1, 61).await, done());
}

pub(super) async fn expired_answers_are_taken_over(store: &Subject) {
    add_n_documents(store, 1).await;
    assert_eq!(claim(store, "k", 0, 60).await, IdempotencyClaim::Granted);
    complete(store, "k", 1_000).await;
    assert_eq!(
        claim(store, "k", 1_001, 1_060).await,
        IdempotencyClaim::Granted
    );
    // The old answer is gone, not merely hidden.
    assert_eq!(
        claim(store, "k", 1_002, 1_062).await,
        IdempotencyClaim::InProgress
    );
}

pub(super) async fn purge(store: &Subject) {
    add_n_documents(store, 1).await;
    for (text, expires_at) in [("old", 500), ("older", 400), ("young", 2_000)] {
        assert_eq!(claim(store, text, 0, 60).await, IdempotencyClaim::Granted);
        complete(store, text, expires_at).await;
    }
    assert_eq!(
        claim(store, "running", 990, 1_050).await,
        IdempotencyClaim::Granted
    );
    let purge = async || {
        write(store, async |unit| {
            unit.idempotency().purge(at(1_000)).await.unwrap()
        })
        .await
    };
    assert_eq!(purge().await, 2);
    assert_eq!(purge().await, 0);
    // What is left still counts; asked before the old ones would have expired.
    assert_eq!(claim(store, "young", 1, 61).await, done());
    assert_eq!(
        claim(store, "running", 991, 1_051).await,
        IdempotencyClaim::InProgress
    );
    assert_eq!(claim(store, "old", 1, 61).await, IdempotencyClaim::Granted);
}

pub(super) async fn one_of_many_is_granted(store: &Subject) {
    let tasks = (0..8).map(|_| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let unit = store.begin().await.unwrap();
            let keys = unit.idempotency();
            let claim = keys.claim(OWNER, &key("k"), at(0), at(60)).await.unwrap();
            unit.commit().await.unwrap();
            claim
        })
    });
    let claims: Vec<_> = join_all(tasks)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let count = |wanted| claims.iter().filter(|claim| **claim == wanted).count();
    assert_eq!(count(IdempotencyClaim::Granted), 1, "{claims:?}");
    assert_eq!(count(IdempotencyClaim::InProgress), 7, "{claims:?}");
}
