use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::{ApiToken, User};
use crate::caller::{Caller, Credential, Identity};
use crate::core::Core;
use crate::fault::PortError;
use crate::ports::{Purpose, Tokens};
use crate::timestamp::Timestamp;

/// Writing down each use of a token would make every request a write.
const USE_NOTED_EVERY: Duration = Duration::from_mins(1);

/// Finds out who asks, from an access token or a personal API token. Session and token are looked up
/// each time: whoever has signed out, was disabled or has revoked the token is nobody from the next
/// request on, at every replica.
pub struct Authenticate {
    /// Database, clock and ids.
    pub core: Core,
    /// Reads the token.
    pub tokens: Arc<dyn Tokens>,
}

/// Why a token proves nothing.
#[derive(Debug, Error)]
pub enum AuthenticateError {
    /// The token is none of ours, or its time or session is over.
    #[error("the token is not valid")]
    Invalid,
    /// The token opens something else.
    #[error("the token is for something else")]
    OtherPurpose,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl Authenticate {
    /// The person behind `token`, which must be for `purpose`: the caller is `anonymous`, but with the identity that it proves.
    pub async fn run(
        &self,
        token: &str,
        purpose: Purpose,
        anonymous: &Caller,
    ) -> Result<(Caller, User), AuthenticateError> {
        let now = self.core.now();
        if token.starts_with(ApiToken::PREFIX) {
            return self.by_api_token(token, purpose, anonymous, now).await;
        }
        let claims = self
            .tokens
            .read(token, now)
            .map_err(|_| AuthenticateError::Invalid)?;
        if claims.purpose != purpose {
            return Err(AuthenticateError::OtherPurpose);
        }
        let live = self.core.store.sessions().live(claims.session, now).await?;
        let (session, user) = live
            .filter(|(session, _)| session.user == claims.user)
            .ok_or(AuthenticateError::Invalid)?;
        let caller = Caller {
            identity: match purpose {
                Purpose::Access => Identity::Person {
                    user: user.id,
                    role: user.role,
                    by: Credential::Session(session.id),
                },
                Purpose::Enrol => Identity::Enrolling {
                    user: user.id,
                    session: session.id,
                },
            },
            ..*anonymous
        };
        Ok((caller, user))
    }

    /// Whether the person whom a token proved is one still: for what lasts longer than a request.
    pub async fn holds(&self, caller: &Caller) -> Result<bool, PortError> {
        let now = self.core.now();
        let Identity::Person { user, by, .. } = caller.identity else {
            return Ok(false);
        };
        match by {
            Credential::Session(session) => Ok(self
                .core
                .store
                .sessions()
                .live(session, now)
                .await?
                .is_some()),
            Credential::Token { id, .. } => {
                let person = self.core.store.users().find(user).await?;
                let enabled = person.is_some_and(|person| person.disabled_at.is_none());
                let tokens = self.core.store.api_tokens().list(user).await?;
                let lives = |token: &ApiToken| token.expires_at.is_none_or(|at| at > now);
                Ok(enabled && tokens.iter().any(|it| it.id == id && lives(it)))
            }
        }
    }

    async fn by_api_token(
        &self,
        token: &str,
        purpose: Purpose,
        anonymous: &Caller,
        now: Timestamp,
    ) -> Result<(Caller, User), AuthenticateError> {
        let digest = self.tokens.digest(token);
        let live = self.core.store.api_tokens().live(&digest, now).await?;
        let (token, user) = live.ok_or(AuthenticateError::Invalid)?;
        if purpose != Purpose::Access {
            return Err(AuthenticateError::OtherPurpose);
        }
        let noted = |at| now.since(at) < USE_NOTED_EVERY;
        if !token.last_used_at.is_some_and(noted)
            && let Err(error) = self.note_use(&token, now).await
        {
            tracing::warn!(token = %token.id, %error, "the use of a token was not noted");
        }
        let caller = Caller {
            identity: Identity::Person {
                user: user.id,
                role: user.role,
                by: Credential::Token {
                    id: token.id,
                    scopes: token.scopes,
                },
            },
            ..*anonymous
        };
        Ok((caller, user))
    }

    async fn note_use(&self, token: &ApiToken, now: Timestamp) -> Result<(), PortError> {
        let unit = self.core.begin().await?;
        unit.api_tokens().note_use(token, now).await?;
        unit.commit().await
    }
}
