//! HTTP: routes, their order of middleware, and the server.
#![expect(
    unused_qualifications,
    reason = "the route macros name the extractors by their paths"
)]

mod admin;
mod auth;
mod caller;
mod conditional;
mod documents;
mod events;
mod fallback;
mod fields;
mod health;
mod metrics;
mod middleware;
mod nullable;
mod openapi;
mod page;
mod problem;
mod topics;
mod trail;
mod web;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::{Data, JsonConfig, PathConfig, QueryConfig, ServiceConfig as Routes};
use actix_web::{App, HttpRequest, HttpServer};
use tokio_util::sync::CancellationToken;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::config::Config;
use crate::services::Services;
pub(crate) use auth::CALLBACK_PATH;
use auth::CookieNames;
use caller::TrustedProxies;
use fallback::KnownPaths;
pub(crate) use metrics::server as metrics_server;
use middleware::{OwnHosts, authenticate, every_request, own_origin};
use openapi::OpenApiJson;
use problem::{ErrorCode, Problem};

/// The largest JSON body.
const MAX_JSON_BYTES: usize = 256 * 1024;
/// A client that sends its request head slower than this is not worth a connection.
const REQUEST_HEAD_TIME: Duration = Duration::from_secs(10);

/// What requests may ask for.
pub(crate) struct RequestLimits {
    pub(crate) max_upload_bytes: u64,
}

/// The address that people use.
pub(crate) struct OwnUrl {
    configured: Option<String>,
    home: String,
}

impl OwnUrl {
    /// The configured one, else the one that was asked.
    pub(crate) fn of(&self, request: &HttpRequest) -> String {
        let asked = || {
            let asked = request.connection_info();
            format!("{}://{}", asked.scheme(), asked.host())
        };
        let configured = self.configured.as_deref();
        let configured = configured.map(|url| url.trim_end_matches('/'));
        configured.map_or_else(asked, str::to_owned)
    }

    /// A link of the vault's, as whoever asks reaches it: where no address is configured, links name the
    /// one that the vault listens on.
    pub(crate) fn reach(&self, request: &HttpRequest, link: &str) -> String {
        match link.strip_prefix(&self.home) {
            Some(path) => format!("{}{path}", self.of(request)),
            None => link.to_owned(),
        }
    }
}

/// Everything that the OpenAPI document describes.
pub(crate) fn api(config: &mut ServiceConfig<'_>) {
    config.configure(health::routes).service(
        scope("/api")
            .configure(auth::routes)
            .configure(admin::routes)
            .configure(documents::routes)
            .configure(topics::routes)
            .service(events::events),
    );
}

/// The contract as pretty JSON.
pub(crate) fn openapi_json() -> String {
    openapi::json(&openapi::document())
}

/// The HTTP server on a bound listener; stops when `stopping` is cancelled, after the requests under
/// way were answered or `grace` is over.
pub(crate) fn server(
    config: &Config,
    services: &Arc<Services>,
    listener: TcpListener,
    stopping: &CancellationToken,
) -> std::io::Result<actix_web::dev::Server> {
    let services = Data::from(services.clone());
    let limits = Data::new(RequestLimits {
        max_upload_bytes: config.max_upload_bytes,
    });
    let hosts = Data::new(OwnHosts::new(config.url.as_deref()));
    let cookies = Data::new(CookieNames::new(config.url.as_deref()));
    let own_url = Data::new(OwnUrl {
        configured: config.url.clone(),
        home: config.home(),
    });
    let proxies = Data::new(TrustedProxies(config.proxy_networks()));
    let contract = openapi::document();
    let paths = Data::new(KnownPaths::of(&contract));
    let json = Data::new(OpenApiJson(openapi::json(&contract)));
    let token = Data::new(events::Stopping(stopping.clone()));
    let app = move || {
        // Collecting the contract's paths is what the document is made from; serving needs the
        // routes alone.
        // The scope of the contract answers for all of `/api`: what stands beside it goes first.
        let (app, _) = App::new()
            .configure(other_routes)
            .into_utoipa_app()
            .configure(api)
            .split_for_parts();
        app.app_data(services.clone())
            .app_data(limits.clone())
            .app_data(hosts.clone())
            .app_data(json.clone())
            .app_data(paths.clone())
            .app_data(token.clone())
            .configure(extractor_errors)
            .app_data(cookies.clone())
            .app_data(own_url.clone())
            .app_data(proxies.clone())
            .wrap(from_fn(authenticate))
            .wrap(from_fn(own_origin))
            .wrap(from_fn(every_request))
    };
    let server = HttpServer::new(app)
        .client_request_timeout(REQUEST_HEAD_TIME)
        .shutdown_timeout(config.shutdown_grace_seconds)
        .shutdown_signal(stopping.clone().cancelled_owned())
        .listen(listener)?
        .run();
    Ok(server)
}

/// What extractors refuse is a problem like any other.
fn extractor_errors(config: &mut Routes) {
    config
        .app_data(
            JsonConfig::default()
                .limit(MAX_JSON_BYTES)
                .error_handler(|error, _| problem::from_json_error(error).into()),
        )
        .app_data(QueryConfig::default().error_handler(|error, _| {
            let detail = format!("The address does not fit: {error}.");
            Problem::new(ErrorCode::InvalidRequest, detail).into()
        }))
        // An id that is no UUID names nothing.
        .app_data(PathConfig::default().error_handler(|_, _| Problem::not_found().into()));
}

/// What the contract does not describe: its own document and reference, and the web app.
fn other_routes(config: &mut Routes) {
    config
        .service(openapi::serve)
        .service(web::api_reference)
        .service(actix_web::web::redirect("/api/docs", "/api/docs/"))
        .default_service(actix_web::web::to(fallback::fallback));
}
