//! All that runs behind requests, on one screen.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::accounts::KEYS_LOOKED_AT_EVERY;
use docuvault_domain::audit::LookBack;
use docuvault_domain::jobs::JobHandler;
use docuvault_domain::ports::JobKind;
use docuvault_domain::processing::{FILE, MAX_ATTEMPTS, PROCESS};

use super::periodic::{Periodic, Where};
use super::periodic_work as work;
use crate::config::Config;
use crate::services::Services;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// A kind of job, and how it is done.
pub(super) struct Kind {
    /// The stored name.
    pub(super) name: JobKind,
    pub(super) handler: Arc<dyn JobHandler>,
    /// Tries until it is given up; `None`: for as long as it takes.
    pub(super) attempts: Option<u32>,
    /// A job whose worker died is taken over after so long.
    pub(super) lease: Duration,
    /// How many run at once in this process.
    pub(super) at_once: u32,
}

/// Every kind of job. A kind that no release makes any more goes to [`retired`], so that rows of it drain.
pub(super) fn kinds(config: &Config, services: &Services) -> Vec<Kind> {
    let lease = Duration::from_secs(config.worker.lease_seconds);
    let all = config.worker.concurrency;
    let kind = |name, handler: Arc<dyn JobHandler>, attempts, at_once| Kind {
        name,
        handler,
        attempts,
        lease,
        at_once,
    };
    vec![
        kind(
            PROCESS,
            services.processing.process.clone(),
            Some(MAX_ATTEMPTS),
            all,
        ),
        kind(FILE, services.processing.file.clone(), None, all),
    ]
}

/// Kinds of earlier releases, whose jobs are finished without being done.
pub(super) const fn retired() -> [JobKind; 0] {
    []
}

/// Every work that returns by itself: name, interval, first time, where, what.
#[rustfmt::skip]
pub(super) fn periodic(config: &Config) -> Vec<Periodic<Services>> {
    use Where::{Everywhere, Workers};
    let sweep = Duration::from_secs(config.sweep_seconds);
    let (at_start, soon) = (Duration::ZERO, Duration::from_secs(2));
    vec![
        Periodic::new("mail delivery",     soon,                     soon,         Workers,    work::deliver_mail),
        Periodic::new("sweep",             sweep,                    at_start,     Workers,    work::sweep),
        Periodic::new("account cleanup",   sweep,                    at_start,     Workers,    work::remove_accounts),
        Periodic::new("expired rows",      60 * sweep,               at_start,     Workers,    work::purge_expired),
        Periodic::new("audit sealing",     Duration::from_secs(30),  at_start,     Workers,    |it| work::seal_audit(it, LookBack::Recent)),
        Periodic::new("audit check",       DAY,                      10 * MINUTE,  Workers,    |it| work::seal_audit(it, LookBack::Whole)),
        Periodic::new("signing keys",      KEYS_LOOKED_AT_EVERY,     KEYS_LOOKED_AT_EVERY, Everywhere, work::refresh_signing_keys),
    ]
}
