//! The loops that work beside HTTP: jobs, the relay, the sweep, mails and accounts.

mod account_cleanup;
mod audit_sealing;
mod mail_delivery;
mod relay;
mod sweeper;

use std::sync::Arc;
use std::time::{Duration, Instant};

use docuvault_domain::ports::{Lease, WorkerId};
use docuvault_domain::processing::{Outcome, retry_delay};
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::lifecycle::Lifecycle;
use crate::services::Services;

const CLAIM_WAIT: Duration = Duration::from_secs(5);
const AFTER_FAULT: Duration = Duration::from_secs(1);

/// Starts all loops of a process that works on jobs.
pub(crate) fn start(config: &Config, services: &Arc<Services>, lifecycle: &Lifecycle) {
    let process = services.core.ids.v4();
    for n in 0..config.worker.concurrency {
        let worker = WorkerId(format!("{process}-{n}"));
        let stopping = lifecycle.stopping.clone();
        lifecycle
            .tasks
            .spawn(work(services.clone(), worker, stopping));
    }
    lifecycle
        .tasks
        .spawn(relay::run(services.clone(), lifecycle.stopping.clone()));
    lifecycle.tasks.spawn(mail_delivery::run(
        services.clone(),
        lifecycle.stopping.clone(),
    ));
    lifecycle.tasks.spawn(audit_sealing::run(
        services.clone(),
        lifecycle.stopping.clone(),
    ));
    let every = Duration::from_secs(config.sweep_seconds);
    lifecycle.tasks.spawn(account_cleanup::run(
        services.clone(),
        every,
        lifecycle.stopping.clone(),
    ));
    lifecycle.tasks.spawn(sweeper::run(
        services.clone(),
        every,
        lifecycle.stopping.clone(),
    ));
}

/// Claims and runs jobs until asked to stop; the one at hand is finished first.
pub(crate) async fn work(services: Arc<Services>, worker: WorkerId, stopping: CancellationToken) {
    while !stopping.is_cancelled() {
        // Dropping a waiting claim is safe: at worst a lease runs out by itself.
        let claimed = tokio::select! {
            claimed = services.dispatch.queue.claim(&worker, CLAIM_WAIT) => claimed,
            () = stopping.cancelled() => return,
        };
        match claimed {
            Ok(Some(lease)) => run_leased(&services, &worker, lease).await,
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, cause = ?error.kind, "no job could be claimed");
                let pause = tokio::time::sleep(AFTER_FAULT);
                stopping.run_until_cancelled(pause).await;
            }
        }
    }
}

/// Works on what is due until nothing is.
pub(crate) async fn drain(services: &Arc<Services>, worker: &WorkerId) -> anyhow::Result<()> {
    while let Some(lease) = services.processing.jobs.claim(worker, None).await? {
        run_leased(services, worker, lease).await;
    }
    Ok(())
}

/// Runs one job while keeping its lease.
async fn run_leased(services: &Arc<Services>, worker: &WorkerId, lease: Lease) {
    let started = Instant::now();
    let outcome = {
        let mut running = std::pin::pin!(services.processing.process.run(&lease));
        let mut term = services.processing.jobs.lease_for / 3;
        loop {
            tokio::select! {
                outcome = &mut running => break outcome,
                () = tokio::time::sleep(term) => match services.dispatch.queue.extend(&lease).await {
                    Ok(Some(_)) => term = services.processing.jobs.lease_for / 3,
                    Ok(None) => break Outcome::LeaseLost,
                    // The lease has two thirds of its term left: ask again soon.
                    Err(error) => {
                        tracing::warn!(%error, "a lease could not be kept");
                        term = services.processing.jobs.lease_for / 10;
                    }
                },
            }
        }
    };
    let label = settle(services, worker, &lease, outcome).await;
    metrics::counter!("docuvault_jobs_total", "outcome" => label).increment(1);
    metrics::histogram!("docuvault_job_seconds").record(started.elapsed().as_secs_f64());
}

/// Notes how a run ended; returns the name of the outcome.
async fn settle(
    services: &Arc<Services>,
    worker: &WorkerId,
    lease: &Lease,
    outcome: Outcome,
) -> &'static str {
    let (job, document) = (lease.job.id, lease.job.document);
    match outcome {
        Outcome::Done => {
            tracing::debug!(%job, %document, attempt = lease.attempt, "job done");
            "done"
        }
        Outcome::LeaseLost => {
            tracing::warn!(%job, %document, worker = worker.0, "the lease was lost; nothing written");
            "lost"
        }
        Outcome::GaveUp(sentence) => {
            tracing::error!(%job, %document, attempt = lease.attempt, sentence, "job given up");
            "dead"
        }
        Outcome::Retry { reason, wait } => {
            let delay = retry_delay(lease.attempt, services.core.ids.v4()).max(wait);
            tracing::warn!(%job, %document, attempt = lease.attempt, ?delay, reason, "job failed");
            let at = services.core.clock.now().plus(delay);
            if let Err(error) = services.dispatch.queue.retry_at(lease, at, &reason).await {
                tracing::warn!(%job, %error, "the job is due again when its lease ends");
            }
            "retry"
        }
    }
}
