use async_trait::async_trait;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{SsoAttempt, SsoLink, SsoRepo};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;

const CONTEXT: &str = "keeping single sign-on";

#[async_trait]
impl SsoRepo for Tables {
    async fn add_attempt(&self, attempt: &SsoAttempt) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.sso_attempts.push(attempt.clone());
            Ok(())
        })
    }

    async fn take_attempt(
        &self,
        state: &Sha256,
        browser: &Sha256,
        now: Timestamp,
    ) -> Result<Option<SsoAttempt>, PortError> {
        self.write(CONTEXT, |tables| {
            let attempts = &mut tables.sso_attempts;
            let fits = |it: &SsoAttempt| {
                it.state == *state && it.browser == *browser && it.expires_at > now
            };
            Ok(attempts
                .iter()
                .position(fits)
                .map(|index| attempts.swap_remove(index)))
        })
    }

    async fn account(&self, issuer: &str, subject: &str) -> Result<Option<UserId>, PortError> {
        let name = (issuer.to_owned(), subject.to_owned());
        Ok(self.read(|state| state.sso_identities.get(&name).copied()))
    }

    async fn has_identity(&self, user: UserId) -> Result<bool, PortError> {
        Ok(self.read(|state| state.sso_identities.values().any(|it| *it == user)))
    }

    async fn add_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        _now: Timestamp,
    ) -> Result<bool, PortError> {
        let name = (issuer.to_owned(), subject.to_owned());
        self.write(CONTEXT, |state| {
            let free = !state.sso_identities.contains_key(&name);
            if free {
                state.sso_identities.insert(name, user);
            }
            Ok(free)
        })
    }

    async fn remove_identities(&self, user: UserId) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.sso_identities.retain(|_, it| *it != user);
            Ok(())
        })
    }

    async fn add_link(&self, digest: &Sha256, link: &SsoLink) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            let digest = digest.as_str().to_owned();
            state.sso_links.insert(digest, link.clone());
            Ok(())
        })
    }

    async fn link(&self, digest: &Sha256, now: Timestamp) -> Result<Option<SsoLink>, PortError> {
        Ok(self.read(|state| {
            let link = state.sso_links.get(digest.as_str()).cloned();
            link.filter(|link| link.expires_at > now)
        }))
    }

    async fn take_link(
        &self,
        digest: &Sha256,
        now: Timestamp,
    ) -> Result<Option<SsoLink>, PortError> {
        self.write(CONTEXT, |state| {
            let link = state.sso_links.remove(digest.as_str());
            Ok(link.filter(|link| link.expires_at > now))
        })
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        self.write(CONTEXT, |state| {
            let count = state.sso_attempts.len() + state.sso_links.len();
            state.sso_attempts.retain(|it| it.expires_at >= before);
            state.sso_links.retain(|_, it| it.expires_at >= before);
            let left = state.sso_attempts.len() + state.sso_links.len();
            Ok((count - left) as u64)
        })
    }
}
