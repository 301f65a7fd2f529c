//! Who asks. Every look-up that serves a person takes a [`Caller`], so that a foreign row is simply
//! not there.

use std::net::IpAddr;

use uuid::Uuid;

use crate::accounts::{Role, Scope, Scopes};
use crate::ids::{ApiTokenId, SessionId, UserId};

/// By what a person is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The session in which they are signed in.
    Session(SessionId),
    /// A token that they made for a program. It acts on documents within its scopes, never on what
    /// opens the account: password, second factor, sessions, tokens.
    Token {
        /// Which.
        id: ApiTokenId,
        /// What it opens.
        scopes: Scopes,
    },
}

/// As whom the caller acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Somebody who has not said who they are: sees nothing, may sign in.
    Anonymous,
    /// A person who is signed in, or a program of theirs.
    Person {
        /// The account.
        user: UserId,
        /// What it may do.
        role: Role,
        /// By what they are known.
        by: Credential,
    },
    /// Somebody who has shown their password and must set up the second factor that the instance demands,
    /// before they can sign in: sees nothing.
    Enrolling {
        /// The account.
        user: UserId,
        /// The session that ends once the factor is set up.
        session: SessionId,
    },
    /// Whoever runs commands where the vault lives, on behalf of an account; [`UserId::NOBODY`] where it
    /// is about no account in particular.
    Operator(UserId),
    /// The vault itself: worker and sweeps, on behalf of the owner of what they work on.
    System(UserId),
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
    /// A command, run on behalf of `owner`.
    pub const fn operator(owner: UserId) -> Self {
        Self::without_request(Identity::Operator(owner))
    }

    /// The vault itself, working for `owner`.
    pub const fn system(owner: UserId) -> Self {
        Self::without_request(Identity::System(owner))
    }

    const fn without_request(identity: Identity) -> Self {
        Self {
            identity,
            address: None,
            request_id: None,
        }
    }

    /// Whose rows this caller sees.
    pub const fn owner(&self) -> UserId {
        match self.identity {
            Identity::Anonymous | Identity::Enrolling { .. } => UserId::NOBODY,
            Identity::Person { user, .. } | Identity::Operator(user) | Identity::System(user) => {
                user
            }
        }
    }

    /// The person and the session they are signed in by; none for a program with a token.
    pub const fn session(&self) -> Option<(UserId, SessionId)> {
        match self.identity {
            Identity::Person {
                user,
                by: Credential::Session(session),
                ..
            } => Some((user, session)),
            _ => None,
        }
    }

    /// Whether what the caller is known by opens `scope`. Whose rows they see and what their role allows
    /// is another matter.
    pub const fn allows(&self, scope: Scope) -> bool {
        match self.identity {
            Identity::Anonymous | Identity::Enrolling { .. } => false,
            Identity::Person {
                by: Credential::Token { scopes, .. },
                ..
            } => scopes.allows(scope),
            Identity::Person { .. } | Identity::Operator(_) | Identity::System(_) => true,
        }
    }

    /// The person, where they are an administrator and what they are known by opens administration.
    pub fn administrator(&self) -> Option<UserId> {
        match self.identity {
            Identity::Person {
                user,
                role: Role::Admin,
                ..
            } if self.allows(Scope::Admin) => Some(user),
            _ => None,
        }
    }
}
