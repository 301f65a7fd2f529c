use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName};
use actix_web::http::uri::Authority;
use actix_web::middleware::Next;
use actix_web::web::Data;
use url::Url;

use crate::http::problem::{ErrorCode, Problem};

/// The host names under which a vault without accounts answers. A page elsewhere on the web must
/// not reach it through the visitor's browser, be it by a cross-site request or by a host name that
/// it points at 127.0.0.1 (DNS rebinding).
pub(crate) struct OwnHosts {
    url: Option<Url>,
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

impl OwnHosts {
    /// Loopback names, and the host of the configured address.
    pub(crate) fn new(url: Option<&str>) -> Self {
        Self {
            url: url.and_then(|url| Url::parse(url).ok()),
        }
    }

    /// Whether `authority` (`host` or `host:port`) is ours.
    fn owns(&self, authority: &str) -> bool {
        let Ok(parsed) = Url::parse(&format!("http://{authority}/")) else {
            return false;
        };
        let Some(host) = parsed.host() else {
            return false;
        };
        let bare = parsed.path() == "/" && parsed.query().is_none() && parsed.fragment().is_none();
        if !bare || !parsed.username().is_empty() {
            return false;
        }
        let loopback = match host {
            url::Host::Domain(name) => name == "localhost",
            url::Host::Ipv4(address) => address.is_loopback(),
            url::Host::Ipv6(address) => address.is_loopback(),
        };
        loopback
            || self
                .url
                .as_ref()
                .is_some_and(|url| url.host() == Some(host))
    }

    fn refuses(&self, request: &ServiceRequest) -> Option<&'static str> {
        let headers = request.headers();
        let authority = request.uri().authority().map(Authority::as_str);
        let host = headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
            .or(authority);
        if !host.is_some_and(|host| self.owns(host)) {
            return Some(
                "This vault does not answer to that host name. Its address is set by DOCUVAULT_URL.",
            );
        }
        if let Some(origin) = headers.get(header::ORIGIN) {
            let authority = origin
                .to_str()
                .ok()
                .and_then(|origin| origin.split_once("://"));
            if !authority.is_some_and(|(_, authority)| self.owns(authority)) {
                return Some("Requests from other sites are not answered.");
            }
        }
        let site = headers
            .get(FETCH_SITE)
            .and_then(|value| value.to_str().ok());
        if matches!(site, Some("cross-site" | "same-site")) && !opens_the_app(request) {
            return Some("Requests from other sites are not answered.");
        }
        None
    }
}

/// Whether somebody follows a link from elsewhere to a page of the web app, in a window of its own.
fn opens_the_app(request: &ServiceRequest) -> bool {
    let is = |name: HeaderName, value: &str| {
        let sent = request.headers().get(name);
        sent.is_some_and(|sent| sent.as_bytes() == value.as_bytes())
    };
    *request.method() == Method::GET
        && !request.path().starts_with("/api/")
        && is(FETCH_MODE, "navigate")
        && is(FETCH_DEST, "document")
}

/// Refuses what does not come from the vault's own pages, scripts or address.
pub(crate) async fn own_origin(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> actix_web::Result<ServiceResponse<EitherBody<impl MessageBody>>> {
    let hosts = request.app_data::<Data<OwnHosts>>();
    let refused = hosts.and_then(|hosts| hosts.refuses(&request));
    if let Some(why) = refused {
        let problem = Problem::new(ErrorCode::ForeignOrigin, why);
        return Ok(request.error_response(problem).map_into_right_body());
    }
    Ok(next.call(request).await?.map_into_left_body())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names() {
        let hosts = OwnHosts::new(Some("https://vault.example.org"));
        for ours in [
            "localhost:8080",
            "127.0.0.1",
            "[::1]:8080",
            "vault.example.org",
            "127.9.9.9",
        ] {
            assert!(hosts.owns(ours), "{ours}");
        }
        for foreign in [
            "example.org",
            "evil.test:8080",
            "localhost.evil.test",
            "10.0.0.1",
            "",
            "a b",
            "localhost/x",
            "a@localhost",
            "localhost?x",
        ] {
            assert!(!hosts.owns(foreign), "{foreign}");
        }
    }
}
