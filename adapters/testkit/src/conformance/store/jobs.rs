use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::ids::{ConnectionId, JobId};
use docuvault_domain::ports::{
    Claimable, Job, JobEnd, JobKind, JobState, JobSubject, Lease, LeaseState, Priority, Progress,
    QueueDepth,
};
use futures::future::join_all;
use serde_json::json;

use super::Subject;
use super::fixtures::{
    OWNER, add_n_documents, add_n_jobs, add_owner, at, document_id, id, job, job_id, worker, write,
};

fn claimable(kind: &str, seconds: u64) -> Claimable {
    Claimable {
        kind: JobKind::stored(kind.to_owned()),
        lease: Duration::from_secs(seconds),
    }
}

/// The `n`-th job, of a kind that documents know nothing of.
fn of_kind(kind: &str, n: u64) -> Job {
    Job::new(
        job_id(n),
        JobKind::stored(kind.to_owned()),
        &json!({ "n": n }),
    )
}

async fn schedule(store: &Subject, jobs: &[Job], at_seconds: u64) {
    add_owner(&**store).await;
    write(store, async |unit| {
        let at = at(at_seconds);
        unit.jobs().schedule(jobs, at, at).await.unwrap();
    })
    .await;
}

/// Claims a document's job, for `term` seconds.
async fn claim(store: &Subject, now: u64, term: u64) -> Option<Lease> {
    claim_kind(store, "process", now, term).await
}

async fn claim_kind(store: &Subject, kind: &str, now: u64, term: u64) -> Option<Lease> {
    write(store, async |unit| {
        let kinds = [claimable(kind, term)];
        unit.jobs()
            .claim(&worker("a"), &kinds, at(now))
            .await
            .unwrap()
    })
    .await
}

async fn extend(
    store: &Subject,
    lease: &Lease,
    until: u64,
    progress: Option<Progress>,
) -> LeaseState {
    write(store, async |unit| {
        unit.jobs()
            .extend(lease, at(until), progress)
            .await
            .unwrap()
    })
    .await
}

async fn request_stop(store: &Subject, n: u64, now: u64) -> bool {
    write(store, async |unit| {
        unit.jobs().request_stop(job_id(n), at(now)).await.unwrap()
    })
    .await
}

async fn end(store: &Subject, lease: &Lease, now: u64, end: JobEnd<'_>) {
    let held = write(store, async |unit| {
        unit.jobs().finish(lease, at(now), end).await.unwrap()
    });
    assert!(held.await);
}

/// A lease that was taken away by another claim.
async fn lost_lease(store: &Subject) -> (Lease, Lease) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lost = claim(store, 0, 60).await.unwrap();
    let held = claim(store, 61, 59).await.unwrap();
    (lost, held)
}

async fn finish(store: &Subject, lease: &Lease, now: u64) -> bool {
    write(store, async |unit| {
        unit.jobs()
            .finish(lease, at(now), JobEnd::Done(None))
            .await
            .unwrap()
    })
    .await
}

pub(super) async fn a_key_keeps_a_job_from_being_scheduled_twice(store: &Subject) {
    add_n_documents(store, 1).await;
    let again = Job {
        id: job_id(2),
        ..job(1)
    };
    let other_key = Job {
        id: job_id(3),
        key: Some("another".to_owned()),
        ..of_kind("other", 3)
    };
    let other_kind = Job {
        id: job_id(4),
        key: job(1).key,
        ..of_kind("other", 4)
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
        let second = [again, other_key.clone(), other_kind, other_key];
        jobs.schedule(&second, at(5), at(5)).await.unwrap();
    })
    .await;
    assert_eq!(store.jobs().depth().await.unwrap().open, 3);
    let first = claim(store, 10, 1_000).await.unwrap();
    assert_eq!((&first.job, first.attempt), (&job(1), 1), "left as it was");
    assert_eq!(first.until, at(1_010));
}

pub(super) async fn a_finished_key_may_be_scheduled_again(store: &Subject) {
    let keyed = |n| Job {
        key: Some("recount".to_owned()),
        ..of_kind("other", n)
    };
    schedule(store, &[keyed(1)], 0).await;
    let first = claim_kind(store, "other", 0, 60).await.unwrap();
    assert!(finish(store, &first, 1).await);
    schedule(store, &[keyed(2)], 2).await;
    let second = claim_kind(store, "other", 2, 60).await.unwrap();
    assert_eq!(second.job.id, job_id(2));
}

