use std::sync::Arc;

use docuvault_domain::accounts::{ApiToken, ApiTokenName, Scope, User};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::ApiTokenId;
use futures::future::join_all;

use super::Subject;
use super::fixtures::{at, id, write};
use super::users::{add, user};

fn digest(n: u64) -> Sha256 {
    Sha256::parse(format!("{n:064x}")).unwrap()
}

fn token(n: u64, user: &User) -> ApiToken {
    ApiToken {
        id: ApiTokenId(id(n)),
        user: user.id,
        name: ApiTokenName::parse(&format!("Scanner {n} „x“")).unwrap(),
        scopes: [Scope::Read, Scope::Admin].into_iter().collect(),
        created_at: at(n),
        expires_at: Some(at(100)),
        last_used_at: None,
    }
}

async fn make(store: &Subject, token: &ApiToken, n: u64) {
    write(store, async |unit| {
        unit.api_tokens().add(token, &digest(n)).await.unwrap();
    })
    .await;
}

async fn live(store: &Subject, n: u64, now: u64) -> Option<(ApiToken, User)> {
    store.api_tokens().live(&digest(n), at(now)).await.unwrap()
}

async fn revoke(store: &Subject, user: &User, n: u64) -> bool {
    write(store, async |unit| {
        let token = ApiTokenId(id(n));
        unit.api_tokens().revoke(user.id, token).await.unwrap()
    })
    .await
}

pub(super) async fn a_token_is_found_until_it_is_revoked(store: &Subject) {
    let (ada, bob) = (user(1, "ada"), user(2, "bob"));
    for user in [&ada, &bob] {
        add(store, user).await.unwrap();
    }
    let (mut first, mut second) = (token(1, &ada), token(2, &ada));
    second.expires_at = None;
    make(store, &first, 1).await;
    make(store, &second, 2).await;
    make(store, &token(3, &bob), 3).await;
    assert_eq!(live(store, 1, 5).await, Some((first.clone(), ada.clone())));
    assert_eq!(live(store, 9, 5).await, None);
    let listed = store.api_tokens().list(ada.id).await.unwrap();
    assert_eq!(listed, [second.clone(), first.clone()]);

    for now in [20, 10] {
        write(store, async |unit| {
            unit.api_tokens().note_use(&first, at(now)).await.unwrap();
        })
        .await;
    }
    first.last_used_at = Some(at(20));
    assert_eq!(live(store, 1, 21).await, Some((first, ada.clone())));

    assert!(!revoke(store, &bob, 1).await, "not theirs");
    assert!(revoke(store, &ada, 1).await);
    assert!(!revoke(store, &ada, 1).await);
    assert_eq!(live(store, 1, 21).await, None);
    let revoked = write(store, async |unit| {
        unit.api_tokens().revoke_all(ada.id).await.unwrap()
    })
    .await;
    assert_eq!(revoked, 1);
    assert_eq!(live(store, 2, 21).await, None);
    assert!(live(store, 3, 21).await.is_some(), "another person's");
}

pub(super) async fn a_token_ends_at_its_time_and_with_its_account(store: &Subject) {
    let mut ada = user(1, "ada");
    add(store, &ada).await.unwrap();
    make(store, &token(1, &ada), 1).await;
    assert!(live(store, 1, 99).await.is_some());
    assert_eq!(live(store, 1, 100).await, None);
    ada.disabled_at = Some(at(5));
    write(store, async |unit| unit.users().update(&ada).await.unwrap()).await;
    assert_eq!(live(store, 1, 50).await, None);
}

/// Whoever holds the account's row counts what is there.
pub(super) async fn of_many_at_once_no_more_than_the_limit(store: &Subject) {
    let ada = user(1, "ada");
    add(store, &ada).await.unwrap();
    let tries = (1..=8).map(|n| {
        let (store, ada) = (Arc::clone(store), ada.clone());
        tokio::spawn(async move {
            let unit = store.begin().await.unwrap();
            assert!(unit.users().lock(ada.id).await.unwrap().is_some());
            if unit.api_tokens().list(ada.id).await.unwrap().len() < 3 {
                let new = token(n, &ada);
                unit.api_tokens().add(&new, &digest(n)).await.unwrap();
                unit.commit().await.unwrap();
            }
        })
    });
    for outcome in join_all(tries).await {
        outcome.unwrap();
    }
    assert_eq!(store.api_tokens().list(ada.id).await.unwrap().len(), 3);
}
