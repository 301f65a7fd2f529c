use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::administrator::{NotAllowed, changing, reading};
use super::{Email, Invite, Role};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::InviteId;
use crate::mail::{MailTemplate, Outbox, Recipient};
use crate::ports::Tokens;

/// Makes, lists and takes back invitations, for administrators.
pub struct ManageInvites {
    /// Database, clock and ids.
    pub core: Core,
    /// Makes the links' secrets.
    pub tokens: Arc<dyn Tokens>,
    /// Takes the mails.
    pub outbox: Arc<Outbox>,
}

/// What an administrator says of an invitation they make.
#[derive(Clone, Debug)]
pub struct NewInvite {
    /// The one address it is for; mailed there as well.
    pub email: Option<Email>,
    /// What the new account may do.
    pub role: Role,
    /// How long it lasts; [`Invite::LASTS`] unless said.
    pub days: Option<u32>,
}

/// Why there is no invitation, or none was taken back.
#[derive(Debug, Error)]
pub enum InviteError {
    /// The caller may not.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// Not that many days.
    #[error("An invitation lasts 1 to {} days.", Invite::MAX_DAYS)]
    Days,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl ManageInvites {
    /// Makes an invitation; returns it with its address, which is shown this once.
    pub async fn create(
        &self,
        caller: &Caller,
        new: NewInvite,
    ) -> Result<(Invite, String), InviteError> {
        let lasts = match new.days {
            None => Invite::LASTS,
            Some(days @ 1..=Invite::MAX_DAYS) => Duration::from_hours(24) * days,
            Some(_) => return Err(InviteError::Days),
        };
        let now = self.core.now();
        let unit = self.core.begin().await?;
        let changing = changing(&*unit, caller, now).await?;
        let invite = Invite {
            id: InviteId(self.core.ids.v7()),
            email: new.email,
            role: new.role,
            created_by: changing.by,
            created_at: now,
            expires_at: now.plus(lasts),
            used_at: None,
        };
        let secret = self.tokens.secret();
        let digest = self.tokens.digest(&secret.0);
        unit.invites().add(&invite, &digest).await?;
        let url = self.outbox.links.invite(&secret);
        if let Some(email) = &invite.email {
            let to = Recipient {
                email,
                name: None,
                locale: None,
            };
            let template = MailTemplate::Invitation { link: &url, lasts };
            self.outbox.enqueue(&*unit, to, &template).await?;
        }
        self.core
            .audit_line(caller, Action::InviteCreated, Resource::Invite(invite.id))
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok((invite, url))
    }

    /// All invitations, newest first, those that are used or over as well.
    pub async fn list(&self, caller: &Caller) -> Result<Vec<Invite>, InviteError> {
        reading(caller)?;
        Ok(self.core.store.invites().list().await?)
    }

    /// Takes an invitation back; `false` when there is no such one.
    pub async fn revoke(&self, caller: &Caller, id: InviteId) -> Result<bool, InviteError> {
        let unit = self.core.begin().await?;
        changing(&*unit, caller, self.core.now()).await?;
        if !unit.invites().remove(id).await? {
            return Ok(false);
        }
        self.core
            .audit_line(caller, Action::InviteRevoked, Resource::Invite(id))
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(true)
    }
}
