use super::{AdministerError, AdministerUsers};
use crate::accounts::delete_account::mark;
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::ids::UserId;
use crate::mail::{MailTemplate, Notice};

impl AdministerUsers {
    /// Deletes somebody's account. It is not there for anybody from then on; what belongs to it is removed
    /// by and by.
    pub async fn delete(&self, caller: &Caller, id: UserId) -> Result<(), AdministerError> {
        let (unit, changing, user) = self.hold(caller, id).await?;
        if changing.by == Some(id) {
            return Err(AdministerError::OwnAccount);
        }
        if changing.is_last(id) {
            return Err(AdministerError::LastAdministrator);
        }
        let now = self.core.now();
        let notice = MailTemplate::Notice {
            what: Notice::AccountDeleted,
            at: now,
            address: None,
        };
        self.outbox.enqueue(&*unit, (&user).into(), &notice).await?;
        mark(&*unit, &user, now).await?;
        self.core
            .audit_line(caller, Action::AccountDeleted, Resource::Account(id))
            .owned_by(id)
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(())
    }
}
