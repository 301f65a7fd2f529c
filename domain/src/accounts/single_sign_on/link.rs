use super::{LinkError, SignInError, SignedIn, SingleSignOn};
use crate::accounts::Credentials;
use crate::accounts::sign_in::ProvedBy;
use crate::audit::{Action, Resource};
use crate::caller::Caller;

impl SingleSignOn {
    /// Makes the identity that waits behind `link` one of the account that has its e-mail address, whose
    /// password and second factor the person shows, and signs them in.
    pub async fn link(
        &self,
        caller: &Caller,
        link: &str,
        password: String,
        code: Option<String>,
        user_agent: Option<String>,
    ) -> Result<SignedIn, LinkError> {
        let (store, now) = (&self.sign_in.core.store, self.sign_in.core.now());
        let digest = self.sign_in.tokens.digest(link);
        let waiting = store.sso().link(&digest, now).await?;
        let waiting = waiting.ok_or(LinkError::Over)?;
        let user = store.users().find(waiting.user).await?;
        let user = user.ok_or(LinkError::Over)?;
        let credentials = Credentials {
            login: user.handle.as_str().to_owned(),
            password,
            code,
            user_agent: user_agent.clone(),
        };
        let (unit, proved) = self.sign_in.prove(caller, &credentials).await?;
        let taken = unit.sso().take_link(&digest, now).await?;
        if proved.id != waiting.user || taken.as_ref() != Some(&waiting) {
            return Err(LinkError::Over);
        }
        let (issuer, subject) = (&waiting.issuer, &waiting.subject);
        let added = unit.sso().add_identity(issuer, subject, proved.id, now);
        if !added.await? {
            return Err(LinkError::Over);
        }
        let resource = Resource::Account(proved.id);
        self.sign_in
            .core
            .audit_line(caller, Action::IdentityLinked, resource)
            .owned_by(proved.id)
            .by(proved.id)
            .write(&*unit)
            .await?;
        let name = proved.id.to_string();
        let started = self
            .sign_in
            .start(caller, unit, proved, user_agent, ProvedBy::Linked);
        let signed_in = started.await.map_err(SignInError::from)?;
        self.sign_in.reset_rate_limits(&name).await?;
        Ok(signed_in)
    }
}
