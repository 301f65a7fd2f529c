use std::sync::Arc;

use thiserror::Error;

use super::{Email, Handle, User};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::mail::{Notice, Outbox, Recipient};
use crate::ports::AccountConflict;

/// Changes what a person says of themselves.
pub struct EditProfile {
    /// Database, clock and ids.
    pub core: Core,
    /// Takes notices.
    pub outbox: Arc<Outbox>,
}

/// What to change; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileEdits {
    /// What to call the person.
    pub display_name: Option<DisplayName>,
    /// How others name them.
    pub handle: Option<Handle>,
    /// Where mail goes.
    pub email: Option<Email>,
    /// A BCP 47 tag.
    pub locale: Option<Locale>,
}

/// What to call a person: 1 to 80 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayName(String);

/// The name was empty, too long or had control characters.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("A name has 1 to 80 characters on one line.")]
pub struct InvalidDisplayName;

impl DisplayName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks a name that a person typed.
    pub fn parse(text: &str) -> Result<Self, InvalidDisplayName> {
        one_line(text).map(Self).ok_or(InvalidDisplayName)
    }
}

/// A name of 1 to 80 characters without the spaces around it.
pub(super) fn one_line(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = (1..=80).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

/// A language, with or without a region, as in BCP 47: `de`, `en-GB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale(String);

/// Not a language tag.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("A language is written like de or en-GB.")]
pub struct InvalidLocale;

impl Locale {
    /// Checks the shape; which of them the web app speaks is its own affair.
    pub fn parse(text: &str) -> Result<Self, InvalidLocale> {
        let mut parts = text.split('-');
        let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
        let language = parts.next().unwrap_or_default();
        let fits = (2..=3).contains(&language.len())
            && letters(language)
            && text.len() <= 35
            && parts.all(|part| {
                (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
            });
        fits.then(|| Self(text.to_owned())).ok_or(InvalidLocale)
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a profile stays as it is.
#[derive(Debug, Error)]
pub enum EditProfileError {
    /// Somebody has the handle.
    #[error("This handle is taken. Choose another one.")]
    HandleTaken,
    /// Somebody has an account with this address.
    #[error("There is an account with this e-mail address already.")]
    EmailTaken,
    /// Nobody is signed in any more.
    #[error("You have been signed out. Please sign in again.")]
    SignedOut,
    /// A port failed.
    #[error(transparent)]
    Port(#[from] PortError),
}

impl From<AccountConflict> for EditProfileError {
    fn from(conflict: AccountConflict) -> Self {
        match conflict {
            AccountConflict::Handle => Self::HandleTaken,
            AccountConflict::Email => Self::EmailTaken,
            AccountConflict::Port(error) => Self::Port(error),
        }
    }
}

impl EditProfile {
    /// Changes the caller's own account; all of the edits or none.
    pub async fn run(
        &self,
        caller: &Caller,
        edits: ProfileEdits,
    ) -> Result<User, EditProfileError> {
        let (id, _) = caller.session().ok_or(EditProfileError::SignedOut)?;
        let unit = self.core.begin().await?;
        let user = unit.users().find(id).await?;
        let mut user = user.ok_or(EditProfileError::SignedOut)?;
        let before = user.clone();
        if let Some(DisplayName(name)) = edits.display_name {
            user.display_name = name;
        }
        if let Some(handle) = edits.handle {
            user.handle = handle;
        }
        if let Some(email) = edits.email {
            user.email = email;
        }
        if let Some(Locale(locale)) = edits.locale {
            user.locale = Some(locale);
        }
        if user == before {
            return Ok(user);
        }
        user.updated_at = self.core.now();
        unit.users().update(&user).await?;
        self.core
            .audit_line(caller, Action::AccountEdited, Resource::Account(id))
            .write(&*unit)
            .await?;
        if user.email.key() != before.email.key() {
            let to = user.email.as_str();
            for email in [&before.email, &user.email] {
                let recipient = Recipient {
                    email,
                    ..Recipient::from(&user)
                };
                let notice = Notice::EmailChanged { to };
                self.outbox
                    .notify_at(&*unit, caller, recipient, notice)
                    .await?;
            }
            // A link that went to the old address opens nothing any more.
            unit.resets().remove(id).await?;
        }
        unit.commit().await?;
        Ok(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_and_locales_are_parsed_by_their_rules() {
        assert_eq!(DisplayName::parse(" Ada L. ").unwrap().0, "Ada L.");
        for bad in ["", "  ", "a\nb", &"a".repeat(81)] {
            assert_eq!(DisplayName::parse(bad), Err(InvalidDisplayName), "{bad:?}");
        }
        for good in ["de", "en-GB", "zh-Hant-TW", "gsw"] {
            assert_eq!(Locale::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "d",
            "de_AT",
            "de-",
            "german",
            "en-GB\r\n",
            "de-\u{e4}\u{e4}",
        ] {
            assert_eq!(Locale::parse(bad), Err(InvalidLocale), "{bad:?}");
        }
    }
}
