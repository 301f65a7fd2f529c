use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::ports::{Allowance, RateDecision};
use futures::future::join_all;

use super::Subject;
use super::fixtures::{at, write};

/// Three at once, and one more every twenty seconds.
const THREE_A_MINUTE: Allowance = Allowance {
    burst: 3,
    refill: Duration::from_mins(1),
};

async fn take(store: &Subject, key: &str, now: u64) -> RateDecision {
    write(store, async |unit| {
        let limits = unit.limits();
        limits.take(key, THREE_A_MINUTE, at(now)).await.unwrap()
    })
    .await
}

const fn wait(seconds: u64) -> RateDecision {
    RateDecision::Wait(Duration::from_secs(seconds))
}

pub(super) async fn so_many_and_one_more_in_time(store: &Subject) {
    for _ in 0..3 {
        assert_eq!(take(store, "a", 100).await, RateDecision::Allowed);
    }
    assert_eq!(take(store, "a", 100).await, wait(20));
    // Refused ones do not count.
    assert_eq!(take(store, "a", 119).await, wait(1));
    assert_eq!(take(store, "a", 120).await, RateDecision::Allowed);
    assert_eq!(take(store, "a", 120).await, wait(20));
    assert_eq!(
        take(store, "b", 120).await,
        RateDecision::Allowed,
        "another key"
    );
    // However long nobody came, a bucket holds no more than it holds.
    for _ in 0..3 {
        assert_eq!(take(store, "a", 10_000).await, RateDecision::Allowed);
    }
    assert_eq!(take(store, "a", 10_000).await, wait(20));
}

pub(super) async fn cleared_and_old_buckets_are_gone(store: &Subject) {
    for _ in 0..3 {
        take(store, "a", 100).await;
        take(store, "b", 100).await;
    }
    write(store, async |unit| unit.limits().clear("a").await.unwrap()).await;
    assert_eq!(take(store, "a", 100).await, RateDecision::Allowed);
    assert_eq!(take(store, "b", 100).await, wait(20));
    let purge = async |before: u64| {
        write(store, async |unit| {
            unit.limits().purge(at(before)).await.unwrap()
        })
        .await
    };
    assert_eq!(purge(120).await, 0);
    assert_eq!(purge(121).await, 1, "a was full at 120");
    assert_eq!(take(store, "b", 100).await, wait(20));
}

pub(super) async fn of_many_at_once_the_burst_is_allowed(store: &Subject) {
    let tries = (0..40).map(|_| {
        let store = Arc::clone(store);
        async move { take(&store, "a", 100).await }
    });
    let all = join_all(tries).await;
    let allowed = all.iter().filter(|one| **one == RateDecision::Allowed);
    assert_eq!(allowed.count(), 3);
}
