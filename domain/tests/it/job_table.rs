//! Leases run by the clock.

use std::time::Duration;

use docuvault_domain::documents::Status;
use docuvault_domain::jobs::Outcome;
use docuvault_domain::ports::{Clock, JobState, LeaseState, WorkerId};

use crate::support::{CALLER, LEASE, World, claimable};

const MOMENT: Duration = Duration::from_micros(1);

fn worker() -> WorkerId {
    WorkerId("another".to_owned())
}

#[tokio::test]
async fn a_job_is_leased_to_one_worker_until_the_lease_ends() {
    let world = World::new();
    world.upload("Rent").await;
    let lease = world.claim().await;
    let (clock, jobs) = (&world.clock, &world.jobs);
    assert_eq!(lease.attempt, 1);
    assert_eq!(jobs.claim(&worker(), &claimable()).await.unwrap(), None);
    let until = clock.advance(LEASE);
    assert_eq!(lease.until, until);

    clock.set(until.minus(MOMENT));
    assert_eq!(jobs.claim(&worker(), &claimable()).await.unwrap(), None);
    clock.set(until);
    let next = jobs.claim(&worker(), &claimable()).await.unwrap().unwrap();
    assert_eq!((&next.job, next.attempt), (&lease.job, 2));
}

#[tokio::test]
async fn an_extended_lease_lasts_another_term() {
    let world = World::new();
    world.upload("Rent").await;
    let lease = world.claim().await;
    let (clock, jobs) = (&world.clock, &world.jobs);
    let now = lease.until.minus(MOMENT);
    clock.set(now);
    let kept = jobs.extend(&lease, LEASE, None).await.unwrap();
    assert_eq!(kept, LeaseState::Held);
    clock.set(now.plus(LEASE).minus(MOMENT));
    assert_eq!(jobs.claim(&worker(), &claimable()).await.unwrap(), None);
}

#[tokio::test]
async fn a_lost_lease_does_nothing() {
    let world = World::new();
    world.upload("Rent").await;
    let lost = world.claim().await;
    let (clock, jobs) = (&world.clock, &world.jobs);
    let now = clock.advance(LEASE);
    let held = world.claim().await;
    let extended = jobs.extend(&lost, LEASE, None).await.unwrap();
    assert_eq!(extended, LeaseState::Lost);
    assert!(!world.finish(&lost).await);
    assert!(!jobs.retry_at(&lost, now, "late").await.unwrap());
    assert_eq!(world.open_jobs().await, 1);
    assert_eq!(world.store.job(held.job.id), Some((JobState::Open, None)));
    assert!(world.finish(&held).await);
    assert_eq!(world.store.job(held.job.id).unwrap().0, JobState::Done);
}

#[tokio::test]
async fn a_job_to_be_tried_again_waits_for_its_time() {
    let world = World::new();
    world.upload("Rent").await;
    let lease = world.claim().await;
    let (clock, jobs) = (&world.clock, &world.jobs);
    let later = clock.now().plus(LEASE * 10);
    assert!(jobs.retry_at(&lease, later, "away").await.unwrap());
    let note = Some("away".to_owned());
    assert_eq!(world.store.job(lease.job.id), Some((JobState::Open, note)));
    clock.set(later.minus(MOMENT));
    assert_eq!(jobs.claim(&worker(), &claimable()).await.unwrap(), None);
    clock.set(later);
    let next = jobs.claim(&worker(), &claimable()).await.unwrap().unwrap();
    assert_eq!(next.attempt, 2);
}

#[tokio::test]
async fn what_was_done_a_month_ago_is_purged() {
    let world = World::new();
    world.ready("Rent").await;
    world.clock.advance(Duration::from_hours(24 * 30));
    assert_eq!(world.jobs.purge().await.unwrap(), 0);
    world.clock.advance(MOMENT);
    assert_eq!(world.jobs.purge().await.unwrap(), 1);
}

#[tokio::test]
async fn a_stopped_reading_says_so_on_its_document() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let [job] = world.transport.published()[..] else {
        panic!("one job")
    };
    assert!(world.jobs.request_stop(job).await.unwrap());
    let outcome = world.work().await;
    assert!(matches!(outcome, Outcome::Stopped), "{outcome:?}");
    let stopped = world.document(document.id).await;
    assert_eq!(stopped.status, Status::Failed);
    assert!(stopped.status_detail.unwrap().contains("was stopped"));
    assert_eq!(world.store.job(job).unwrap().0, JobState::Stopped);

    world.change.reprocess(&CALLER, document.id).await.unwrap();
    world.work().await;
    assert_eq!(world.document(document.id).await.status, Status::Ready);
}

#[tokio::test]
async fn depth_counts_what_is_open() {
    let world = World::new();
    let promised_at = world.upload("Rent").await.created_at;
    world.clock.advance(MOMENT);
    world.upload("Else").await;
    let depth = world.jobs.depth().await.unwrap();
    assert_eq!((depth.open, depth.oldest), (2, Some(promised_at)));
    let lease = world.claim().await;
    world.finish(&lease).await;
    assert_eq!(world.open_jobs().await, 1);
}
