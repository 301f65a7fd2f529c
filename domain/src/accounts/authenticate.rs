use std::net::IpAddr;
use std::sync::Arc;

use thiserror::Error;
use uuid::Uuid;

use super::User;
use crate::caller::{Caller, Identity};
use crate::fault::PortError;
use crate::ports::{Clock, Purpose, Store, Tokens};

/// Finds out who asks, from an access token. The session is looked up each time: whoever has signed
/// out, or was disabled, is nobody from the next request on, at every replica.
pub struct Authenticate {
    /// The database.
    pub store: Arc<dyn Store>,
    /// Reads the token.
    pub tokens: Arc<dyn Tokens>,
    /// The time.
    pub clock: Arc<dyn Clock>,
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

/// Where a request comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The network address.
    pub address: Option<IpAddr>,
    /// The request's id.
    pub request_id: Option<Uuid>,
}

impl Authenticate {
    /// The person behind `token`, which must be for `purpose`.
    pub async fn run(
        &self,
        token: &str,
        purpose: Purpose,
        origin: Origin,
    ) -> Result<(Caller, User), AuthenticateError> {
        let now = self.clock.now();
        let claims = self
            .tokens
            .read(token, now)
            .map_err(|_| AuthenticateError::Invalid)?;
        if claims.purpose != purpose {
            return Err(AuthenticateError::OtherPurpose);
        }
        let live = self.store.sessions().live(claims.session, now).await?;
        let (session, user) = live
            .filter(|(session, _)| session.user == claims.user)
            .ok_or(AuthenticateError::Invalid)?;
        let caller = Caller {
            identity: Identity::Person {
                user: user.id,
                role: user.role,
                session: session.id,
            },
            address: origin.address,
            request_id: origin.request_id,
        };
        Ok((caller, user))
    }
}
