use docuvault_domain::ids::UserId;
use docuvault_domain::ports::Quota;
use futures::future::join_all;

use super::Subject;
use super::fixtures::{id, write};
use super::users;

const USER: u64 = 1;

async fn used(store: &Subject) -> u64 {
    let quota = store.quotas().of(UserId(id(USER))).await.unwrap();
    quota.unwrap().used_bytes
}

async fn charge(store: &Subject, bytes: u64) -> bool {
    let user = UserId(id(USER));
    write(store, async |unit| {
        unit.quotas().charge(user, bytes).await.unwrap()
    })
    .await
}

pub(super) async fn a_quota_is_charged_to_the_byte(store: &Subject) {
    let user = UserId(id(USER));
    assert_eq!(store.quotas().of(user).await.unwrap(), None);
    users::add(store, &users::user(USER, "ada")).await.unwrap();
    let empty = Quota {
        used_bytes: 0,
        limit_bytes: 100,
    };
    assert_eq!(store.quotas().of(user).await.unwrap(), Some(empty));
    assert!(charge(store, 60).await);
    assert!(!charge(store, 41).await);
    assert_eq!(used(store).await, 60, "nothing was counted");
    assert!(charge(store, 40).await);
    assert!(!charge(store, 1).await);
    assert!(charge(store, 0).await);
    write(store, async |unit| {
        unit.quotas().refund(user, 60).await.unwrap();
    })
    .await;
    assert_eq!(used(store).await, 40);
    let unit = store.begin().await.unwrap();
    assert!(unit.quotas().charge(user, 10).await.unwrap());
    drop(unit);
    assert_eq!(used(store).await, 40, "rolled back");
}

pub(super) async fn of_many_at_once_no_more_than_fit(store: &Subject) {
    users::add(store, &users::user(USER, "ada")).await.unwrap();
    let charges = (0..50).map(|_| charge(store, 7));
    let granted = join_all(charges).await.into_iter().filter(|it| *it).count();
    assert_eq!(granted, 14);
    assert_eq!(used(store).await, 98);
}
