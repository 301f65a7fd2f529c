//! `GET /metrics`, on a listener that strangers do not reach.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{App, HttpResponse, HttpServer, get};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::sync::CancellationToken;

use crate::services::Services;

/// Serves metrics on `address` until `stopping` is cancelled.
pub(crate) fn server(
    address: SocketAddr,
    services: &Arc<Services>,
    handle: PrometheusHandle,
    stopping: &CancellationToken,
) -> std::io::Result<actix_web::dev::Server> {
    let services = Data::from(services.clone());
    let handle = Data::new(handle);
    let app = move || {
        App::new()
            .app_data(services.clone())
            .app_data(handle.clone())
            .service(render)
    };
    let server = HttpServer::new(app)
        .workers(1)
        .shutdown_timeout(1)
        .shutdown_signal(stopping.clone().cancelled_owned())
        .bind(address)?
        .run();
    Ok(server)
}

#[get("/metrics")]
async fn render(services: Data<Services>, handle: Data<PrometheusHandle>) -> HttpResponse {
    // Depth is looked up when asked for, so that it is right however the jobs came and went.
    if let Ok(depth) = services.processing.jobs.depth().await {
        metrics::gauge!("docuvault_jobs_open").set(as_f64(depth.open));
        metrics::gauge!("docuvault_jobs_dead").set(as_f64(depth.dead));
        let age = depth
            .oldest
            .map_or(0.0, |at| services.core.clock.now().since(at).as_secs_f64());
        metrics::gauge!("docuvault_jobs_oldest_seconds").set(age);
    }
    handle.run_upkeep();
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(handle.render())
}

/// Counts are far below where a float would round them.
fn as_f64(count: u64) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}
