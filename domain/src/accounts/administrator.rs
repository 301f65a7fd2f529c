use std::time::Duration;

use thiserror::Error;

use crate::caller::{Caller, Credential, Identity};
use crate::fault::PortError;
use crate::ids::UserId;
use crate::ports::{Repos, UnitOfWork};
use crate::timestamp::Timestamp;

/// How long a proof of who somebody is counts for sensitive acts.
pub const CONFIRMED_FOR: Duration = Duration::from_mins(15);

/// Why somebody may not administer.
#[derive(Debug, Error)]
pub enum NotAllowed {
    /// They are no administrator, or their token does not open administration.
    #[error("Only administrators can do that.")]
    Forbidden,
    /// They have not proved who they are lately.
    #[error("Please confirm that it is you: enter your password.")]
    ConfirmationNeeded,
    /// The database failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Whether the caller has proved lately who they are. A token is its own proof.
pub(super) async fn is_confirmed(
    repos: &dyn Repos,
    caller: &Caller,
    now: Timestamp,
) -> Result<bool, PortError> {
    match caller.identity {
        Identity::Person {
            by: Credential::Session(session),
            ..
        } => {
            let live = repos.sessions().live(session, now).await?;
            Ok(live.is_some_and(|(session, _)| now.since(session.confirmed_at) < CONFIRMED_FOR))
        }
        Identity::Person {
            by: Credential::Token { .. },
            ..
        } => Ok(true),
        _ => Ok(false),
    }
}

/// Lets an administrator read, or whoever runs commands where the vault lives; returns the
/// administrator.
pub(crate) fn reading(caller: &Caller) -> Result<Option<UserId>, NotAllowed> {
    match caller.identity {
        Identity::Operator(_) => Ok(None),
        _ => caller
            .administrator()
            .map(Some)
            .ok_or(NotAllowed::Forbidden),
    }
}

/// Ends all by which `user` is in, and all that they have handed out or were handed: whoever is disabled, is no
/// administrator any more, or is gone.
pub(super) async fn shut_out(
    unit: &dyn UnitOfWork,
    user: UserId,
    now: Timestamp,
) -> Result<(), PortError> {
    unit.sessions().end_all(user, None, now).await?;
    unit.invites().remove_open_of(user).await?;
    unit.resets().remove(user).await
}

/// Who changes something in `unit`.
pub(crate) struct Changing {
    /// The administrator; none where a command is run.
    pub(crate) by: Option<UserId>,
    /// All of them. Nobody else is changed until the unit ends.
    pub(super) administrators: Vec<UserId>,
}

impl Changing {
    /// Whether nobody would be left to administer the vault without `user`.
    pub(super) fn is_last(&self, user: UserId) -> bool {
        self.administrators == [user]
    }
}

/// As [`reading`], and who acts is an administrator still, and has proved lately who they are.
pub(crate) async fn changing(
    unit: &dyn UnitOfWork,
    caller: &Caller,
    now: Timestamp,
) -> Result<Changing, NotAllowed> {
    let by = reading(caller)?;
    let administrators = unit.users().lock_administrators().await?;
    if let Some(admin) = by {
        if !administrators.contains(&admin) {
            return Err(NotAllowed::Forbidden);
        }
        if !is_confirmed(unit, caller, now).await? {
            return Err(NotAllowed::ConfirmationNeeded);
        }
    }
    Ok(Changing { by, administrators })
}
