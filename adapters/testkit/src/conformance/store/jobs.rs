use std::collections::HashSet;
use std::sync::Arc;

use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{Job, Lease, QueueDepth};
use futures::future::join_all;

use super::Subject;
use super::fixtures::{add_n_documents, add_n_jobs, at, job, job_id, worker, write};

async fn claim(store: &Subject, id: Option<JobId>, now: u64, until: u64) -> Option<Lease> {
    write(store, async |unit| {
        let jobs = unit.jobs();
        jobs.claim(&worker("a"), id, at(now), at(until))
            .await
            .unwrap()
    })
    .await
}

/// A lease that was taken away by another claim.
async fn lost_lease(store: &Subject) -> (Lease, Lease) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lost = claim(store, None, 0, 60).await.unwrap();
    let held = claim(store, None, 61, 120).await.unwrap();
    (lost, held)
}

async fn finish(store: &Subject, lease: &Lease, now: u64) -> bool {
    write(store, async |unit| {
        unit.jobs().finish(lease, at(now)).await.unwrap()
    })
    .await
}

pub(super) async fn schedule_is_idempotent_by_identity(store: &Subject) {
    add_n_documents(store, 1).await;
    let again = Job {
        id: job_id(2),
        ..job(1)
    };
    let next_reading = Job {
        id: job_id(3),
        content_version: 2,
        ..job(1)
    };
    let next_pipeline = Job {
        id: job_id(4),
        pipeline_version: 2,
        ..job(1)
    };
    write(store, async |unit| {
        let jobs = unit.jobs();
        jobs.schedule(&[], at(0), at(0)).await.unwrap();
        let first = [job(1), again.clone()];
        jobs.schedule(&first, at(0), at(0)).await.unwrap();
    })
    .await;
    write(store, async |unit| {
        let jobs = unit.jobs();
        let second = [again.clone(), next_reading.clone(), next_pipeline.clone()];
        jobs.schedule(&second, at(5), at(5)).await.unwrap();
    })
    .await;
    assert_eq!(store.jobs().depth().await.unwrap().open, 3);

    let first = claim(store, None, 10, 1_000).await.unwrap();
    assert_eq!((&first.job, first.attempt), (&job(1), 1), "left as it was");
    assert_eq!(first.until, at(1_000));
    assert!(finish(store, &first, 11).await);
    // A finished identity is not done again.
    write(store, async |unit| {
        unit.jobs()
            .schedule(&[again], at(20), at(20))
            .await
            .unwrap();
    })
    .await;
    let rest = [
        claim(store, None, 30, 1_000).await.unwrap().job,
        claim(store, None, 30, 1_000).await.unwrap().job,
    ];
    assert_eq!(rest, [next_reading, next_pipeline]);
    assert_eq!(claim(store, None, 30, 1_000).await, None);
}

pub(super) async fn claim_takes_the_longest_due(store: &Subject) {
    assert_eq!(claim(store, None, 0, 60).await, None, "no job at all");
    // 3 is due first, 1 last.
    add_n_jobs(store, 3, |n| at(40 - 10 * n)).await;
    assert_eq!(claim(store, None, 9, 99).await, None, "not due yet");
    let mut claimed = Vec::new();
    while let Some(lease) = claim(store, None, 30, 99).await {
        claimed.push(lease.job.id);
    }
    assert_eq!(claimed, [job_id(3), job_id(2), job_id(1)]);
    // Leases that ran out are due like any other, at their very end.
    assert_eq!(claim(store, None, 98, 200).await, None);
    let again = claim(store, None, 99, 200).await.unwrap();
    assert_eq!(again.attempt, 2);
}

pub(super) async fn claim_by_id(store: &Subject) {
    add_n_jobs(store, 3, |n| at(n * 10)).await;
    let second = claim(store, Some(job_id(2)), 20, 99).await.unwrap();
    assert_eq!(second.job, job(2));
    for (n, why) in [(2, "leased"), (3, "not due"), (9, "unknown")] {
        let none = claim(store, Some(job_id(n)), 20, 99).await;
        assert_eq!(none, None, "{why}");
    }
    assert!(finish(store, &second, 21).await);
    let done = claim(store, Some(job_id(2)), 500, 600).await;
    assert_eq!(done, None, "done");
}

