use std::sync::Arc;

use super::Session;
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::{SessionId, UserId};
use crate::ports::Tokens;

/// Ends sessions: their access tokens open nothing from then on.
pub struct SignOut {
    /// Database, clock and ids.
    pub core: Core,
    /// Knows refresh tokens by their digest.
    pub tokens: Arc<dyn Tokens>,
}

impl SignOut {
    /// The sessions in which the caller is signed in, last used first.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Session>, PortError> {
        let Some((user, _)) = caller.session() else {
            return Ok(Vec::new());
        };
        self.core.store.sessions().list(user, self.core.now()).await
    }

    /// Ends one of the caller's own sessions; `false` when there is no such one.
    pub async fn one(&self, caller: &Caller, id: SessionId) -> Result<bool, PortError> {
        let Some((user, _)) = caller.session() else {
            return Ok(false);
        };
        let unit = self.core.begin().await?;
        if !unit.sessions().end(user, id, self.core.now()).await? {
            return Ok(false);
        }
        self.core
            .audit_line(caller, Action::SignedOut, Resource::Session(id))
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(true)
    }

    /// Ends the session that has this refresh token; `false` when it is over already.
    pub async fn by_refresh_token(&self, caller: &Caller, token: &str) -> Result<bool, PortError> {
        let token = self.tokens.digest(token);
        let unit = self.core.begin().await?;
        let ended = unit.sessions().end_by_token(&token, self.core.now());
        let Some(session) = ended.await? else {
            return Ok(false);
        };
        let resource = Resource::Session(session.id);
        let line = self.core.audit_line(caller, Action::SignedOut, resource);
        line.owned_by(session.user)
            .by(session.user)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(true)
    }

    /// Ends all of the caller's sessions but the one they ask in.
    pub async fn others(&self, caller: &Caller) -> Result<u64, PortError> {
        let Some((user, current)) = caller.session() else {
            return Ok(0);
        };
        self.all_but(caller, user, Some(current)).await
    }

    /// Ends all of the caller's sessions.
    pub async fn everywhere(&self, caller: &Caller) -> Result<u64, PortError> {
        let Some((user, _)) = caller.session() else {
            return Ok(0);
        };
        self.all_but(caller, user, None).await
    }

    async fn all_but(
        &self,
        caller: &Caller,
        user: UserId,
        kept: Option<SessionId>,
    ) -> Result<u64, PortError> {
        let unit = self.core.begin().await?;
        let ended = unit.sessions().end_all(user, kept, self.core.now()).await?;
        self.core
            .audit_line(caller, Action::SignedOutEverywhere, Resource::Account(user))
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(ended)
    }
}