pub(super) async fn a_job_comes_back_as_it_was_scheduled(store: &Subject) {
    add_n_documents(store, 1).await;
    let jobs = [
        Job {
            owner: Some(OWNER),
            subject: Some(JobSubject::Connection(ConnectionId(id(77)))),
            priority: Priority::Low,
            key: Some("k".to_owned()),
            ..Job::new(
                job_id(1),
                JobKind::new("a"),
                &json!({ "text": "ä\u{0}", "n": [1, null] }),
            )
        },
        Job {
            subject: Some(JobSubject::Account(OWNER)),
            ..of_kind("b", 2)
        },
        Job {
            subject: Some(JobSubject::Document(document_id(1))),
            ..of_kind("c", 3)
        },
        of_kind("d", 4),
        job(1),
    ];
    for (n, job) in jobs.into_iter().enumerate() {
        let kind = job.kind.as_str().to_owned();
        let job = Job {
            id: job_id(n as u64 + 10),
            ..job
        };
        schedule(store, std::slice::from_ref(&job), 0).await;
        let known = store.jobs().find(job.id).await.unwrap().unwrap();
        assert_eq!(known.job, job);
        let lease = claim_kind(store, &kind, 0, 60).await.unwrap();
        assert_eq!(lease.job, job);
    }
}

pub(super) async fn a_claim_leaves_other_kinds_alone(store: &Subject) {
    schedule(store, &[of_kind("of a later release", 1)], 0).await;
    schedule(store, &[of_kind("known", 2)], 5).await;
    let lease = claim_kind(store, "known", 9, 60).await.unwrap();
    assert_eq!(
        lease.job.id,
        job_id(2),
        "though the other has been due longer"
    );
    assert_eq!(claim(store, 9, 60).await, None);
    let none = write(store, async |unit| {
        unit.jobs().claim(&worker("a"), &[], at(9)).await.unwrap()
    });
    assert_eq!(none.await, None, "a worker without kinds");
    let untouched = store.jobs().find(job_id(1)).await.unwrap().unwrap();
    assert_eq!((untouched.attempts, untouched.due_at), (0, at(0)));
}

pub(super) async fn each_kind_has_its_own_lease(store: &Subject) {
    schedule(store, &[of_kind("short", 1), of_kind("long", 2)], 0).await;
    let kinds = [claimable("short", 10), claimable("long", 1_000)];
    let mut until = Vec::new();
    for _ in 0..2 {
        let lease = write(store, async |unit| {
            unit.jobs().claim(&worker("a"), &kinds, at(5)).await
        });
        until.push(lease.await.unwrap().unwrap().until);
    }
    assert_eq!(until, [at(15), at(1_005)]);
}

pub(super) async fn the_most_urgent_is_claimed_first(store: &Subject) {
    let with = |n, priority| Job {
        priority,
        ..of_kind("other", n)
    };
    schedule(store, &[with(1, Priority::Low)], 0).await;
    schedule(store, &[with(2, Priority::Normal)], 1).await;
    schedule(store, &[with(3, Priority::High)], 2).await;
    schedule(store, &[with(4, Priority::High)], 99).await;
    let mut claimed = Vec::new();
    while let Some(lease) = claim_kind(store, "other", 9, 60).await {
        claimed.push(lease.job.id);
    }
    assert_eq!(claimed, [3, 2, 1].map(job_id), "what is not due waits");
}

pub(super) async fn a_waiting_job_that_is_to_be_stopped_is_due_at_once(store: &Subject) {
    schedule(store, &[of_kind("other", 1)], 1_000).await;
    assert!(!request_stop(store, 2, 5).await, "no such job");
    assert!(request_stop(store, 1, 5).await);
    let lease = claim_kind(store, "other", 5, 60).await.unwrap();
    assert!(lease.stop_requested);
    end(store, &lease, 6, JobEnd::Stopped).await;
    assert!(!request_stop(store, 1, 7).await, "over");
    let known = store.jobs().find(job_id(1)).await.unwrap().unwrap();
    assert_eq!(
        (known.state, known.finished_at),
        (JobState::Stopped, Some(at(6)))
    );
    assert_eq!(store.jobs().depth().await.unwrap(), QueueDepth::default());
}

pub(super) async fn who_works_on_a_job_learns_that_it_is_to_be_stopped(store: &Subject) {
    schedule(store, &[of_kind("other", 1)], 0).await;
    let lease = claim_kind(store, "other", 0, 60).await.unwrap();
    assert!(!lease.stop_requested);
    assert_eq!(extend(store, &lease, 70, None).await, LeaseState::Held);
    assert!(request_stop(store, 1, 5).await);
    assert_eq!(
        claim_kind(store, "other", 69, 60).await,
        None,
        "still leased"
    );
    let extended = extend(store, &lease, 80, None).await;
    assert_eq!(extended, LeaseState::StopRequested);
}

