use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName};
use actix_web::http::uri::Authority;
use actix_web::middleware::Next;
use actix_web::web::Data;
use url::Url;

use crate::http::auth::CALLBACK_PATH;
use crate::http::problem::{ErrorCode, Problem};

/// Under which names the vault answers. A page elsewhere on the web must not reach it through the
/// visitor's browser, be it by a cross-site request or, once the vault's own address is known, by a
/// host name that it points here (DNS rebinding).
pub(crate) struct OwnHosts {
    url: Option<Url>,
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

impl OwnHosts {
    /// The host of the configured address, and loopback names; any name without such an address.
    pub(crate) fn new(url: Option<&str>) -> Self {
        Self {
            url: url.and_then(|url| Url::parse(url).ok()),
        }
    }

    /// Whether `authority` (`host` or `host:port`) is ours.
    fn is_own_host(&self, authority: &str) -> bool {
        let Some(parsed) = parse(authority) else {
            return false;
        };
        let Some(url) = &self.url else {
            return true;
        };
        let loopback = match parsed.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        loopback || url.host() == parsed.host()
    }

    /// Whether a page of `origin` is one of ours: of the address that was asked, or of the configured
    /// one, which a proxy may have replaced in `Host`.
    fn is_own_origin(&self, origin: &str, host: &str) -> bool {
        let Some((_, authority)) = origin.split_once("://") else {
            return false;
        };
        let configured = self
            .url
            .as_ref()
            .map(|url| url.origin().ascii_serialization());
        configured.is_some_and(|own| own == origin)
            || parse(authority).is_some_and(|parsed| parse(host) == Some(parsed))
    }

    fn rejection_reason(&self, request: &ServiceRequest) -> Option<&'static str> {
        // Whoever watches a replica asks it by whatever address it has; there is nothing to take.
        if request.path().starts_with("/health") {
            return None;
        }
        let headers = request.headers();
        let authority = request.uri().authority().map(Authority::as_str);
        let host = headers
            .get(header::HOST)
            .and_then(|value| value.to_str().ok())
            .or(authority);
        let Some(host) = host.filter(|host| self.is_own_host(host)) else {
            return Some(
                "This vault does not answer to that host name. Its address is set by DOCUVAULT_URL.",
            );
        };
        if let Some(origin) = headers.get(header::ORIGIN)
            && !origin
                .to_str()
                .is_ok_and(|origin| self.is_own_origin(origin, host))
        {
            return Some("Requests from other sites are not answered.");
        }
        let site = headers
            .get(FETCH_SITE)
            .and_then(|value| value.to_str().ok());
        if matches!(site, Some("cross-site" | "same-site")) && !is_navigation_to_the_app(request) {
            return Some("Requests from other sites are not answered.");
        }
        None
    }
}

/// `host` or `host:port`, and nothing else.
fn parse(authority: &str) -> Option<Url> {
    let parsed = Url::parse(&format!("http://{authority}/")).ok()?;
    let bare = parsed.path() == "/" && parsed.query().is_none() && parsed.fragment().is_none();
    (bare && parsed.username().is_empty() && parsed.password().is_none()).then_some(parsed)
}

/// Whether somebody follows a link from elsewhere to a page of the web app, in a window of its own. Where the
/// app's service worker passes such a request on, browsers say that it is for nothing in particular. What people
/// come back with from an identity provider counts in their browser only.
fn is_navigation_to_the_app(request: &ServiceRequest) -> bool {
    let is = |name: HeaderName, value: &str| {
        let sent = request.headers().get(name);
        sent.is_some_and(|sent| sent.as_bytes() == value.as_bytes())
    };
    *request.method() == Method::GET
        && (!request.path().starts_with("/api/") || request.path() == CALLBACK_PATH)
        && is(FETCH_MODE, "navigate")
        && (is(FETCH_DEST, "document") || is(FETCH_DEST, "empty"))
}

/// Refuses what does not come from the vault's own pages, scripts or address.
pub(crate) async fn own_origin(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> actix_web::Result<ServiceResponse<EitherBody<impl MessageBody>>> {
    let hosts = request.app_data::<Data<OwnHosts>>();
    let refused = hosts.and_then(|hosts| hosts.rejection_reason(&request));
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
    fn hosts_other_than_the_configured_and_loopback_ones_are_refused() {
        let hosts = OwnHosts::new(Some("https://vault.example.org"));
        for ours in [
            "localhost:8080",
            "127.0.0.1",
            "[::1]:8080",
            "vault.example.org",
            "127.9.9.9",
        ] {
            assert!(hosts.is_own_host(ours), "{ours}");
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
            assert!(!hosts.is_own_host(foreign), "{foreign}");
        }
        // Nobody said what it is called.
        let hosts = OwnHosts::new(None);
        assert!(hosts.is_own_host("nas.local:8080"));
        assert!(!hosts.is_own_host("a@nas.local"));
    }

    #[test]
    fn origins_other_than_the_host_and_the_configured_url_are_refused() {
        let hosts = OwnHosts::new(Some("https://vault.example.org"));
        for (origin, host) in [
            ("https://vault.example.org", "127.0.0.1:8080"),
            ("https://vault.example.org", "vault.example.org"),
            ("http://localhost:8080", "localhost:8080"),
        ] {
            assert!(hosts.is_own_origin(origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("null", "vault.example.org"),
            ("", "vault.example.org"),
            ("https://evil.test", "vault.example.org"),
            ("http://localhost:8080", "localhost:8081"),
            ("http://localhost:3000", "vault.example.org"),
            ("https://vault.example.org.evil.test", "vault.example.org"),
        ] {
            assert!(!hosts.is_own_origin(origin, host), "{origin} {host}");
        }
    }
}
