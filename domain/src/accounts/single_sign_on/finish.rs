use super::{
    ClientSecret, Kept, LASTS, SignedIn, SingleSignOn, SingleSignOnError, context,
    map_provider_error,
};
use crate::accounts::administrator::shut_out;
use crate::accounts::sign_in::ProvedBy;
use crate::accounts::{Email, LimitedAction, Role, User};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::fault::PortError;
use crate::ids::UserId;
use crate::ports::{AccountConflict, Claims, SsoLink, UnitOfWork};
use crate::timestamp::Timestamp;

/// Clocks of two machines differ.
const LEEWAY: std::time::Duration = std::time::Duration::from_mins(1);

/// What somebody comes back with.
#[derive(Clone, Debug, Default)]
pub struct Callback {
    /// Which attempt it is.
    pub state: String,
    /// What is traded for the provider's word; none when it gave none.
    pub code: Option<String>,
    /// Who the provider says it is (RFC 9207).
    pub issuer: Option<String>,
    /// What the browser kept.
    pub browser: String,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
}

/// What came of it.
pub enum SsoOutcome {
    /// Somebody is signed in.
    SignedIn {
        /// Who.
        signed_in: Box<SignedIn>,
        /// Where they were going.
        return_to: String,
    },
    /// There is an account with the person's e-mail address: they are to show its password.
    LinkNeeded {
        /// What the browser keeps meanwhile.
        link: ClientSecret,
        /// Where they were going.
        return_to: String,
    },
}

impl SingleSignOn {
    /// Takes up somebody who comes back from the provider. What they come back with counts once, and in
    /// the browser that was sent there only.
    pub async fn finish(
        &self,
        caller: &Caller,
        callback: Callback,
    ) -> Result<SsoOutcome, SingleSignOnError> {
        let Some(kept) = self.take_attempt(&callback).await? else {
            // Anybody can invent a way back, and each would be a line of the audit trail.
            let rate_limiter = &self.sign_in.rate_limiter;
            return Err(
                match rate_limiter
                    .take_by_address(caller, LimitedAction::SingleSignOn)
                    .await?
                {
                    Some(wait) => SingleSignOnError::TooMany { wait },
                    None => self.refuse(caller, None, SingleSignOnError::Failed).await,
                },
            );
        };
        let claims = match self.claims(&callback, &kept).await {
            Ok(claims) => claims,
            Err(error) => return Err(self.refuse(caller, None, error).await),
        };
        let sso = self.sign_in.core.store.sso();
        let known = sso.account(&claims.issuer, &claims.subject).await?;
        let allowed = &self.policy.allowed_groups;
        if !allowed.is_empty() && !is_in(&claims, allowed) {
            let error = SingleSignOnError::NotAllowed;
            return Err(self.refuse(caller, known, error).await);
        }
        let return_to = kept.return_to;
        let (unit, user) = match known {
            Some(user) => self.hold(caller, user).await?,
            None => match self.newcomer(caller, &claims).await? {
                Newcomer::Made(unit, user) => (unit, *user),
                Newcomer::HasAccount(user) => {
                    let link = self.wait_for_password(&claims, user).await?;
                    return Ok(SsoOutcome::LinkNeeded { link, return_to });
                }
            },
        };
        let user = self.give_role(&*unit, &claims, user).await?;
        let proof = ProvedBy::Provider {
            at: claims.authenticated_at,
        };
        let agent = callback.user_agent;
        let started = self.sign_in.start(caller, unit, user, agent, proof);
        let signed_in = Box::new(started.await?);
        Ok(SsoOutcome::SignedIn {
            signed_in,
            return_to,
        })
    }

    async fn take_attempt(&self, callback: &Callback) -> Result<Option<Kept>, PortError> {
        let (tokens, now) = (&self.sign_in.tokens, self.sign_in.core.now());
        let (state, browser) = (
            tokens.digest(&callback.state),
            tokens.digest(&callback.browser),
        );
        let unit = self.sign_in.core.begin().await?;
        let Some(attempt) = unit.sso().take_attempt(&state, &browser, now).await? else {
            return Ok(None);
        };
        unit.commit().await?;
        let kept = self.secrets.open(&context(attempt.id), &attempt.sealed)?;
        let kept = serde_json::from_slice(&kept);
        kept.map(Some)
            .map_err(|error| PortError::permanent("reading a sign-in", error))
    }