pub(super) async fn progress_and_result_can_be_asked_for(store: &Subject) {
    schedule(store, &[of_kind("other", 1)], 0).await;
    let find = async || store.jobs().find(job_id(1)).await.unwrap().unwrap();
    assert_eq!((find().await.progress, find().await.claimed), (None, false));
    let lease = claim_kind(store, "other", 0, 60).await.unwrap();
    let progress = Some(Progress { done: 3, total: 10 });
    extend(store, &lease, 70, progress).await;
    assert_eq!(
        (find().await.progress, find().await.claimed),
        (progress, true)
    );
    extend(store, &lease, 80, None).await;
    assert_eq!(find().await.progress, progress, "kept");
    let result = json!({ "moved": 10 });
    end(store, &lease, 9, JobEnd::Done(Some(&result))).await;
    let known = find().await;
    assert_eq!((known.state, known.result), (JobState::Done, Some(result)));
    assert_eq!(store.jobs().find(job_id(2)).await.unwrap(), None);
}

pub(super) async fn jobs_are_listed_by_state(store: &Subject) {
    for n in 1..=4 {
        schedule(store, &[of_kind("other", n)], n).await;
    }
    let given_up = claim_kind(store, "other", 9, 60).await.unwrap();
    end(store, &given_up, 10, JobEnd::GaveUp("No use.")).await;
    let list = async |state, limit| {
        let listed = store.jobs().list(state, limit).await.unwrap();
        listed.into_iter().map(|it| it.job.id).collect::<Vec<_>>()
    };
    assert_eq!(list(JobState::Open, 2).await, [4, 3].map(job_id));
    assert_eq!(list(JobState::Dead, 9).await, [job_id(1)]);
    assert_eq!(list(JobState::Done, 9).await, []);
    let dead = store.jobs().find(job_id(1)).await.unwrap().unwrap();
    assert_eq!(dead.note.as_deref(), Some("No use."));
}

pub(super) async fn what_is_over_for_long_is_purged(store: &Subject) {
    let jobs = [1, 2, 3, 4].map(|n| of_kind("other", n));
    schedule(store, &jobs, 0).await;
    for (at, how) in [
        (10, JobEnd::Done(None)),
        (20, JobEnd::Stopped),
        (10, JobEnd::GaveUp("No.")),
    ] {
        let lease = claim_kind(store, "other", 1, 60).await.unwrap();
        end(store, &lease, at, how).await;
    }
    let purge = async |before| {
        write(store, async |unit| {
            unit.jobs().purge(at(before), 10).await.unwrap()
        })
        .await
    };
    assert_eq!(purge(10).await, 0);
    assert_eq!(purge(11).await, 1, "done");
    assert_eq!(purge(99).await, 1, "stopped");
    let depth = store.jobs().depth().await.unwrap();
    assert_eq!((depth.open, depth.dead), (1, 1), "the rest stays");
}

pub(super) async fn claim_takes_the_longest_due(store: &Subject) {
    assert_eq!(claim(store, 0, 60).await, None, "no job at all");
    // 3 is due first, 1 last.
    add_n_jobs(store, 3, |n| at(40 - 10 * n)).await;
    assert_eq!(claim(store, 9, 90).await, None, "not due yet");
    let mut claimed = Vec::new();
    while let Some(lease) = claim(store, 30, 69).await {
        claimed.push(lease.job.id);
    }
    assert_eq!(claimed, [job_id(3), job_id(2), job_id(1)]);
    // Leases that ran out are due like any other, at their very end.
    assert_eq!(claim(store, 98, 102).await, None);
    let again = claim(store, 99, 101).await.unwrap();
    assert_eq!(again.attempt, 2);
}

pub(super) async fn finish_needs_the_lease(store: &Subject) {
    let (lost, held) = lost_lease(store).await;
    assert_eq!((lost.attempt, held.attempt), (1, 2));
    assert!(!finish(store, &lost, 70).await);
    assert!(finish(store, &held, 71).await);
    assert!(!finish(store, &held, 72).await, "only once");
    assert_eq!(claim(store, 9_999, 1).await, None);
}

