use std::time::Instant;

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::services::Services;

/// The id of a request: the client's own when it sent a UUID.
#[derive(Clone, Copy)]
pub(crate) struct RequestId(pub(crate) Uuid);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Set on every answer that does not bring its own. The policy fits the web app and the API
/// reference alike: nothing from elsewhere, no inline script.
const SECURITY_HEADERS: [(HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (header::CACHE_CONTROL, "no-store"),
];

/// Request id, security headers, one log line and metrics: on every answer, errors included.
pub(crate) async fn every_request(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> actix_web::Result<ServiceResponse<impl MessageBody>> {
    let started = Instant::now();
    let id = request_id(&request);
    request.extensions_mut().insert(RequestId(id));
    let span = tracing::info_span!("request", %id);
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let mut response = next.call(request).instrument(span).await?;
    add_headers(response.headers_mut(), id);
    let status = response.status().as_u16();
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "unmatched".to_owned());
    let elapsed = started.elapsed();
    tracing::info!(%id, %method, path, status, ms = elapsed.as_millis(), "request");
    metrics::counter!("docuvault_http_requests_total", "route" => route, "status" => status_label(status))
        .increment(1);
    metrics::histogram!("docuvault_http_request_seconds").record(elapsed.as_secs_f64());
    Ok(response)
}

fn request_id(request: &ServiceRequest) -> Uuid {
    let sent = request
        .headers()
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    sent.and_then(|text| Uuid::try_parse(text).ok())
        .unwrap_or_else(|| {
            let services = request.app_data::<Data<Services>>();
            services.map_or_else(Uuid::nil, |services| services.core.ids.v4())
        })
}

fn add_headers(headers: &mut HeaderMap, id: Uuid) {
    for (name, value) in SECURITY_HEADERS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
}

const fn status_label(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
