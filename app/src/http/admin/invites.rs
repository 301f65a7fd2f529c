use std::collections::HashMap;

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use docuvault_domain::PortError;
use docuvault_domain::accounts::{Email, Invite, InviteError, NewInvite, Role};
use docuvault_domain::ids::{InviteId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::views::{InviteView, NameView};
use crate::http::OwnUrl;
use crate::http::auth::RoleView;
use crate::http::caller::Administrator;
use crate::http::fields::maybe_parsed;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// All invitations.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InviteList {
    items: Vec<InviteView>,
    /// Always null: invitations come all at once.
    next_cursor: Option<String>,
}

/// An invitation to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewInvite)]
pub(crate) struct CreateInvite {
    /// The one address it is for; it is mailed there where the vault sends mail.
    #[schema(max_length = 254, format = Email)]
    email: Option<String>,
    /// `user` unless said.
    role: Option<RoleView>,
    /// 7 unless said.
    #[schema(minimum = 1, maximum = 90)]
    expires_in_days: Option<u32>,
}

/// The new invitation. Its address is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeInvite {
    invite: InviteView,
    url: String,
}

/// List invitations
#[utoipa::path(
    get, path = "/admin/invites",
    tag = "admin", operation_id = "admin_invites_list",
    responses(
        (status = 200, body = InviteList, description = "Newest first, those used or over as well"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[get("/admin/invites")]
pub(crate) async fn list(
    Administrator(caller): Administrator,
    services: Data<Services>,
) -> Result<HttpResponse, Problem> {
    let invites = services.administration.invites.list(&caller).await?;
    let creators = creators(&services, &invites).await?;
    let now = services.core.now();
    let view = |invite: Invite| {
        let creator = invite.created_by.and_then(|id| creators.get(&id).cloned());
        InviteView::of(invite, creator, now)
    };
    Ok(HttpResponse::Ok().json(InviteList {
        items: invites.into_iter().map(view).collect(),
        next_cursor: None,
    }))
}

/// Who made them: few administrators make many.
async fn creators(
    services: &Services,
    invites: &[Invite],
) -> Result<HashMap<UserId, NameView>, PortError> {
    let mut creators = HashMap::new();
    for id in invites.iter().filter_map(|it| it.created_by) {
        if !creators.contains_key(&id)
            && let Some(user) = services.core.store.users().find(id).await?
        {
            creators.insert(id, NameView::new(id, user.handle.as_str().to_owned()));
        }
    }
    Ok(creators)
}

/// Invite somebody
///
/// Whoever has the address may make one account, also where registration is closed.
#[utoipa::path(
    post, path = "/admin/invites",
    tag = "admin", operation_id = "admin_invites_create",
    request_body = CreateInvite,
    responses(
        (status = 201, body = MadeInvite),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[post("/admin/invites")]
pub(crate) async fn create(
    Administrator(caller): Administrator,
    services: Data<Services>,
    own_url: Data<OwnUrl>,
    request: HttpRequest,
    body: Json<CreateInvite>,
) -> Result<HttpResponse, Problem> {
    let email = body
        .email
        .as_deref()
        .filter(|email| !email.trim().is_empty());
    let new = NewInvite {
        email: maybe_parsed("email", email, Email::parse)?,
        role: body.role.map_or(Role::User, Role::from),
        days: body.expires_in_days,
    };
    let (invite, url) = services.administration.invites.create(&caller, new).await?;
    let creator = creators(&services, std::slice::from_ref(&invite)).await?;
    let creator = creator.into_values().next();
    Ok(HttpResponse::Created().json(MadeInvite {
        invite: InviteView::of(invite, creator, services.core.now()),
        url: own_url.reach(&request, &url),
    }))
}

/// Take an invitation back
#[utoipa::path(
    delete, path = "/admin/invites/{id}",
    tag = "admin", operation_id = "admin_invites_revoke",
    params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "It lets nobody in any more"),
        (status = "default", body = ProblemBody, content_type = "application/problem+json"),
    )
)]
#[delete("/admin/invites/{id}")]
pub(crate) async fn revoke(
    Administrator(caller): Administrator,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    if services
        .administration
        .invites
        .revoke(&caller, InviteId(*id))
        .await?
    {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::not_found())
    }
}

impl From<InviteError> for Problem {
    fn from(error: InviteError) -> Self {
        let detail = error.to_string();
        match error {
            InviteError::NotAllowed(error) => error.into(),
            InviteError::Days => Self::field("expires_in_days", detail),
            InviteError::Port(error) => error.into(),
        }
    }
}
