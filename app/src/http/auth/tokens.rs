use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, delete, get, post};
use docuvault_domain::Timestamp;
use docuvault_domain::accounts::{ApiToken, NewApiToken, Scope, TokenError};
use docuvault_domain::ids::ApiTokenId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::caller::SessionUser;
use crate::http::fields::maybe_time;
use crate::http::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// What a token opens.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Scope)]
pub(crate) enum ScopeView {
    /// Looking at things.
    Read,
    /// Changing them.
    Write,
    /// Administering the vault, for administrators.
    Admin,
}

impl From<Scope> for ScopeView {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Read => Self::Read,
            Scope::Write => Self::Write,
            Scope::Admin => Self::Admin,
        }
    }
}

impl From<ScopeView> for Scope {
    fn from(scope: ScopeView) -> Self {
        match scope {
            ScopeView::Read => Self::Read,
            ScopeView::Write => Self::Write,
            ScopeView::Admin => Self::Admin,
        }
    }
}

/// A token that a person has given to a program; its secret is not kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiToken)]
pub(crate) struct ApiTokenView {
    id: Uuid,
    name: String,
    scopes: Vec<ScopeView>,
    #[schema(format = DateTime)]
    created_at: String,
    /// Null where it does not end by itself.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// To the minute.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

impl From<ApiToken> for ApiTokenView {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id.0,
            name: token.name.as_str().to_owned(),
            scopes: token.scopes.iter().map(ScopeView::from).collect(),
            created_at: token.created_at.to_rfc3339(),
            expires_at: token.expires_at.map(Timestamp::to_rfc3339),
            last_used_at: token.last_used_at.map(Timestamp::to_rfc3339),
        }
    }
}

/// All tokens of a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiTokenList {
    items: Vec<ApiTokenView>,
    /// Always null: tokens come all at once.
    next_cursor: Option<String>,
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewApiToken)]
pub(crate) struct CreateApiToken {
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    #[schema(min_items = 1, max_items = 3)]
    scopes: Vec<ScopeView>,
    /// When it ends; never by itself unless said.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// The new token. Its secret is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeApiToken {
    /// For `Authorization: Bearer`.
    token: String,
    api_token: ApiTokenView,
}

/// List one's own API tokens
#[utoipa::path(
    get, path = "/auth/tokens",
    tag = "auth", operation_id = "auth_tokens_list",
    responses(
        (status = 200, body = ApiTokenList, description = "Newest first"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/auth/tokens")]
pub(crate) async fn list(
    session_user: SessionUser,
    services: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let tokens = services
        .profile
        .api_tokens
        .list(&session_user.caller)
        .await?;
    Ok(HttpResponse::Ok().json(ApiTokenList {
        items: tokens.into_iter().map(ApiTokenView::from).collect(),
        next_cursor: None,
    }))
}

/// Make an API token
///
/// It acts for the person within its scopes, and opens nothing of the account itself. Asks for a recent
/// confirmation.
#[utoipa::path(
    post, path = "/auth/tokens",
    tag = "auth", operation_id = "auth_tokens_create",
    request_body = CreateApiToken,
    responses(
        (status = 201, body = MadeApiToken),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/auth/tokens")]
pub(crate) async fn create(
    session_user: SessionUser,
    services: Data<Services>,
    body: Json<CreateApiToken>,
) -> Result<HttpResponse, Problem> {
    let CreateApiToken {
        name,
        scopes,
        expires_at,
    } = body.into_inner();
    let new = NewApiToken {
        name,
        scopes: scopes.into_iter().map(Scope::from).collect(),
        expires_at: maybe_time("expires_at", expires_at.as_deref())?,
    };
    let (secret, token) = services
        .profile
        .api_tokens
        .create(&session_user.caller, new)
        .await?;
    Ok(HttpResponse::Created().json(MadeApiToken {
        token: secret.0,
        api_token: token.into(),
    }))
}

/// Revoke one of one's own API tokens
#[utoipa::path(
    delete, path = "/auth/tokens/{id}",
    tag = "auth", operation_id = "auth_tokens_revoke",
    params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "It opens nothing any more"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/auth/tokens/{id}")]
pub(crate) async fn revoke(
    session_user: SessionUser,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let tokens = &services.profile.api_tokens;
    if tokens.revoke(&session_user.caller, ApiTokenId(*id)).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::not_found())
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        let detail = error.to_string();
        match error {
            TokenError::SessionNeeded => Self::new(ErrorCode::SessionRequired, detail),
            TokenError::ConfirmationNeeded => Self::new(ErrorCode::ConfirmationRequired, detail),
            TokenError::Name(_) => Self::field("name", detail),
            TokenError::NoScope => Self::field("scopes", detail),
            TokenError::AdministratorsOnly => Self::new(ErrorCode::Forbidden, detail),
            TokenError::AlreadyOver => Self::field("expires_at", detail),
            TokenError::TooMany => Self::new(ErrorCode::TooManyTokens, detail),
            TokenError::Port(error) => error.into(),
        }
    }
}
