//! Who asks: found out once for each request by [`authenticate`](super::middleware::authenticate),
//! before any body is read.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use docuvault_domain::Caller;
use docuvault_domain::accounts::{Scope, User};
use docuvault_domain::caller::Identity;
use docuvault_domain::ids::SessionId;
use ipnet::IpNet;

use super::middleware::RequestId;
use super::problem::{ErrorCode, Problem};

/// Whose `X-Forwarded-For` is believed.
pub(crate) struct TrustedProxies(pub(crate) Vec<IpNet>);

impl TrustedProxies {
    fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }
}

/// Whoever asks, signed in or not: for the few routes that are open to all.
pub(crate) struct MaybeAuthenticated(pub(crate) Caller);

/// Whom the request's token proves.
#[derive(Clone)]
pub(crate) struct AuthContext {
    pub(crate) caller: Caller,
    pub(crate) user: User,
}

/// A person who is signed in, in person: for what opens the account, where no program's token will do.
pub(crate) struct SessionUser {
    pub(crate) caller: Caller,
    pub(crate) session: SessionId,
}

/// The person who asks and their account, signed in or by a token whose scopes allow the method: `read`
/// to look, `write` to change.
pub(crate) struct Authenticated(pub(crate) Caller, pub(crate) User);

/// As [`Authenticated`], for what only looks although its method is none that does.
pub(crate) struct ReadOnly(pub(crate) Caller);

/// An administrator, signed in or by a token for administration.
pub(crate) struct Administrator(pub(crate) Caller);

/// A person who is signed in, or who must set up a second factor before they can.
pub(crate) struct Enrolling(pub(crate) Caller);

/// A request from nobody in particular.
pub(crate) fn anonymous(request: &HttpRequest) -> Caller {
    Caller {
        identity: Identity::Anonymous,
        address: address(request),
        request_id: request.extensions().get::<RequestId>().map(|id| id.0),
    }
}

/// Where a request comes from: the nearest address that no trusted proxy has. Each proxy adds the
/// address it was asked from to the end of `X-Forwarded-For`; what stands before may be invented.
fn address(request: &HttpRequest) -> Option<IpAddr> {
    let mut nearest = request.peer_addr()?.ip().to_canonical();
    let Some(proxies) = request.app_data::<Data<TrustedProxies>>() else {
        return Some(nearest);
    };
    let named = request.headers().get_all("x-forwarded-for");
    let named: Vec<&str> = named.filter_map(|value| value.to_str().ok()).collect();
    let mut named = named.iter().rev().flat_map(|value| value.rsplit(','));
    while proxies.contains(nearest) {
        let Some(next) = named.next().and_then(|text| text.trim().parse().ok()) else {
            break;
        };
        nearest = IpAddr::to_canonical(&next);
    }
    Some(nearest)
}

fn auth_context(request: &HttpRequest) -> Result<AuthContext, Problem> {
    let context = request.extensions().get::<AuthContext>().cloned();
    context.ok_or_else(|| {
        let detail = "Please sign in.";
        Problem::new(ErrorCode::Unauthenticated, detail)
            .with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    })
}

fn session_user(request: &HttpRequest) -> Result<SessionUser, Problem> {
    let AuthContext { caller, .. } = auth_context(request)?;
    let (_, session) = caller.session().ok_or_else(|| {
        let detail = "Sign in for that: an API token cannot do it.";
        Problem::new(ErrorCode::SessionRequired, detail)
    })?;
    Ok(SessionUser { caller, session })
}

/// Whoever asks, where their token opens `scope`.
fn scoped(request: &HttpRequest, scope: Scope) -> Result<AuthContext, Problem> {
    let context = auth_context(request)?;
    if context.caller.allows(scope) {
        return Ok(context);
    }
    let name = scope.as_str();
    let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{name}\"");
    let problem = Problem::new(
        ErrorCode::Forbidden,
        format!("The token is not for that: it lacks the scope {name}."),
    );
    Err(match HeaderValue::from_str(&challenge) {
        Ok(challenge) => problem.with_header(header::WWW_AUTHENTICATE, challenge),
        Err(_) => problem,
    })
}

fn administrator(request: &HttpRequest) -> Result<Administrator, Problem> {
    let AuthContext { caller, .. } = scoped(request, Scope::Admin)?;
    match caller.administrator() {
        Some(_) => Ok(Administrator(caller)),
        None => Err(Problem::new(
            ErrorCode::Forbidden,
            "Only administrators can do that.",
        )),
    }
}

fn enrolling(request: &HttpRequest) -> Result<Enrolling, Problem> {
    let AuthContext { caller, .. } = auth_context(request)?;
    match caller.identity {
        Identity::Enrolling { .. } => Ok(Enrolling(caller)),
        _ => session_user(request).map(|it| Enrolling(it.caller)),
    }
}

/// Extractors that look at the request's head alone.
macro_rules! from_head {
    ($($extractor:ty = $of:expr;)+) => {$(
        impl FromRequest for $extractor {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready($of(request))
            }
        }
    )+};
}

from_head! {
    MaybeAuthenticated = |request: &HttpRequest| {
        Ok(Self(auth_context(request).map_or_else(|_| anonymous(request), |it| it.caller)))
    };
    SessionUser = session_user;
    Authenticated = |request: &HttpRequest| {
        let scope = if request.method().is_safe() { Scope::Read } else { Scope::Write };
        scoped(request, scope).map(|it| Self(it.caller, it.user))
    };
    ReadOnly = |request: &HttpRequest| scoped(request, Scope::Read).map(|it| Self(it.caller));
    Administrator = administrator;
    Enrolling = enrolling;
}
