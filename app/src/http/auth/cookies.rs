//! The two cookies of a signed-in browser: the refresh token, which no script can read, and the
//! token that every request which acts on it must repeat in a header (double submit, OWASP CSRF
//! Prevention Cheat Sheet).

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration as Age;
use actix_web::cookie::{Cookie, SameSite};
use docuvault_domain::Timestamp;
use docuvault_domain::accounts::SignedIn;
use subtle::ConstantTimeEq as _;

use crate::http::problem::{ErrorCode, Problem};

const CSRF_HEADER: &str = "x-csrf-token";
const CSRF_COOKIE: &str = "docuvault_csrf";
/// As long as what it belongs to.
const SSO_COOKIE_AGE: Age = Age::minutes(10);

/// What the refresh cookie is called. Under https its name makes browsers insist that it came from
/// this host over https (RFC 6265bis, `__Host-`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct CookieNames {
    secure: bool,
}

impl CookieNames {
    /// For a vault that people reach at `url`.
    pub(crate) fn new(url: Option<&str>) -> Self {
        let secure = url.is_some_and(|url| url.starts_with("https://"));
        Self { secure }
    }

    const fn refresh(self) -> &'static str {
        if self.secure {
            "__Host-docuvault_refresh"
        } else {
            "docuvault_refresh"
        }
    }

    /// The cookies of `signed_in`, for as long as its session lasts.
    pub(crate) fn set(
        self,
        signed_in: &SignedIn,
        csrf: &str,
        now: Timestamp,
    ) -> [Cookie<'static>; 2] {
        let left = signed_in.session.expires_at.since(now);
        let age = Age::try_from(left).unwrap_or(Age::ZERO);
        let refresh = self.cookie(self.refresh(), signed_in.refresh.0.clone(), age);
        let csrf = self.cookie(CSRF_COOKIE, csrf.to_owned(), age);
        [refresh.http_only(true).finish(), csrf.finish()]
    }

    /// What makes a browser forget both.
    pub(crate) fn clear(self) -> [Cookie<'static>; 2] {
        [self.refresh(), CSRF_COOKIE].map(|name| {
            let cookie = self.cookie(name, String::new(), Age::ZERO);
            cookie.http_only(name != CSRF_COOKIE).finish()
        })
    }

    const fn sso(self) -> &'static str {
        if self.secure {
            "__Host-docuvault_sso"
        } else {
            "docuvault_sso"
        }
    }

    /// The secret of a browser that is on its way to the identity provider and back. It comes back from
    /// another site, which a stricter cookie would not survive.
    pub(crate) fn sso_cookie(self, secret: String) -> Cookie<'static> {
        let cookie = self.cookie(self.sso(), secret, SSO_COOKIE_AGE);
        cookie.same_site(SameSite::Lax).http_only(true).finish()
    }

    /// What makes a browser forget it.
    pub(crate) fn clear_sso_cookie(self) -> Cookie<'static> {
        let cookie = self.cookie(self.sso(), String::new(), Age::ZERO);
        cookie.same_site(SameSite::Lax).http_only(true).finish()
    }

    /// The token that a request which acts on that secret must repeat.
    pub(crate) fn sso_csrf_cookie(self, csrf: String) -> Cookie<'static> {
        self.cookie(CSRF_COOKIE, csrf, SSO_COOKIE_AGE).finish()
    }

    /// The secret of a browser that is on its way.
    pub(crate) fn sso_secret(self, request: &HttpRequest) -> Option<String> {
        let cookie = request.cookie(self.sso())?;
        Some(cookie.value().to_owned())
    }

    fn cookie(
        self,
        name: &'static str,
        value: String,
        age: Age,
    ) -> actix_web::cookie::CookieBuilder<'static> {
        Cookie::build(name, value)
            .path("/")
            .same_site(SameSite::Strict)
            .secure(self.secure)
            .max_age(age)
    }

    /// The refresh token of a request that repeats its CSRF token.
    pub(crate) fn refresh_token(self, request: &HttpRequest) -> Result<String, Problem> {
        csrf_cookie_is_repeated(request)?;
        let refresh = request.cookie(self.refresh());
        refresh
            .map(|cookie| cookie.value().to_owned())
            .ok_or_else(|| Problem::new(ErrorCode::SessionRevoked, SIGNED_OUT))
    }
}

/// Refuses a request that does not repeat its CSRF token: another site can have it sent, but not read it.
pub(crate) fn csrf_cookie_is_repeated(request: &HttpRequest) -> Result<(), Problem> {
    let cookie = request.cookie(CSRF_COOKIE);
    let header = request.headers().get(CSRF_HEADER);
    let repeated = match (&cookie, header) {
        (Some(cookie), Some(header)) => {
            !cookie.value().is_empty()
                && bool::from(cookie.value().as_bytes().ct_eq(header.as_bytes()))
        }
        _ => false,
    };
    if repeated {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::CsrfFailed,
        "The request does not come from the vault's own page. Reload it and try again.",
    ))
}

pub(crate) const SIGNED_OUT: &str = "You have been signed out. Please sign in again.";
