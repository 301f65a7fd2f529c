use super::{SingleSignOn, SingleSignOnError};
use crate::accounts::{DisplayName, Email, Handle, Password, Role, User};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::ids::UserId;
use crate::ports::{AccountConflict, Claims, UnitOfWork};
use crate::topics::starter_topics;

/// Handles that are tried before it is given up.
const HANDLES_TRIED: u32 = 20;

impl SingleSignOn {
    /// Makes an account for a newcomer in a unit of work that is open still. `None` when none is to be
    /// made: an empty vault waits for whoever has the setup code.
    pub(super) async fn join(
        &self,
        caller: &Caller,
        claims: &Claims,
        email: Email,
    ) -> Result<Option<(Box<dyn UnitOfWork>, User)>, SingleSignOnError> {
        let sign_in = &self.sign_in;
        if !self.policy.create_accounts || !sign_in.core.store.users().any().await? {
            return Ok(None);
        }
        let password = Password::nobodys(&*sign_in.tokens);
        let hash = sign_in.hasher.hash(&password).await?;
        let now = sign_in.core.now();
        let unit = sign_in.core.begin().await?;
        let base = handle_base(claims, &email);
        let id = UserId(sign_in.core.ids.v7());
        let mut user = User::new(id, base.clone(), email, Role::User, now);
        if let Some(Ok(name)) = claims.name.as_deref().map(DisplayName::parse) {
            name.as_str().clone_into(&mut user.display_name);
        }
        for n in 2..=HANDLES_TRIED {
            match unit.users().add(&user, &hash, self.limit_bytes).await {
                Ok(()) => {
                    let topics = starter_topics(
                        user.id,
                        self.language,
                        &*sign_in.core.clock,
                        &*sign_in.core.ids,
                    );
                    unit.topics().add(&topics).await?;
                    let linked =
                        unit.sso()
                            .add_identity(&claims.issuer, &claims.subject, user.id, now);
                    if !linked.await? {
                        // They came twice at the same time.
                        return Err(SingleSignOnError::Failed);
                    }
                    let resource = Resource::Account(user.id);
                    let mut line =
                        self.sign_in
                            .core
                            .audit_line(caller, Action::AccountCreated, resource);
                    line.owner = user.id;
                    line.write(&*unit).await?;
                    return Ok(Some((unit, user)));
                }
                Err(AccountConflict::Handle) => user.handle = numbered(&base, n),
                Err(AccountConflict::Email) => return Err(SingleSignOnError::Failed),
                Err(AccountConflict::Port(error)) => return Err(error.into()),
            }
        }
        Err(SingleSignOnError::Failed)
    }
}

/// A handle made of what the provider calls the person, or of their address.
fn handle_base(claims: &Claims, email: &Email) -> Handle {
    let names = [claims.username.as_deref(), Some(email.as_str())];
    let mut handles = names.into_iter().flatten().map(|name| {
        let local = name.split('@').next().unwrap_or_default();
        let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let fitting: String = local.chars().filter(fits).take(28).collect();
        Handle::parse(fitting.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
    });
    let handle = handles.find_map(Result::ok);
    handle.unwrap_or_else(Handle::somebody)
}

fn numbered(base: &Handle, n: u32) -> Handle {
    Handle::parse(&format!("{}-{n}", base.as_str())).unwrap_or_else(|_| Handle::somebody())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_made_of_the_username_or_the_address() {
        let made = |username: Option<&str>, email: &str| {
            let claims = Claims {
                username: username.map(str::to_owned),
                ..Claims::default()
            };
            let handle = handle_base(&claims, &Email::parse(email).unwrap());
            handle.as_str().to_owned()
        };
        assert_eq!(made(Some("Ada"), "x@example.org"), "Ada");
        assert_eq!(made(Some("ada@corp.example"), "x@example.org"), "ada");
        assert_eq!(made(Some("Jörg Müller"), "x@example.org"), "JrgMller");
        assert_eq!(made(Some("王"), "grace@example.org"), "grace");
        assert_eq!(made(None, "grace.hopper+x@example.org"), "grace.hopperx");
        assert_eq!(made(None, "a@example.org"), "somebody");
        assert_eq!(made(Some(&"x".repeat(60)), "a@example.org").len(), 28);
        let base = Handle::parse("ada").unwrap();
        assert_eq!(numbered(&base, 2).as_str(), "ada-2");
    }
}
