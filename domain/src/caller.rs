//! Who asks. Every look-up that serves a person takes a [`Caller`], so that a foreign row is simply
//! not there.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::accounts::Role;
use crate::ids::{SessionId, UserId};

/// Who rows belong to. `None` is the one local owner of a vault without accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Owner(pub Option<UserId>);

impl Owner {
    /// The owner of a vault without accounts.
    pub const LOCAL: Self = Self(None);
}

/// As whom the caller acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Somebody who has not said who they are: sees nothing, may sign in.
    Anonymous,
    /// A person who is signed in.
    Person {
        /// The account.
        user: UserId,
        /// What it may do.
        role: Role,
        /// The session by which they are signed in.
        session: SessionId,
    },
    /// Whoever reaches the loopback listener or the command line of a vault without accounts.
    Local,
    /// The vault itself: worker and sweeps, on behalf of the owner of what they work on.
    System(Owner),
}

/// Who asks, and from where; built by the HTTP layer, the worker and the command line only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caller {
    /// As whom.
    pub identity: Identity,
    /// The network address of the request, where there is one.
    pub address: Option<IpAddr>,
    /// The request's id, where there is a request.
    pub request_id: Option<Uuid>,
}

impl Caller {
    /// The local caller, from no address in particular.
    pub const fn local() -> Self {
        Self {
            identity: Identity::Local,
            address: None,
            request_id: None,
        }
    }

    /// The vault itself, working for `owner`.
    pub const fn system(owner: Owner) -> Self {
        Self {
            identity: Identity::System(owner),
            address: None,
            request_id: None,
        }
    }

    /// Whose rows this caller sees.
    pub const fn owner(&self) -> Owner {
        match self.identity {
            Identity::Anonymous => Owner(Some(UserId::NOBODY)),
            Identity::Person { user, .. } => Owner(Some(user)),
            Identity::Local => Owner::LOCAL,
            Identity::System(owner) => owner,
        }
    }
}
