//! Identities at providers, and people on their way there.

use std::sync::Arc;

use docuvault_domain::documents::Sha256;
use docuvault_domain::ports::{SsoAttempt, SsoLink};
use futures::future::join_all;

use super::Subject;
use super::fixtures::{OWNER, add_n_documents, at, id, write};

fn digest(n: u64) -> Sha256 {
    Sha256::parse(format!("{n:064x}")).unwrap()
}

fn attempt(n: u64) -> SsoAttempt {
    SsoAttempt {
        id: id(n),
        state: digest(n),
        browser: digest(1000 + n),
        sealed: n.to_be_bytes().to_vec(),
        expires_at: at(n),
    }
}

/// An attempt counts once, in its browser and in its time.
pub(super) async fn attempts_are_taken_once(store: &Subject) {
    let (first, second) = (attempt(10), attempt(20));
    write(store, async |unit| {
        for attempt in [&first, &second] {
            unit.sso().add_attempt(attempt).await.unwrap();
        }
    })
    .await;
    let take = async |state: &SsoAttempt, browser: &SsoAttempt, now| {
        write(store, async |unit| {
            let taken = unit.sso().take_attempt(&state.state, &browser.browser, now);
            taken.await.unwrap()
        })
        .await
    };
    assert_eq!(take(&first, &second, at(1)).await, None, "another browser");
    assert_eq!(take(&first, &first, at(10)).await, None, "too late");
    assert_eq!(take(&first, &first, at(9)).await, Some(first.clone()));
    assert_eq!(take(&first, &first, at(9)).await, None, "once");
    let purge = async |now| write(store, async |unit| unit.sso().purge(now).await.unwrap()).await;
    assert_eq!(purge(at(20)).await, 0);
    assert_eq!(purge(at(21)).await, 1);
}

/// However many come back with one state, one goes on.
pub(super) async fn of_many_with_one_state_one_gets_in(store: &Subject) {
    write(store, async |unit| {
        unit.sso().add_attempt(&attempt(10)).await.unwrap();
    })
    .await;
    let tasks = (0..16).map(|_| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let unit = store.begin().await.unwrap();
            let attempt = attempt(10);
            let sso = unit.sso();
            let taken = sso.take_attempt(&attempt.state, &attempt.browser, at(1));
            let taken = taken.await.unwrap().is_some();
            unit.commit().await.unwrap();
            taken
        })
    });
    let taken = join_all(tasks).await.into_iter().map(Result::unwrap);
    assert_eq!(taken.filter(|taken| *taken).count(), 1);
}

/// An identity is one account's.
pub(super) async fn identities_belong_to_one_account(store: &Subject) {
    add_n_documents(store, 0).await;
    let add = async |issuer: &str, subject: &str| {
        write(store, async |unit| {
            let added = unit.sso().add_identity(issuer, subject, OWNER, at(1));
            added.await.unwrap()
        })
        .await
    };
    let account = async |issuer: &str, subject: &str| {
        let found = store.sso().account(issuer, subject);
        found.await.unwrap()
    };
    assert!(!store.sso().has_identity(OWNER).await.unwrap());
    assert!(add("https://one.example", "a").await);
    assert!(add("https://two.example", "a").await);
    assert!(!add("https://one.example", "a").await);
    assert!(store.sso().has_identity(OWNER).await.unwrap());
    assert_eq!(account("https://one.example", "a").await, Some(OWNER));
    assert_eq!(account("https://one.example", "A").await, None);
    write(store, async |unit| {
        unit.sso().remove_identities(OWNER).await.unwrap();
    })
    .await;
    assert_eq!(account("https://two.example", "a").await, None);
}

/// A link waits for a password, for a while, and is used up.
pub(super) async fn links_wait_for_a_password(store: &Subject) {
    add_n_documents(store, 0).await;
    let link = SsoLink {
        issuer: "https://one.example".to_owned(),
        subject: "a".to_owned(),
        user: OWNER,
        expires_at: at(10),
    };
    let secret = digest(1);
    write(store, async |unit| {
        unit.sso().add_link(&secret, &link).await.unwrap();
    })
    .await;
    let find = async |now| store.sso().link(&secret, now).await.unwrap();
    assert_eq!(find(at(9)).await.as_ref(), Some(&link));
    assert_eq!(find(at(10)).await, None);
    let other = store.sso().link(&digest(2), at(1)).await.unwrap();
    assert_eq!(other, None);
    let take = async || {
        write(store, async |unit| {
            unit.sso().take_link(&secret, at(1)).await.unwrap()
        })
        .await
    };
    assert_eq!(take().await, Some(link));
    assert_eq!(take().await, None);
}