pub(super) async fn finish_needs_the_lease(store: &Subject) {
    let (lost, held) = lost_lease(store).await;
    assert_eq!((lost.attempt, held.attempt), (1, 2));
    assert!(!finish(store, &lost, 70).await);
    assert!(finish(store, &held, 71).await);
    assert!(!finish(store, &held, 72).await, "only once");
    assert_eq!(claim(store, None, 9_999, 10_000).await, None);
}

pub(super) async fn every_verb_is_fenced(store: &Subject) {
    let (lost, held) = lost_lease(store).await;
    write(store, async |unit| {
        let jobs = unit.jobs();
        assert!(!jobs.extend(&lost, at(9_000)).await.unwrap(), "extend");
        assert!(!jobs.retry(&lost, at(0), "late").await.unwrap(), "retry");
        assert!(
            !jobs.give_up(&lost, at(70), "late").await.unwrap(),
            "give_up"
        );
    })
    .await;
    let none = claim(store, None, 119, 200).await;
    assert_eq!(none, None, "the lease that holds is untouched");

    write(store, async |unit| {
        let jobs = unit.jobs();
        assert!(jobs.give_up(&held, at(80), "No use.").await.unwrap());
        assert!(!jobs.give_up(&held, at(81), "No use.").await.unwrap());
        assert!(!jobs.extend(&held, at(9_000)).await.unwrap(), "extend");
        assert!(!jobs.retry(&held, at(0), "late").await.unwrap(), "retry");
        assert!(!jobs.finish(&held, at(82)).await.unwrap(), "finish");
    })
    .await;
    assert_eq!(claim(store, None, 9_999, 10_000).await, None, "dead");
}

pub(super) async fn an_unclaimed_lease_still_holds(store: &Subject) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lease = claim(store, None, 0, 60).await.unwrap();
    // It ran out, but nobody else came.
    let kept = write(store, async |unit| {
        unit.jobs().extend(&lease, at(200)).await.unwrap()
    })
    .await;
    assert!(kept);
    assert_eq!(claim(store, None, 100, 300).await, None);
    assert!(finish(store, &lease, 250).await);
}

pub(super) async fn extend_keeps_others_away(store: &Subject) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lease = claim(store, None, 0, 60).await.unwrap();
    write(store, async |unit| {
        assert!(unit.jobs().extend(&lease, at(120)).await.unwrap());
    })
    .await;
    assert_eq!(claim(store, None, 119, 200).await, None);
    assert_eq!(claim(store, None, 120, 200).await.unwrap().attempt, 2);
}

pub(super) async fn retry_waits_for_its_time(store: &Subject) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lease = claim(store, None, 0, 60).await.unwrap();
    write(store, async |unit| {
        let jobs = unit.jobs();
        let reason = "the store does not answer";
        assert!(jobs.retry(&lease, at(30), reason).await.unwrap());
    })
    .await;
    assert_eq!(claim(store, None, 29, 99).await, None);
    let next = claim(store, None, 30, 99).await.unwrap();
    assert_eq!(next.attempt, 2, "attempts are counted on");
    assert!(!finish(store, &lease, 31).await, "the first lease is lost");
}

pub(super) async fn finish_rolls_back_with_its_unit(store: &Subject) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lease = claim(store, None, 0, 60).await.unwrap();
    let unit = store.begin().await.unwrap();
    assert!(unit.jobs().finish(&lease, at(1)).await.unwrap());
    drop(unit);
    assert_eq!(store.jobs().depth().await.unwrap().open, 1);
    assert!(finish(store, &lease, 2).await);
    assert_eq!(store.jobs().depth().await.unwrap().open, 0);
}

async fn take(store: &Subject, now: u64, published_before: u64, limit: u32) -> Vec<JobId> {
    write(store, async |unit| {
        let jobs = unit.jobs();
        let taken = jobs.take_unpublished(at(now), at(published_before), limit);
        let mut taken = taken.await.unwrap();
        taken.sort();
        taken
    })
    .await
}

