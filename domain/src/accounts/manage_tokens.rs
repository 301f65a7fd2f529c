use std::sync::Arc;

use thiserror::Error;

use super::administrator::is_confirmed;
use super::{ApiToken, ApiTokenName, InvalidApiTokenName, Role, Scope, Scopes};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::ApiTokenId;
use crate::mail::{Notice, Outbox};
use crate::ports::{ClientSecret, Tokens};
use crate::timestamp::Timestamp;

/// Makes, lists and revokes a person's API tokens. Signed-in people only: a token can neither make
/// another nor widen itself.
pub struct ManageTokens {
    /// Database, clock and ids.
    pub core: Core,
    /// Makes the secrets.
    pub tokens: Arc<dyn Tokens>,
    /// Takes notices.
    pub outbox: Arc<Outbox>,
}

/// What a person says of a token they want.
#[derive(Clone, Debug)]
pub struct NewApiToken {
    /// Its name as typed.
    pub name: String,
    /// What it is to open.
    pub scopes: Scopes,
    /// When it is to end, if ever by itself.
    pub expires_at: Option<Timestamp>,
}

/// Why there is no new token, or none was revoked.
#[derive(Debug, Error)]
pub enum TokenError {
    /// The caller is not signed in in person.
    #[error("Sign in to manage API tokens: a token cannot do that.")]
    SessionNeeded,
    /// They have not proved who they are lately.
    #[error("Please confirm that it is you: enter your password.")]
    ConfirmationNeeded,
    /// No name.
    #[error(transparent)]
    Name(#[from] InvalidApiTokenName),
    /// It would open nothing.
    #[error("Choose what the token may do.")]
    NoScope,
    /// It would open administration, and the person is no administrator.
    #[error("Only administrators can make tokens for administration.")]
    AdministratorsOnly,
    /// It would be over already.
    #[error("The day on which the token ends has passed. Choose a later one.")]
    AlreadyOver,
    /// The person has as many as one may.
    #[error(
        "You have {} API tokens, the most one can have. Revoke one that you no longer use.",
        ApiToken::MAX
    )]
    TooMany,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl ManageTokens {
    /// Makes a token. Its secret is shown this once.
    pub async fn create(
        &self,
        caller: &Caller,
        new: NewApiToken,
    ) -> Result<(ClientSecret, ApiToken), TokenError> {
        let (user, _) = caller.session().ok_or(TokenError::SessionNeeded)?;
        let name = ApiTokenName::parse(&new.name)?;
        if new.scopes.is_empty() {
            return Err(TokenError::NoScope);
        }
        let now = self.core.now();
        if new.expires_at.is_some_and(|end| end <= now) {
            return Err(TokenError::AlreadyOver);
        }
        let secret = ClientSecret(format!("{}{}", ApiToken::PREFIX, self.tokens.secret().0));
        let token = ApiToken {
            id: ApiTokenId(self.core.ids.v7()),
            user,
            name,
            scopes: new.scopes,
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
        };
        let unit = self.core.begin().await?;
        // Held, so that many at once are counted one after the other.
        let person = unit.users().lock(user).await?;
        let person = person.ok_or(TokenError::SessionNeeded)?;
        if !is_confirmed(&*unit, caller, now).await? {
            return Err(TokenError::ConfirmationNeeded);
        }
        if token.scopes.allows(Scope::Admin) && person.role != Role::Admin {
            return Err(TokenError::AdministratorsOnly);
        }
        if unit.api_tokens().list(user).await?.len() >= ApiToken::MAX {
            return Err(TokenError::TooMany);
        }
        let digest = self.tokens.digest(&secret.0);
        unit.api_tokens().add(&token, &digest).await?;
        self.core
            .audit_line(
                caller,
                Action::ApiTokenCreated,
                Resource::ApiToken(token.id),
            )
            .write(&*unit)
            .await?;
        let name = token.name.as_str();
        let notice = Notice::ApiTokenMade { name };
        self.outbox.notify(&*unit, caller, &person, notice).await?;
        unit.commit().await?;
        Ok((secret, token))
    }

    /// The caller's tokens, newest first, those that are over as well.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<ApiToken>, TokenError> {
        let (user, _) = caller.session().ok_or(TokenError::SessionNeeded)?;
        Ok(self.core.store.api_tokens().list(user).await?)
    }

    /// Revokes one of the caller's own tokens at once; `false` when there is no such one.
    pub async fn revoke(&self, caller: &Caller, id: ApiTokenId) -> Result<bool, TokenError> {
        let (user, _) = caller.session().ok_or(TokenError::SessionNeeded)?;
        let unit = self.core.begin().await?;
        if !unit.api_tokens().revoke(user, id).await? {
            return Ok(false);
        }
        self.core
            .audit_line(caller, Action::ApiTokenRevoked, Resource::ApiToken(id))
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(true)
    }
}
