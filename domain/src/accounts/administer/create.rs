use super::{AdministerError, AdministerUsers, HandedOutLink, changing, overview, reading};
use crate::accounts::reset_password::HANDED_OUT_LASTS;
use crate::accounts::{AccountOverview, DisplayName, Email, Handle, Locale, Password, Role, User};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::fault::PortError;
use crate::ids::UserId;
use crate::mail::MailTemplate;
use crate::ports::UnitOfWork;
use crate::topics::starter_topics;

/// What an administrator says of an account they make.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Where mail goes.
    pub email: Email,
    /// How others name the person.
    pub handle: Handle,
    /// What to call them; the handle unless said.
    pub display_name: Option<DisplayName>,
    /// What the account may do.
    pub role: Role,
    /// How much it may keep; as much as other new accounts unless said.
    pub limit_bytes: Option<u64>,
    /// The person's language.
    pub locale: Option<Locale>,
    /// The password as typed, where the person is not to choose one by a link.
    pub password: Option<String>,
}

impl AdministerUsers {
    /// Makes an account. Without a password its person chooses one by a link, which is mailed as well.
    /// The first administrator gets what was kept before there were accounts.
    pub async fn create(
        &self,
        caller: &Caller,
        new: NewUser,
    ) -> Result<(AccountOverview, Option<HandedOutLink>), AdministerError> {
        reading(caller)?;
        let password = match &new.password {
            Some(typed) => Password::choose(typed, &[new.handle.as_str(), new.email.as_str()])?,
            None => Password::nobodys(&*self.tokens),
        };
        let hash = self.hasher.hash(&password).await?;
        let unit = self.core.begin().await?;
        let now = self.core.now();
        changing(&*unit, caller, now).await?;
        let unclaimed = match new.role {
            Role::Admin => unit.users().unclaimed().await?,
            Role::User => None,
        };
        let id = unclaimed.unwrap_or_else(|| UserId(self.core.ids.v7()));
        let mut user = User::new(id, new.handle, new.email, new.role, now);
        user.locale = new.locale.map(|locale| locale.as_str().to_owned());
        if let Some(name) = &new.display_name {
            name.as_str().clone_into(&mut user.display_name);
        }
        let limit_bytes = new.limit_bytes.unwrap_or(self.limit_bytes);
        unit.users().add(&user, &hash, limit_bytes).await?;
        if unclaimed.is_none() {
            let topics = starter_topics(user.id, self.language, &*self.core.clock, &*self.core.ids);
            unit.topics().add(&topics).await?;
        }
        let link = match new.password {
            Some(_) => None,
            None => Some(self.link(&*unit, &user).await?),
        };
        self.core
            .audit_line(caller, Action::AccountCreated, Resource::Account(user.id))
            .owned_by(user.id)
            .write(&*unit)
            .await?;
        let made = overview(&*unit, user.id).await?;
        unit.commit().await?;
        Ok((made, link))
    }

    async fn link(&self, unit: &dyn UnitOfWork, user: &User) -> Result<HandedOutLink, PortError> {
        let lasts = HANDED_OUT_LASTS;
        let (secret, expires_at) = self.resets.make_link(unit, user.id, lasts).await?;
        let url = self.outbox.links.reset(&secret);
        let template = MailTemplate::AccountMade {
            handle: user.handle.as_str(),
            link: &url,
            lasts,
        };
        self.outbox.enqueue(unit, user.into(), &template).await?;
        Ok(HandedOutLink { url, expires_at })
    }
}