pub(super) async fn jobs_are_taken_for_publishing_once_due(store: &Subject) {
    // Published and due at 10, 20, 30, 40, 50.
    add_n_jobs(store, 5, |n| at(n * 10)).await;
    assert_eq!(take(store, 100, 5, 9).await, [], "all published since");
    assert_eq!(take(store, 15, 1_000, 9).await, [job_id(1)], "the due one");

    let leased = claim(store, Some(job_id(2)), 100, 200).await.unwrap();
    let done = claim(store, Some(job_id(3)), 100, 200).await.unwrap();
    assert!(finish(store, &done, 101).await);
    // 1 was published at 15, 2 is being worked on, 3 is done.
    assert_eq!(take(store, 110, 12, 9).await, []);
    assert_eq!(take(store, 110, 60, 9).await, [1, 4, 5].map(job_id));
    assert_eq!(take(store, 111, 105, 9).await, [], "published at 110");

    // What is due again is published again.
    assert_eq!(leased.until, at(200));
    assert_eq!(take(store, 300, 105, 9).await, [job_id(2)]);
    let some = take(store, 400, 350, 2).await;
    assert_eq!(some.len(), 2, "the limit");
    let rest = take(store, 400, 350, 9).await;
    let both: HashSet<_> = some.iter().chain(&rest).collect();
    assert_eq!((rest.len(), both.len()), (2, 4));
}

pub(super) async fn depth(store: &Subject) {
    let depth = store.jobs().depth().await.unwrap();
    assert_eq!(depth, QueueDepth::default());
    add_n_jobs(store, 4, |n| at(n * 10)).await;
    let give_up = claim(store, Some(job_id(1)), 100, 200).await.unwrap();
    let finished = claim(store, Some(job_id(2)), 100, 200).await.unwrap();
    claim(store, Some(job_id(3)), 100, 200).await.unwrap();
    write(store, async |unit| {
        let jobs = unit.jobs();
        assert!(jobs.give_up(&give_up, at(101), "No use.").await.unwrap());
        assert!(jobs.finish(&finished, at(101)).await.unwrap());
    })
    .await;
    let expected = QueueDepth {
        open: 2,
        dead: 1,
        oldest: Some(at(30)),
    };
    assert_eq!(store.jobs().depth().await.unwrap(), expected);
}

pub(super) async fn parallel_claims_get_distinct_jobs(store: &Subject) {
    add_n_jobs(store, 20, |_| at(0)).await;
    let tasks = (0..8).map(|n| {
        let (store, worker) = (Arc::clone(store), worker(&format!("worker {n}")));
        tokio::spawn(async move {
            let mut claimed = Vec::new();
            loop {
                let unit = store.begin().await.unwrap();
                let lease = unit.jobs().claim(&worker, None, at(1), at(60)).await;
                unit.commit().await.unwrap();
                match lease.unwrap() {
                    Some(lease) => claimed.push(lease.job.id),
                    None => break claimed,
                }
            }
        })
    });
    assert_all_20(join_all(tasks).await.into_iter().flat_map(Result::unwrap));
}

pub(super) async fn parallel_relays_get_distinct_jobs(store: &Subject) {
    add_n_jobs(store, 20, |_| at(0)).await;
    let tasks = (0..8).map(|_| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let mut taken = Vec::new();
            loop {
                let unit = store.begin().await.unwrap();
                let jobs = unit.jobs();
                let some = jobs.take_unpublished(at(100), at(100), 3).await;
                unit.commit().await.unwrap();
                let some = some.unwrap();
                if some.is_empty() {
                    break taken;
                }
                taken.extend(some);
            }
        })
    });
    assert_all_20(join_all(tasks).await.into_iter().flat_map(Result::unwrap));
}

fn assert_all_20(ids: impl Iterator<Item = JobId>) {
    let mut ids: Vec<_> = ids.collect();
    ids.sort();
    let all: Vec<_> = (1..=20).map(job_id).collect();
    assert_eq!(ids, all, "each exactly once");
}
