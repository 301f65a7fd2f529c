//! What works beside HTTP: jobs, and works that return by themselves. [`registry`] names them all.

mod catch_panics;
mod kinds;
mod periodic;
mod periodic_work;
mod registry;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use docuvault_domain::PortError;
use docuvault_domain::jobs::{JobRun, JobTable, Outcome, abandon, retry_delay, run_job};
use docuvault_domain::ports::{JobEnd, JobKind, Lease, LeaseState, Queue, WorkerId};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use self::kinds::{Kinds, Slots};
use self::periodic::Where;
use self::registry::Kind;
use crate::config::{Config, Role};
use crate::lifecycle::Lifecycle;
use crate::services::Services;

const AFTER_FAULT: Duration = Duration::from_secs(1);

/// Starts what this process does behind requests, by its role.
pub(crate) fn start(config: &Config, services: &Arc<Services>, lifecycle: &Lifecycle) {
    let works_on_jobs = config.role != Role::Api;
    for work in registry::periodic(config) {
        if works_on_jobs || work.runs == Where::Everywhere {
            let running = work.run(services.clone(), lifecycle.stopping.clone());
            lifecycle.tasks.spawn(running);
        }
    }
    if works_on_jobs {
        let worker = Arc::new(Worker::new(config, services));
        for n in 0..config.worker.concurrency {
            let running = worker.clone().run(n, lifecycle.stopping.clone());
            lifecycle.tasks.spawn(running);
        }
    }
}

/// Claims jobs of the kinds in the registry and runs them.
pub(crate) struct Worker {
    jobs: JobTable,
    queue: Arc<dyn Queue>,
    kinds: Kinds,
    process: uuid::Uuid,
}

impl Worker {
    pub(crate) fn new(config: &Config, services: &Arc<Services>) -> Self {
        let kinds = registry::kinds(config, services);
        let jobs = services.processing.jobs.clone();
        let queue = services.dispatch.queue.clone();
        Self::of(kinds, &registry::retired(), jobs, queue)
    }

    fn of(kinds: Vec<Kind>, retired: &[JobKind], jobs: JobTable, queue: Arc<dyn Queue>) -> Self {
        Self {
            kinds: Kinds::new(kinds, &jobs.core, retired),
            process: jobs.core.ids.v4(),
            jobs,
            queue,
        }
    }

    /// Works on jobs until asked to stop; the one at hand is finished first.
    async fn run(self: Arc<Self>, n: u32, stopping: CancellationToken) {
        let name = self.name(n);
        while !stopping.is_cancelled() {
            match self.claim(&name).await {
                Ok(Some((lease, slot))) => self.work(lease, slot).await,
                Ok(None) => {
                    stopping.run_until_cancelled(self.queue.wait()).await;
                }
                Err(error) => {
                    tracing::warn!(%error, cause = ?error.kind, "no job could be claimed");
                    let pause = tokio::time::sleep(AFTER_FAULT);
                    stopping.run_until_cancelled(pause).await;
                }
            }
        }
    }

    /// Works on what is due until nothing is.
    pub(crate) async fn drain(&self, n: u32) -> Result<(), PortError> {
        let name = self.name(n);
        while let Some((lease, slot)) = self.claim(&name).await? {
            self.work(lease, slot).await;
        }
        Ok(())
    }

    fn name(&self, n: u32) -> WorkerId {
        WorkerId(format!("{}-{n}", self.process))
    }

    /// Leases a due job of a kind that may run once more at a time in this process.
    async fn claim(
        &self,
        name: &WorkerId,
    ) -> Result<Option<(Lease, OwnedSemaphorePermit)>, PortError> {
        let Slots { claimable, turn } = self.kinds.free_slots().await;
        let lease = self.jobs.claim(name, &claimable).await?;
        Ok(lease.and_then(|lease| {
            let slot = turn.take(&lease.job.kind)?;
            Some((lease, slot))
        }))
    }

    async fn work(&self, lease: Lease, _slot: OwnedSemaphorePermit) {
        let Some(kind) = self.kinds.get(&lease.job.kind) else {
            return;
        };
        let started = Instant::now();
        let run = JobRun::new(lease);
        let outcome = self.run_leased(kind, &run).await;
        let label = self.conclude(&run.lease, outcome).await;
        metrics::counter!("docuvault_jobs_total", "outcome" => label).increment(1);
        metrics::histogram!("docuvault_job_seconds").record(started.elapsed().as_secs_f64());
    }

    /// Runs a job while keeping its lease. A run whose lease is lost, or that is to be stopped, is
    /// dropped where it waits.
    async fn run_leased(&self, kind: &Kind, run: &JobRun) -> Outcome {
        let (jobs, lease) = (&self.jobs, &run.lease);
        let mut running = std::pin::pin!(run_job(&*kind.handler, kind.attempts, run));
        let mut pause = kind.lease / 3;
        let stopped = loop {
            tokio::select! {
                outcome = &mut running => return outcome,
                () = tokio::time::sleep(pause) => {}
            }
            match jobs.extend(lease, kind.lease, run.progress()).await {
                Ok(LeaseState::Held) => pause = kind.lease / 3,
                Ok(LeaseState::StopRequested) => break true,
                Ok(LeaseState::Lost) => break false,
                // The lease has two thirds of its term left: ask again soon.
                Err(error) => {
                    tracing::warn!(%error, "a lease could not be kept");
                    pause = kind.lease / 10;
                }
            }
        };
        if stopped {
            abandon(&*kind.handler, lease, JobEnd::Stopped).await
        } else {
            Outcome::LeaseLost
        }
    }

    /// Notes how a run ended; returns the name of the outcome.
    async fn conclude(&self, lease: &Lease, outcome: Outcome) -> &'static str {
        let (job, kind, attempt) = (lease.job.id, &lease.job.kind, lease.attempt);
        match outcome {
            Outcome::Done => {
                tracing::debug!(%job, %kind, attempt, "job done");
                "done"
            }
            Outcome::LeaseLost => {
                tracing::warn!(%job, %kind, attempt, "the lease was lost; nothing written");
                "lost"
            }
            Outcome::GaveUp(sentence) => {
                tracing::error!(%job, %kind, attempt, sentence, "job given up");
                "dead"
            }
            Outcome::Stopped => {
                tracing::info!(%job, %kind, attempt, "job stopped as asked for");
                "stopped"
            }
            Outcome::Retry { reason, wait } => {
                let delay = retry_delay(attempt, self.jobs.core.ids.v4()).max(wait);
                tracing::warn!(%job, %kind, attempt, ?delay, reason, "job failed");
                let at = self.jobs.core.now().plus(delay);
                if let Err(error) = self.jobs.retry_at(lease, at, &reason).await {
                    tracing::warn!(%job, %error, "the job is due again when its lease ends");
                }
                "retry"
            }
        }
    }
}
