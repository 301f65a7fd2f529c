//! Whether the vault is well.

use std::collections::BTreeMap;
use std::error::Error;
use std::future::Future;
use std::time::Duration;

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get};
use docuvault_domain::documents::StorageKind;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// The routes of this feature.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(health).service(live).service(ready);
}

/// Whether every component works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HealthStatus {
    /// All of them.
    Ok,
    /// Not all of them.
    Degraded,
}

/// A report, each component by its own name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    status: HealthStatus,
    version: &'static str,
    /// `postgres` or `sqlite`, `minio` or `filesystem`, `redis` or `jobs`: `ok`, or `error: …`.
    #[serde(flatten)]
    components: BTreeMap<&'static str, String>,
}

/// Health of every component
#[utoipa::path(
    tag = "operations", operation_id = "health",
    responses((status = 200, body = Health), (status = 503, body = Health))
)]
#[get("/health")]
async fn health(services: Data<Services>) -> HttpResponse {
    let store = probe(services.core.store.check());
    let storage = probe(services.storage.check());
    let queue = probe(services.dispatch.queue.check());
    let (store, storage, queue) = tokio::join!(store, storage, queue);
    let storage_name = match services.storage.kind() {
        StorageKind::Filesystem => "filesystem",
        StorageKind::S3 => "minio",
    };
    let components = BTreeMap::from([
        (services.core.store.engine(), store),
        (storage_name, storage),
        (services.dispatch.queue.component(), queue),
    ]);
    let ok = components.values().all(|state| state == "ok");
    let status = if ok {
        HealthStatus::Ok
    } else {
        HealthStatus::Degraded
    };
    let mut response = if ok {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response.json(Health {
        status,
        version: env!("CARGO_PKG_VERSION"),
        components,
    })
}

/// What people without an account may know of a failure: that it is there. The causes are logged.
async fn probe<E: Error>(check: impl Future<Output = Result<(), E>>) -> String {
    match tokio::time::timeout(PROBE_TIMEOUT, check).await {
        Ok(Ok(())) => "ok".to_owned(),
        Ok(Err(error)) => {
            tracing::warn!(%error, cause = error.source().map(ToString::to_string), "a probe failed");
            format!("error: {error}")
        }
        Err(_) => "error: no answer within 2 seconds".to_owned(),
    }
}

/// That the process serves, and nothing more.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Alive {
    status: HealthStatus,
}

/// Whether the process serves
#[utoipa::path(tag = "operations", operation_id = "health_live", responses((status = 200, body = Alive)))]
#[get("/health/live")]
async fn live() -> Json<Alive> {
    Json(Alive {
        status: HealthStatus::Ok,
    })
}

/// Whether requests can be answered
///
/// The database answers and is migrated.
#[utoipa::path(
    tag = "operations", operation_id = "health_ready",
    responses((status = 200, body = Alive), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[get("/health/ready")]
async fn ready(services: Data<Services>) -> Result<Json<Alive>, Problem> {
    match probe(services.core.store.check()).await.as_str() {
        "ok" => Ok(Json(Alive {
            status: HealthStatus::Ok,
        })),
        _ => Err(Problem::new(
            ErrorCode::Unavailable,
            "The database does not answer, or its schema is not the one of this version.",
        )),
    }
}
