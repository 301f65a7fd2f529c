use actix_web::http::header;
use actix_web::web::{Data, Json, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use docuvault_domain::accounts::{
    Callback, LinkError, SingleSignOn, SingleSignOnError, SsoOutcome,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::cookies::{CookieNames, csrf_cookie_is_repeated};
use super::login::user_agent;
use super::views::SignedInView;
use crate::http::caller::MaybeAuthenticated;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// Where the provider sends people back to: registered there, and asked for from another site.
pub(crate) const CALLBACK_PATH: &str = "/api/auth/oidc/callback";

/// Where somebody is going.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StartQuery {
    /// A path of the app; its start unless given, and where it is none.
    return_to: Option<String>,
    /// Have the provider ask for the password also of somebody who is signed in there.
    #[serde(default)]
    again: bool,
}

/// Go to the identity provider
///
/// For browsers: the answer is a redirect, and a cookie that belongs to the way back.
#[utoipa::path(
    get, path = "/auth/oidc/start",
    tag = "auth", operation_id = "auth_oidc_start",
    params(StartQuery),
    responses(
        (status = 302, description = "To the provider, or to the sign-in page with what went wrong"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[get("/auth/oidc/start")]
pub(crate) async fn start(
    MaybeAuthenticated(caller): MaybeAuthenticated,
    services: Data<Services>,
    names: Data<CookieNames>,
    query: Query<StartQuery>,
) -> Result<HttpResponse, Problem> {
    let return_to = query.return_to.as_deref().unwrap_or("/");
    let start = single_sign_on(&services)?.begin(&caller, return_to, query.again);
    match start.await {
        Ok(start) => Ok(HttpResponse::Found()
            .cookie(names.sso_cookie(start.browser.0))
            .insert_header((header::LOCATION, start.url))
            .finish()),
        Err(error) => redirect_with_reason(error, **names),
    }
}

/// What the provider sends people back with; it may add more.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CallbackQuery {
    /// What is traded for the provider's word.
    code: Option<String>,
    state: Option<String>,
    /// Who the provider is (RFC 9207).
    iss: Option<String>,
    /// Why there is no code.
    error: Option<String>,
}

/// Come back from the identity provider
///
/// For browsers. Whoever is let in goes on to where they were going, with the cookies of a session;
/// others to the sign-in page, whose fragment `#sso=` tells why: `failed`, `unavailable`, `not_allowed`,
/// `no_account`, `too_many`, or `link` where an account has the person's e-mail address.
#[utoipa::path(
    get, path = "/auth/oidc/callback",
    tag = "auth", operation_id = "auth_oidc_callback",
    params(CallbackQuery),
    responses(
        (status = 302, description = "Onwards"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[get("/auth/oidc/callback")]
pub(crate) async fn callback(
    MaybeAuthenticated(caller): MaybeAuthenticated,
    services: Data<Services>,
    names: Data<CookieNames>,
    request: HttpRequest,
    query: Query<CallbackQuery>,
) -> Result<HttpResponse, Problem> {
    let CallbackQuery {
        code,
        state,
        iss,
        error,
    } = query.into_inner();
    if let Some(error) = &error {
        tracing::warn!(
            error,
            "the identity provider sent somebody back without a code"
        );
    }
    let callback = Callback {
        state: state.unwrap_or_default(),
        code: code.filter(|_| error.is_none()),
        issuer: iss,
        browser: names.sso_secret(&request).unwrap_or_default(),
        user_agent: user_agent(&request),
    };
    let outcome = single_sign_on(&services)?.finish(&caller, callback).await;
    let csrf = services.accounts.tokens.secret().0;
    let mut response = HttpResponse::Found();
    let location = match outcome {
        Ok(SsoOutcome::SignedIn {
            signed_in,
            return_to,
        }) => {
            for cookie in names.set(&signed_in, &csrf, services.core.clock.now()) {
                response.cookie(cookie);
            }
            response.cookie(names.clear_sso_cookie());
            return_to
        }
        Ok(SsoOutcome::LinkNeeded {
            link: link_secret,
            return_to,
        }) => {
            response.cookie(names.sso_cookie(link_secret.0));
            response.cookie(names.sso_csrf_cookie(csrf));
            let next = url::form_urlencoded::byte_serialize(return_to.as_bytes());
            format!("/sign-in?next={}#sso=link", next.collect::<String>())
        }
        Err(error) => return redirect_with_reason(error, **names),
    };
    Ok(response
        .insert_header((header::LOCATION, location))
        .finish())
}

/// What links an identity to the account that has its e-mail address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityLink {
    /// The account's.
    #[schema(max_length = 1024, format = Password)]
    password: String,
    /// The six digits that the app shows, or a recovery code.
    #[schema(max_length = 32)]
    totp: Option<String>,
}

/// Link an identity to an account
///
/// After the way back ended in `#sso=link`. Acts on its cookie: `X-CSRF-Token` must repeat the cookie
/// `docuvault_csrf`. From then on the provider's word opens the account.
#[utoipa::path(
    post, path = "/auth/oidc/link",
    tag = "auth", operation_id = "auth_oidc_link",
    params(("X-CSRF-Token" = String, Header)),
    request_body = IdentityLink,
    responses(
        (status = 200, body = SignedInView),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    ),
    security(())
)]
#[post("/auth/oidc/link")]
pub(crate) async fn link(
    MaybeAuthenticated(caller): MaybeAuthenticated,
    services: Data<Services>,
    names: Data<CookieNames>,
    request: HttpRequest,
    body: Json<IdentityLink>,
) -> Result<HttpResponse, Problem> {
    csrf_cookie_is_repeated(&request)?;
    let link_secret = names.sso_secret(&request).unwrap_or_default();
    let IdentityLink { password, totp } = body.into_inner();
    let agent = user_agent(&request);
    let linked = single_sign_on(&services)?.link(&caller, &link_secret, password, totp, agent);
    let signed_in = linked.await?;
    let mut response = SignedInView::answer(signed_in, &services, **names);
    // Of two cookies with one name a browser keeps the last.
    response
        .add_cookie(&names.clear_sso_cookie())
        .map_err(|error| Problem::internal(&error))?;
    Ok(response)
}

fn single_sign_on(services: &Services) -> Result<&SingleSignOn, Problem> {
    services
        .accounts
        .single_sign_on
        .as_ref()
        .ok_or_else(Problem::not_found)
}

/// To the sign-in page, which tells why.
fn redirect_with_reason(
    error: SingleSignOnError,
    names: CookieNames,
) -> Result<HttpResponse, Problem> {
    let why = match error {
        SingleSignOnError::Failed => "failed",
        SingleSignOnError::Unavailable => "unavailable",
        SingleSignOnError::NotAllowed => "not_allowed",
        SingleSignOnError::NoAccount => "no_account",
        SingleSignOnError::TooMany { .. } => "too_many",
        SingleSignOnError::Hash(error) => return Err(error.into()),
        SingleSignOnError::Port(error) => return Err(error.into()),
    };
    Ok(HttpResponse::Found()
        .cookie(names.clear_sso_cookie())
        .insert_header((header::LOCATION, format!("/sign-in#sso={why}")))
        .finish())
}

impl From<LinkError> for Problem {
    fn from(error: LinkError) -> Self {
        let detail = error.to_string();
        match error {
            LinkError::Over => Self::new(ErrorCode::SsoLinkOver, detail),
            LinkError::SignIn(error) => error.into(),
            LinkError::Port(error) => error.into(),
        }
    }
}
