use std::sync::Arc;

use super::Session;
use crate::audit::{Action, AuditLine, Resource};
use crate::caller::Caller;
use crate::fault::PortError;
use crate::ids::{AuditId, SessionId, UserId};
use crate::ports::{Clock, Ids, Store, Tokens};

/// Ends sessions: their access tokens open nothing from then on.
pub struct SignOut {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Knows refresh tokens by their digest.
    pub tokens: Arc<dyn Tokens>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
}

impl SignOut {
    /// The sessions in which the caller is signed in, last used first.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Session>, PortError> {
        let Some((user, _)) = caller.session() else {
            return Ok(Vec::new());
        };
        self.store.sessions().list(user, self.clock.now()).await
    }

    /// Ends one of the caller's own sessions; `false` when there is no such one.
    pub async fn one(&self, caller: &Caller, id: SessionId) -> Result<bool, PortError> {
        let Some((user, _)) = caller.session() else {
            return Ok(false);
        };
        let unit = self.store.begin().await?;
        if !unit.sessions().end(user, id, self.clock.now()).await? {
            return Ok(false);
        }
        let line = self.line(caller, Action::SignedOut, Resource::Session(id));
        unit.audit().append(&[line]).await?;
        unit.commit().await?;
        Ok(true)
    }

    /// Ends the session that has this refresh token; `false` when it is over already.
    pub async fn by_refresh_token(&self, caller: &Caller, token: &str) -> Result<bool, PortError> {
        let token = self.tokens.digest(token);
        let unit = self.store.begin().await?;
        let ended = unit.sessions().end_by_token(&token, self.clock.now());
        let Some(session) = ended.await? else {
            return Ok(false);
        };
        let mut line = self.line(caller, Action::SignedOut, Resource::Session(session.id));
        (line.owner, line.actor) = (session.user, Some(session.user));
        unit.audit().append(&[line]).await?;
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
        let unit = self.store.begin().await?;
        let ended = unit
            .sessions()
            .end_all(user, kept, self.clock.now())
            .await?;
        let line = self.line(caller, Action::SignedOutEverywhere, Resource::Account(user));
        unit.audit().append(&[line]).await?;
        unit.commit().await?;
        Ok(ended)
    }

    fn line(&self, caller: &Caller, action: Action, resource: Resource) -> AuditLine {
        let (id, now) = (AuditId(self.ids.v7()), self.clock.now());
        AuditLine::new(id, now, caller, action, resource)
    }
}
