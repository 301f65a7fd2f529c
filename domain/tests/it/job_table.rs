//! Leases run by the clock.

use std::time::Duration;

use docuvault_domain::ids::JobId;
use docuvault_domain::ports::{Clock, JobState, WorkerId};

use crate::support::{LEASE, World, unknown_id};

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
    assert_eq!(jobs.claim(&worker(), None).await.unwrap(), None);
    let until = clock.advance(LEASE);
    assert_eq!(lease.until, until);

    clock.set(until.minus(MOMENT));
    assert_eq!(jobs.claim(&worker(), None).await.unwrap(), None);
    clock.set(until);
    let next = jobs.claim(&worker(), None).await.unwrap().unwrap();
    assert_eq!((&next.job, next.attempt), (&lease.job, 2));
}

#[tokio::test]
async fn a_job_is_claimed_by_its_id_or_by_how_long_it_has_been_due() {
    let world = World::new();
    let first = world.upload("One").await;
    world.clock.advance(MOMENT);
    world.upload("Two").await;
    let [_, second] = world.transport.published()[..] else {
        panic!("two jobs")
    };
    let unknown = world.jobs.claim(&worker(), Some(JobId(unknown_id()))).await;
    assert_eq!(unknown.unwrap(), None);
    let asked = world.jobs.claim(&worker(), Some(second)).await;
    assert_eq!(asked.unwrap().unwrap().job.id, second);
    let longest = world.jobs.claim(&worker(), None).await.unwrap();
    assert_eq!(longest.unwrap().job.document, first.id);
}

#[tokio::test]
async fn an_extended_lease_lasts_another_term() {
    let world = World::new();
    world.upload("Rent").await;
    let lease = world.claim().await;
    let (clock, jobs) = (&world.clock, &world.jobs);
    let now = lease.until.minus(MOMENT);
    clock.set(now);
    let kept = jobs.extend(&lease).await.unwrap().unwrap();
    assert_eq!(kept.until, now.plus(LEASE));
    assert_eq!((&kept.job, kept.attempt), (&lease.job, lease.attempt));
    clock.set(kept.until.minus(MOMENT));
    assert_eq!(jobs.claim(&worker(), None).await.unwrap(), None);
}

#[tokio::test]
async fn a_lost_lease_does_nothing() {
    let world = World::new();
    world.upload("Rent").await;
    let lost = world.claim().await;
    let (clock, jobs) = (&world.clock, &world.jobs);
    let now = clock.advance(LEASE);
    let held = world.claim().await;
    assert_eq!(jobs.extend(&lost).await.unwrap(), None);
    assert!(!jobs.ack(&lost).await.unwrap());
    assert!(!jobs.retry_at(&lost, now, "late").await.unwrap());
    assert_eq!(world.open_jobs().await, 1);
    assert_eq!(world.store.job(held.job.id), Some((JobState::Open, None)));
    assert!(jobs.ack(&held).await.unwrap());
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
    assert_eq!(jobs.claim(&worker(), None).await.unwrap(), None);
    clock.set(later);
    let next = jobs.claim(&worker(), None).await.unwrap().unwrap();
    assert_eq!(next.attempt, 2);
}

#[tokio::test]
async fn a_job_that_nobody_heard_of_is_published_again_after_a_while() {
    let world = World::new();
    world.upload("Rent").await;
    let published = world.transport.published();
    let (jobs, while_) = (&world.jobs, Duration::from_secs(20));
    world.clock.advance(while_);
    assert_eq!(jobs.take_unpublished(while_, 10).await.unwrap(), []);
    world.clock.advance(MOMENT);
    let again = jobs.take_unpublished(while_, 10).await.unwrap();
    assert_eq!(again, published);
    assert_eq!(jobs.take_unpublished(while_, 10).await.unwrap(), []);

    world.claim().await;
    world.clock.advance(while_ + MOMENT);
    let leased = jobs.take_unpublished(while_, 10).await.unwrap();
    assert_eq!(leased, [], "somebody works on it");
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
    world.jobs.ack(&lease).await.unwrap();
    assert_eq!(world.open_jobs().await, 1);
}
