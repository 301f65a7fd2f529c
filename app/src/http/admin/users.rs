use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post};
use docuvault_domain::accounts::{
    AccountEdits, AccountFilter, AccountQuery, DisplayName, Email, Handle, NewUser, Role,
};
use docuvault_domain::ids::UserId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::access::ResetLink;
use super::views::{AdminUserPage, AdminUserView};
use crate::http::OwnUrl;
use crate::http::auth::RoleView;
use crate::http::caller::Administrator;
use crate::http::fields::{maybe_parsed, parsed};
use crate::http::page;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// Whether signing in is refused.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountState {
    /// It is not.
    Active,
    /// It is.
    Disabled,
}

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct UserQuery {
    /// Handle, e-mail address or name contain this.
    #[param(max_length = 254)]
    q: Option<String>,
    role: Option<RoleView>,
    #[param(inline)]
    state: Option<AccountState>,
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 128)]
    cursor: Option<String>,
    /// Whether to count them all.
    total: Option<bool>,
}

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUser)]
pub(crate) struct CreateUser {
    #[schema(max_length = 254, format = Email)]
    email: String,
    #[schema(min_length = 3, max_length = 32)]
    handle: String,
    /// The handle unless said.
    #[schema(min_length = 1, max_length = 80)]
    display_name: Option<String>,
    /// `user` unless said.
    role: Option<RoleView>,
    /// As much as other new accounts unless said.
    #[schema(maximum = 9_007_199_254_740_991_i64)]
    quota_limit_bytes: Option<u64>,
}

/// The new account, and where its person chooses a password.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeUser {
    user: AdminUserView,
    #[serde(flatten)]
    link: Option<ResetLink>,
}

/// What to change; what is not mentioned stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserPatch {
    role: Option<RoleView>,
    /// Whether signing in is refused. Whoever is disabled is signed out at once.
    disabled: Option<bool>,
    /// What is kept already stays, however much it is.
    #[schema(maximum = 9_007_199_254_740_991_i64)]
    quota_limit_bytes: Option<u64>,
}

/// JSON numbers are exact up to here (RFC 8259, 6).
const MAX_LIMIT: u64 = (1 << 53) - 1;

fn limit_bytes(limit: Option<u64>) -> Result<Option<u64>, Problem> {
    match limit {
        Some(limit) if limit > MAX_LIMIT => Err(Problem::field(
            "quota_limit_bytes",
            "That is more than can be counted exactly.",
        )),
        limit => Ok(limit),
    }
}

/// List accounts
#[utoipa::path(
    get, path = "/admin/users",
    tag = "admin", operation_id = "admin_users_list",
    params(UserQuery),
    responses(
        (status = 200, body = AdminUserPage, description = "In the order of their handles"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/admin/users")]
pub(crate) async fn list(
    Administrator(caller): Administrator,
    services: Data<Services>,
    query: Query<UserQuery>,
) -> Result<HttpResponse, Problem> {
    let asked = query.into_inner();
    let after = asked.cursor.as_deref().map(decode);
    let query = AccountQuery {
        filter: AccountFilter {
            text: asked.q.filter(|text| !text.trim().is_empty()),
            role: asked.role.map(Role::from),
            disabled: asked
                .state
                .map(|state| matches!(state, AccountState::Disabled)),
        },
        limit: page::limit(asked.limit)?,
        after: after.transpose()?,
    };
    let administer = &services.administration.users;
    let total = match asked.total {
        Some(true) => Some(administer.count(&caller, &query.filter).await?),
        _ => None,
    };
    let found = administer.list(&caller, &query).await?;
    Ok(HttpResponse::Ok().json(AdminUserPage {
        items: found.items.into_iter().map(AdminUserView::from).collect(),
        next_cursor: found
            .next
            .map(|handle| page::encode_cursor(&handle.as_str())),
        total,
    }))
}

fn decode(cursor: &str) -> Result<Handle, Problem> {
    let handle = page::decode_cursor(cursor).and_then(|handle: String| Handle::parse(&handle).ok());
    handle.ok_or_else(|| Problem::field("cursor", "This is no cursor of this list."))
}

/// Make an account
///
/// Its person chooses a password by the link, which is mailed as well where the vault sends mail.
#[utoipa::path(
    post, path = "/admin/users",
    tag = "admin", operation_id = "admin_users_create",
    request_body = CreateUser,
    responses(
        (status = 201, body = MadeUser),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/admin/users")]
pub(crate) async fn create(
    Administrator(caller): Administrator,
    services: Data<Services>,
    own_url: Data<OwnUrl>,
    request: HttpRequest,
    body: Json<CreateUser>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let name = body.display_name.as_deref();
    let new = NewUser {
        email: parsed("email", &body.email, Email::parse)?,
        handle: parsed("handle", &body.handle, Handle::parse)?,
        display_name: maybe_parsed("display_name", name, DisplayName::parse)?,
        role: body.role.map_or(Role::User, Role::from),
        limit_bytes: limit_bytes(body.quota_limit_bytes)?,
        locale: None,
        password: None,
    };
    let (made, link) = services.administration.users.create(&caller, new).await?;
    Ok(HttpResponse::Created().json(MadeUser {
        user: made.into(),
        link: link.map(|link| ResetLink::of(&link, &own_url, &request)),
    }))
}

/// Show an account
#[utoipa::path(
    get, path = "/admin/users/{id}",
    tag = "admin", operation_id = "admin_users_show",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = AdminUserView),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/admin/users/{id}")]
pub(crate) async fn show(
    Administrator(caller): Administrator,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let found = services
        .administration
        .users
        .find(&caller, UserId(*id))
        .await?;
    Ok(HttpResponse::Ok().json(AdminUserView::from(found)))
}

/// Change an account
///
/// Asks for a recent confirmation, as all changes here do.
#[utoipa::path(
    patch, path = "/admin/users/{id}",
    tag = "admin", operation_id = "admin_users_edit",
    params(("id" = Uuid, Path)),
    request_body = UserPatch,
    responses(
        (status = 200, body = AdminUserView),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[patch("/admin/users/{id}")]
pub(crate) async fn edit(
    Administrator(caller): Administrator,
    services: Data<Services>,
    id: Path<Uuid>,
    body: Json<UserPatch>,
) -> Result<HttpResponse, Problem> {
    let edits = AccountEdits {
        role: body.role.map(Role::from),
        disabled: body.disabled,
        limit_bytes: limit_bytes(body.quota_limit_bytes)?,
    };
    let edited = services
        .administration
        .users
        .edit(&caller, UserId(*id), edits)
        .await?;
    Ok(HttpResponse::Ok().json(AdminUserView::from(edited)))
}

/// Delete an account with everything in it
#[utoipa::path(
    delete, path = "/admin/users/{id}",
    tag = "admin", operation_id = "admin_users_delete",
    params(("id" = Uuid, Path)),
    responses(
        (status = 202, description = "The account is gone; what it kept is being removed"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/admin/users/{id}")]
pub(crate) async fn remove(
    Administrator(caller): Administrator,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    services
        .administration
        .users
        .delete(&caller, UserId(*id))
        .await?;
    Ok(HttpResponse::Accepted().finish())
}
