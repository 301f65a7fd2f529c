use super::{AdministerError, AdministerUsers, HandedOutLink};
use crate::accounts::reset_password::HANDED_OUT_LASTS;
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::ids::UserId;
use crate::mail::{MailTemplate, Notice};

impl AdministerUsers {
    /// Hands out a link by which the person chooses a new password; it is mailed as well. They are signed
    /// out at once; until the link is used the old password still works.
    pub async fn reset_password(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<HandedOutLink, AdministerError> {
        let (unit, _, user) = self.hold(caller, id).await?;
        let lasts = HANDED_OUT_LASTS;
        let (secret, expires_at) = self.resets.make_link(&*unit, id, lasts).await?;
        let url = self.outbox.links.reset(&secret);
        let template = MailTemplate::PasswordReset { link: &url, lasts };
        self.outbox
            .enqueue(&*unit, (&user).into(), &template)
            .await?;
        unit.sessions().end_all(id, None, self.core.now()).await?;
        self.core
            .audit_line(caller, Action::PasswordResetOffered, Resource::Account(id))
            .owned_by(id)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(HandedOutLink { url, expires_at })
    }

    /// Removes the second factor of somebody who has lost it; `false` when they have none.
    pub async fn remove_second_factor(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<bool, AdministerError> {
        let (unit, _, user) = self.hold(caller, id).await?;
        if !unit.factors().remove(id).await? {
            return Ok(false);
        }
        let notice = MailTemplate::Notice {
            what: Notice::SecondFactorOff,
            at: self.core.now(),
            // The administrator's is none of the person's business.
            address: None,
        };
        self.outbox.enqueue(&*unit, (&user).into(), &notice).await?;
        self.core
            .audit_line(caller, Action::SecondFactorOff, Resource::Account(id))
            .owned_by(id)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(true)
    }

    /// Ends all sessions of a person; returns how many.
    pub async fn sign_out_everywhere(
        &self,
        caller: &Caller,
        id: UserId,
    ) -> Result<u64, AdministerError> {
        let (unit, _, _) = self.hold(caller, id).await?;
        let ended = unit.sessions().end_all(id, None, self.core.now()).await?;
        self.core
            .audit_line(caller, Action::SignedOutEverywhere, Resource::Account(id))
            .owned_by(id)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(ended)
    }
}