    async fn claims(&self, callback: &Callback, kept: &Kept) -> Result<Claims, SingleSignOnError> {
        let code = callback.code.as_deref().ok_or(SingleSignOnError::Failed)?;
        let claims = self
            .provider
            .claims(code, callback.issuer.as_deref(), &kept.secrets);
        let claims = claims.await.map_err(|error| map_provider_error(&error))?;
        let long_ago = |since: Timestamp| {
            let at = claims.authenticated_at;
            at.is_none_or(|at| at < since.minus(LEEWAY))
        };
        if kept.again_since.is_some_and(long_ago) {
            tracing::warn!("single sign-on: the person was not asked again");
            return Err(SingleSignOnError::Failed);
        }
        Ok(claims)
    }

    /// Opens a unit of work that holds the account, and the administrators where roles come from groups.
    async fn hold(
        &self,
        caller: &Caller,
        user: UserId,
    ) -> Result<(Box<dyn UnitOfWork>, User), SingleSignOnError> {
        let unit = self.sign_in.core.begin().await?;
        if !self.policy.admin_groups.is_empty() {
            unit.users().lock_administrators().await?;
        }
        let held = unit.users().lock(user).await?;
        if let Some(user) = held.filter(|user| user.disabled_at.is_none()) {
            return Ok((unit, user));
        }
        drop(unit);
        let error = SingleSignOnError::Failed;
        Err(self.refuse(caller, Some(user), error).await)
    }

    /// The account, whose role is now what the person's groups say. The last administrator stays one.
    async fn give_role(
        &self,
        unit: &dyn UnitOfWork,
        claims: &Claims,
        mut user: User,
    ) -> Result<User, SingleSignOnError> {
        let groups = &self.policy.admin_groups;
        let role = if is_in(claims, groups) {
            Role::Admin
        } else {
            Role::User
        };
        if groups.is_empty() || user.role == role {
            return Ok(user);
        }
        let now = self.sign_in.core.now();
        if role == Role::User {
            if unit.users().lock_administrators().await? == [user.id] {
                tracing::warn!(
                    account = %user.id,
                    "the last administrator is in none of oidc.admin_groups, and stays one"
                );
                return Ok(user);
            }
            shut_out(unit, user.id, now).await?;
        }
        user.role = role;
        user.updated_at = now;
        unit.users().update(&user).await.map_err(fault)?;
        let system = Caller::system(user.id);
        let resource = Resource::Account(user.id);
        self.sign_in
            .core
            .audit_line(&system, Action::AccountRoleChanged, resource)
            .write(unit)
            .await?;
        Ok(user)
    }

    async fn wait_for_password(
        &self,
        claims: &Claims,
        user: UserId,
    ) -> Result<ClientSecret, PortError> {
        let secret = self.sign_in.tokens.secret();
        let link = SsoLink {
            issuer: claims.issuer.clone(),
            subject: claims.subject.clone(),
            user,
            expires_at: self.sign_in.core.now().plus(LASTS),
        };
        let unit = self.sign_in.core.begin().await?;
        let digest = self.sign_in.tokens.digest(&secret.0);
        unit.sso().add_link(&digest, &link).await?;
        unit.commit().await?;
        Ok(secret)
    }
}

/// Somebody whose identity is new.
pub(super) enum Newcomer {
    /// An account was made for them, in this unit.
    Made(Box<dyn UnitOfWork>, Box<User>),
    /// An account has their e-mail address.
    HasAccount(UserId),
}

impl SingleSignOn {
    async fn newcomer(
        &self,
        caller: &Caller,
        claims: &Claims,
    ) -> Result<Newcomer, SingleSignOnError> {
        let email = claims.email.as_deref().map(Email::parse);
        // An address that anybody may have written there says nothing: not even whether it has an account.
        let Some(Ok(email)) = email.filter(|_| claims.email_verified) else {
            let error = SingleSignOnError::NoAccount;
            return Err(self.refuse(caller, None, error).await);
        };
        let users = self.sign_in.core.store.users();
        match users.find_by_email(&email).await? {
            Some(user) if user.disabled_at.is_none() => Ok(Newcomer::HasAccount(user.id)),
            Some(user) => {
                let error = SingleSignOnError::Failed;
                Err(self.refuse(caller, Some(user.id), error).await)
            }
            None => {
                if let Some((unit, user)) = self.join(caller, claims, email).await? {
                    return Ok(Newcomer::Made(unit, Box::new(user)));
                }
                let error = SingleSignOnError::NoAccount;
                Err(self.refuse(caller, None, error).await)
            }
        }
    }
}

fn is_in(claims: &Claims, groups: &[String]) -> bool {
    claims.groups.iter().any(|group| groups.contains(group))
}

/// Names did not change, so nobody can have them.
fn fault(conflict: AccountConflict) -> PortError {
    match conflict {
        AccountConflict::Port(error) => error,
        taken => PortError::transient("changing a role", taken),
    }
}
