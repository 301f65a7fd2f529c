use std::sync::Arc;

use docuvault_domain::accounts::User;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::StoredFactor;
use futures::future::join_all;

use super::Subject;
use super::fixtures::{id, write};
use super::users::{add, user};

async fn person(store: &Subject, n: u64, handle: &str) -> User {
    let user = user(n, handle);
    add(store, &user).await.unwrap();
    user
}

async fn offer(store: &Subject, user: &User, sealed: &[u8]) -> bool {
    write(store, async |unit| {
        unit.factors().offer(user.id, sealed).await.unwrap()
    })
    .await
}

async fn take_step(store: &Subject, user: &User, step: u64) -> bool {
    write(store, async |unit| {
        unit.factors().take_step(user.id, step).await.unwrap()
    })
    .await
}

async fn stored(store: &Subject, user: &User) -> Option<(Vec<u8>, Option<u64>)> {
    let factor = store.factors().find(user.id).await.unwrap();
    factor.map(|StoredFactor { sealed, last_step }| (sealed, last_step))
}

async fn is_enabled(store: &Subject, user: &User) -> bool {
    let user = store.users().find(user.id).await.unwrap();
    user.unwrap().totp_enabled
}

pub(super) async fn a_factor_is_offered_used_and_removed(store: &Subject) {
    let ada = person(store, 1, "ada").await;
    let bob = person(store, 2, "bob").await;
    assert_eq!(stored(store, &ada).await, None);
    assert!(!take_step(store, &ada, 5).await, "there is nothing to take");
    assert!(offer(store, &ada, b"first").await);
    assert!(
        offer(store, &ada, &[0, 255, 7]).await,
        "in the place of the first"
    );
    assert_eq!(stored(store, &ada).await, Some((vec![0, 255, 7], None)));
    assert!(!is_enabled(store, &ada).await, "it waits");

    assert!(take_step(store, &ada, 100).await);
    assert!(is_enabled(store, &ada).await);
    assert!(!is_enabled(store, &bob).await);
    assert!(!offer(store, &ada, b"another").await, "one is in use");
    for (step, taken) in [
        (100, false),
        (99, false),
        (101, true),
        (101, false),
        (100, false),
    ] {
        assert_eq!(take_step(store, &ada, step).await, taken, "{step}");
    }
    assert_eq!(
        stored(store, &ada).await,
        Some((vec![0, 255, 7], Some(101)))
    );
    // What is said of the account changes nothing of it.
    write(store, async |unit| unit.users().update(&ada).await.unwrap()).await;
    assert!(is_enabled(store, &ada).await);

    let remove = async || {
        write(store, async |unit| {
            unit.factors().remove(ada.id).await.unwrap()
        })
        .await
    };
    assert!(remove().await);
    assert!(!remove().await);
    assert!(!is_enabled(store, &ada).await);
    assert_eq!(stored(store, &ada).await, None);
    let nobody = UserId(id(77));
    assert_eq!(
        store
            .factors()
            .find(nobody)
            .await
            .unwrap()
            .map(|it| it.last_step),
        None
    );
}

pub(super) async fn of_many_with_one_code_one_gets_in(store: &Subject) {
    let ada = person(store, 1, "ada").await;
    offer(store, &ada, b"secret").await;
    let tries = (0..20).map(|_| {
        let (store, ada) = (Arc::clone(store), ada.clone());
        async move { take_step(&store, &ada, 7).await }
    });
    let taken = join_all(tries).await;
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
}

pub(super) async fn recovery_codes_work_once(store: &Subject) {
    let ada = person(store, 1, "ada").await;
    let bob = person(store, 2, "bob").await;
    let code = |digit: &str| Sha256::parse(digit.repeat(64)).unwrap();
    let set = async |user: &User, codes: &[Sha256]| {
        write(store, async |unit| {
            let factors = unit.factors();
            factors.set_recovery_codes(user.id, codes).await.unwrap();
        })
        .await;
    };
    let take = async |user: &User, digit: &str| {
        write(store, async |unit| {
            let factors = unit.factors();
            factors
                .take_recovery_code(user.id, &code(digit))
                .await
                .unwrap()
        })
        .await
    };
    let left = async |user: &User| store.factors().count_recovery_codes(user.id).await.unwrap();
    set(&ada, &[code("a"), code("b")]).await;
    set(&bob, &[code("a")]).await;
    assert!(take(&ada, "a").await);
    assert!(!take(&ada, "a").await);
    assert!(!take(&ada, "c").await);
    assert_eq!((left(&ada).await, left(&bob).await), (1, 1));
    set(&ada, &[code("c"), code("d")]).await;
    assert!(!take(&ada, "b").await, "replaced");
    assert_eq!(left(&ada).await, 2);
    // They go with the factor, and with nobody else's.
    write(store, async |unit| {
        unit.factors().remove(ada.id).await.unwrap()
    })
    .await;
    assert_eq!((left(&ada).await, left(&bob).await), (0, 1));
}
