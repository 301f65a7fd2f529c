//! Accounts and sessions as clients see them.

use actix_web::HttpResponse;
use actix_web::web::Data;
use docuvault_domain::accounts::{Role, Session, SignedIn, User};
use docuvault_domain::ids::SessionId;
use docuvault_domain::ports::Quota;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cookies::CookieNames;
use crate::http::problem::Problem;
use crate::services::Services;

/// What an account may do.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Role)]
pub(crate) enum RoleView {
    /// Keep documents.
    User,
    /// Manage accounts, too.
    Admin,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::User => Self::User,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<RoleView> for Role {
    fn from(role: RoleView) -> Self {
        match role {
            RoleView::User => Self::User,
            RoleView::Admin => Self::Admin,
        }
    }
}

/// An account, as its person sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct UserView {
    id: Uuid,
    email: String,
    handle: String,
    display_name: String,
    role: RoleView,
    /// Whether a second factor is asked for.
    totp_enabled: bool,
    /// A BCP 47 tag.
    locale: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            email: user.email.as_str().to_owned(),
            handle: user.handle.as_str().to_owned(),
            display_name: user.display_name,
            role: user.role.into(),
            totp_enabled: user.totp_enabled,
            locale: user.locale,
            created_at: user.created_at.to_rfc3339(),
        }
    }
}

/// How much somebody keeps.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Quota)]
pub(crate) struct QuotaView {
    /// Bytes of documents as they were handed in, those in the trash included.
    pub(crate) used_bytes: u64,
    pub(crate) limit_bytes: u64,
}

impl From<Quota> for QuotaView {
    fn from(quota: Quota) -> Self {
        Self {
            used_bytes: quota.used_bytes,
            limit_bytes: quota.limit_bytes,
        }
    }
}

/// One's own account.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub(crate) struct MeView {
    #[serde(flatten)]
    user: UserView,
    quota: QuotaView,
    /// Whether an identity at the provider opens the account. Its person may not know a password.
    sso_linked: bool,
}

impl MeView {
    pub(crate) async fn of(user: User, services: &Services) -> Result<Self, Problem> {
        let quota = services.core.store.quotas().of(user.id).await?;
        let sso_linked = services.core.store.sso().has_identity(user.id).await?;
        Ok(Self {
            user: user.into(),
            sso_linked,
            quota: quota.ok_or_else(Problem::not_found)?.into(),
        })
    }
}

/// What a client needs once somebody is signed in; the refresh token is in a cookie.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignedIn)]
pub(crate) struct SignedInView {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until the access token ends.
    expires_in: u64,
    /// For `X-CSRF-Token`; the same as the cookie `docuvault_csrf`.
    csrf_token: String,
    user: UserView,
}

impl SignedInView {
    /// The answer with its cookies.
    pub(crate) fn answer(
        signed_in: SignedIn,
        services: &Data<Services>,
        names: CookieNames,
    ) -> HttpResponse {
        let csrf = services.accounts.tokens.secret().0;
        let cookies = names.set(&signed_in, &csrf, services.core.clock.now());
        let mut response = HttpResponse::Ok();
        for cookie in cookies {
            response.cookie(cookie);
        }
        response.json(Self {
            access_token: signed_in.access_token,
            token_type: "Bearer",
            expires_in: services.accounts.sign_in.access_for.as_secs(),
            csrf_token: csrf,
            user: signed_in.user.into(),
        })
    }
}

/// A signed-in browser or program.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    id: Uuid,
    /// What it calls itself.
    user_agent: Option<String>,
    /// From where it was last renewed.
    address: Option<String>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    last_used_at: String,
    #[schema(format = DateTime)]
    expires_at: String,
    /// Whether it is the one that asks.
    current: bool,
}

impl SessionView {
    pub(crate) fn of(session: Session, current: SessionId) -> Self {
        Self {
            id: session.id.0,
            current: session.id == current,
            user_agent: session.user_agent,
            address: session.address.map(|address| address.to_string()),
            created_at: session.created_at.to_rfc3339(),
            last_used_at: session.last_used_at.to_rfc3339(),
            expires_at: session.expires_at.to_rfc3339(),
        }
    }
}