pub(super) async fn every_verb_is_fenced(store: &Subject) {
    let (lost, held) = lost_lease(store).await;
    let refused = async |lease: &Lease| {
        write(store, async |unit| {
            let jobs = unit.jobs();
            let extended = jobs.extend(lease, at(9_000), None).await.unwrap();
            assert_eq!(extended, LeaseState::Lost, "extend");
            assert!(!jobs.retry(lease, at(0), "late").await.unwrap(), "retry");
            for end in [JobEnd::Done(None), JobEnd::GaveUp("late"), JobEnd::Stopped] {
                assert!(!jobs.finish(lease, at(70), end).await.unwrap(), "{end:?}");
            }
        })
        .await;
    };
    refused(&lost).await;
    let none = claim(store, 119, 81).await;
    assert_eq!(none, None, "the lease that holds is untouched");
    end(store, &held, 80, JobEnd::GaveUp("No use.")).await;
    refused(&held).await;
    assert_eq!(claim(store, 9_999, 1).await, None, "dead");
}

pub(super) async fn an_unclaimed_lease_still_holds(store: &Subject) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lease = claim(store, 0, 60).await.unwrap();
    // It ran out, but nobody else came.
    assert_eq!(extend(store, &lease, 200, None).await, LeaseState::Held);
    assert_eq!(claim(store, 100, 200).await, None);
    assert!(finish(store, &lease, 250).await);
}

pub(super) async fn extend_keeps_others_away(store: &Subject) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lease = claim(store, 0, 60).await.unwrap();
    assert_eq!(extend(store, &lease, 120, None).await, LeaseState::Held);
    assert_eq!(claim(store, 119, 81).await, None);
    assert_eq!(claim(store, 120, 80).await.unwrap().attempt, 2);
}

pub(super) async fn retry_waits_for_its_time(store: &Subject) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lease = claim(store, 0, 60).await.unwrap();
    write(store, async |unit| {
        let jobs = unit.jobs();
        let reason = "the store does not answer";
        assert!(jobs.retry(&lease, at(30), reason).await.unwrap());
    })
    .await;
    assert_eq!(claim(store, 29, 70).await, None);
    let next = claim(store, 30, 69).await.unwrap();
    assert_eq!(next.attempt, 2, "attempts are counted on");
    assert!(!finish(store, &lease, 31).await, "the first lease is lost");
}

pub(super) async fn finish_rolls_back_with_its_unit(store: &Subject) {
    add_n_jobs(store, 1, |_| at(0)).await;
    let lease = claim(store, 0, 60).await.unwrap();
    let unit = store.begin().await.unwrap();
    let done = JobEnd::Done(None);
    assert!(unit.jobs().finish(&lease, at(1), done).await.unwrap());
    drop(unit);
    assert_eq!(store.jobs().depth().await.unwrap().open, 1);
    assert!(finish(store, &lease, 2).await);
    assert_eq!(store.jobs().depth().await.unwrap().open, 0);
}

pub(super) async fn depth_counts_what_is_unfinished(store: &Subject) {
    let depth = store.jobs().depth().await.unwrap();
    assert_eq!(depth, QueueDepth::default());
    add_n_jobs(store, 3, |n| at(n * 10)).await;
    schedule(store, &[of_kind("other", 4)], 40).await;
    let given_up = claim(store, 100, 100).await.unwrap();
    let finished = claim(store, 100, 100).await.unwrap();
    claim(store, 100, 100).await.unwrap();
    end(store, &given_up, 101, JobEnd::GaveUp("No use.")).await;
    end(store, &finished, 101, JobEnd::Done(None)).await;
    let expected = QueueDepth {
        open: 2,
        dead: 1,
        oldest: Some(at(30)),
    };
    assert_eq!(store.jobs().depth().await.unwrap(), expected);
    let unfinished = async |kinds: &[&'static str]| {
        let kinds: Vec<_> = kinds.iter().map(|kind| JobKind::new(kind)).collect();
        store.jobs().unfinished(&kinds).await.unwrap()
    };
    assert_eq!(unfinished(&["process"]).await, 1);
    assert_eq!(unfinished(&["process", "other"]).await, 2);
    assert_eq!(unfinished(&["unknown"]).await, 0);
}

pub(super) async fn parallel_claims_get_distinct_jobs(store: &Subject) {
    add_n_jobs(store, 20, |_| at(0)).await;
    let tasks = (0..8).map(|n| {
        let (store, worker) = (Arc::clone(store), worker(&format!("worker {n}")));
        tokio::spawn(async move {
            let mut claimed = Vec::new();
            loop {
                let unit = store.begin().await.unwrap();
                let kinds = [claimable("process", 59)];
                let lease = unit.jobs().claim(&worker, &kinds, at(1)).await;
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

fn assert_all_20(ids: impl Iterator<Item = JobId>) {
    let mut ids: Vec<_> = ids.collect();
    ids.sort();
    let all: Vec<_> = (1..=20).map(job_id).collect();
    assert_eq!(ids, all, "each exactly once");
}
