//! Signing in by an OpenID Connect provider. An account is found by issuer and subject alone; an e-mail
//! address only leads to the question for the password of the account that has it.

mod begin;
mod finish;
mod join;
mod link;

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use begin::SsoStart;
pub use finish::{Callback, SsoOutcome};

use super::{SignIn, SignInError, SignedIn};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::fault::{PortError, with_causes};
use crate::ids::UserId;
use crate::language::Language;
use crate::ports::{
    AuthorizationSecrets, ClientSecret, HashError, IdentityProvider, ProviderError, SecretBox,
    SecretContext,
};
use crate::timestamp::Timestamp;

/// How long a person may stay at the provider, and then think of their password.
const LASTS: Duration = Duration::from_mins(10);

/// Signs people in by the word of a provider. It asks for no second factor: that is the provider's part.
pub struct SingleSignOn {
    /// Who vouches.
    pub provider: Arc<dyn IdentityProvider>,
    /// Begins sessions; its ports are used here too.
    pub sign_in: Arc<SignIn>,
    /// Seals what has to be known again.
    pub secrets: Arc<dyn SecretBox>,
    /// Whom it lets in, and as what.
    pub policy: SsoPolicy,
    /// The quota of a new account.
    pub limit_bytes: u64,
    /// What the first topics are called in.
    pub language: Language,
}

/// Whom single sign-on lets in, and as what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SsoPolicy {
    /// Whether whoever has no account gets one.
    pub create_accounts: bool,
    /// Only people in one of these groups; everybody when there is none.
    pub allowed_groups: Vec<String>,
    /// Who is in one of these groups is an administrator, and nobody else who signs in by it. When there
    /// is none, administrators are made here.
    pub admin_groups: Vec<String>,
}

/// Why nobody is signed in.
#[derive(Debug, Error)]
pub enum SingleSignOnError {
    /// The answer is not one to a question of this browser, was given before, or is not the provider's; or
    /// the account is disabled.
    #[error("Signing in by the provider did not work. Please try again.")]
    Failed,
    /// The provider cannot be asked.
    #[error("The provider does not answer. Please try again later.")]
    Unavailable,
    /// The person is in none of the groups that are let in.
    #[error("You may not use this vault. Ask your administrator.")]
    NotAllowed,
    /// There is no account for the person, and none is made.
    #[error("You have no account here. Ask your administrator.")]
    NoAccount,
    /// It was tried too often from this network.
    #[error("Too many tries. Please wait before you try again.")]
    TooMany {
        /// No earlier than in so long.
        wait: Duration,
    },
    /// No password was made.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Why an identity was not linked to an account.
#[derive(Debug, Error)]
pub enum LinkError {
    /// There is nothing to link, or it waited too long.
    #[error("This took too long. Please sign in by the provider again.")]
    Over,
    /// The account's person was not proved.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What has to be known again when the person comes back.
#[derive(Serialize, Deserialize)]
struct Kept {
    secrets: AuthorizationSecrets,
    return_to: String,
    /// Since when they must have proved who they are.
    again_since: Option<Timestamp>,
}

const fn context(attempt: uuid::Uuid) -> SecretContext {
    SecretContext {
        owner: None,
        row: attempt,
        purpose: "single sign-on",
    }
}

impl SingleSignOn {
    /// Writes down that the sign-in of `user`, or of somebody unknown, was refused.
    async fn refuse(
        &self,
        caller: &Caller,
        user: Option<UserId>,
        error: SingleSignOnError,
    ) -> SingleSignOnError {
        let resource = Resource::Account(user.unwrap_or(UserId::NOBODY));
        let line = self
            .sign_in
            .core
            .audit_line(caller, Action::SignedIn, resource)
            .refused();
        let noted = async {
            let unit = self.sign_in.core.begin().await?;
            line.write(&*unit).await?;
            unit.commit().await
        };
        match noted.await {
            Ok(()) => error,
            Err(fault) => fault.into(),
        }
    }
}

/// What came of the provider, for the log: the cause is the operator's business.
fn map_provider_error(error: &ProviderError) -> SingleSignOnError {
    let causes = with_causes(error);
    tracing::warn!(causes, "single sign-on");
    match error {
        ProviderError::Unavailable(_) => SingleSignOnError::Unavailable,
        ProviderError::Refused(_) => SingleSignOnError::Failed,
    }
}
