//! Logs and metrics.

use std::io::IsTerminal as _;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Sends log lines to standard error, one each, in the configured form.
pub(crate) fn start_logs(config: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.level)
        .map_err(|error| anyhow::anyhow!("log.level: {:?}: {error}", config.level))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match config.format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("{error}"))
}

const LATENCY_BUCKETS: &[f64] = &[0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

/// Collects metrics in this process, to be rendered when Prometheus asks.
pub(crate) fn start_metrics() -> anyhow::Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), LATENCY_BUCKETS)?
        .install_recorder()?;
    metrics::describe_counter!(
        "docuvault_http_requests_total",
        "HTTP requests by route and status"
    );
    metrics::describe_histogram!(
        "docuvault_http_request_seconds",
        "Time until the answer began"
    );
    metrics::describe_counter!("docuvault_jobs_total", "Jobs by outcome");
    metrics::describe_histogram!("docuvault_job_seconds", "Time spent on a job");
    metrics::describe_gauge!("docuvault_jobs_open", "Jobs waiting or being worked on");
    metrics::describe_gauge!("docuvault_jobs_dead", "Jobs that were given up");
    metrics::describe_gauge!(
        "docuvault_jobs_oldest_seconds",
        "Age of the oldest open job"
    );
    metrics::describe_counter!(
        "docuvault_swept_total",
        "What the sweep cleaned up, by kind"
    );
    Ok(handle)
}
