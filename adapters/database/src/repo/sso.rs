use async_trait::async_trait;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{SsoAttempt, SsoLink, SsoRepo};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};

use crate::sql::{Fields, SqlRepos, text, time};

const CONTEXT: &str = "keeping single sign-on";

fn link(fields: &mut Fields<'_>) -> Result<SsoLink, DbErr> {
    Ok(SsoLink {
        issuer: fields.get()?,
        subject: fields.get()?,
        user: UserId(fields.get()?),
        expires_at: fields.time()?,
    })
}

#[async_trait]
impl<C: ConnectionTrait + Send> SsoRepo for SqlRepos<C> {
    async fn add_attempt(&self, attempt: &SsoAttempt) -> Result<(), PortError> {
        let sql = "INSERT INTO sso_attempts (id, state_hash, browser_hash, sealed, expires_at) \
                   VALUES ($1, $2, $3, $4, $5)";
        let values = vec![
            attempt.id.into(),
            text(attempt.state.as_str()),
            text(attempt.browser.as_str()),
            attempt.sealed.clone().into(),
            time(attempt.expires_at),
        ];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn take_attempt(
        &self,
        state: &Sha256,
        browser: &Sha256,
        now: Timestamp,
    ) -> Result<Option<SsoAttempt>, PortError> {
        let sql = "DELETE FROM sso_attempts \
                   WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > $3 \
                   RETURNING id, sealed, expires_at";
        let values = vec![text(state.as_str()), text(browser.as_str()), time(now)];
        self.one(CONTEXT, sql, values, |fields| {
            Ok(SsoAttempt {
                id: fields.get()?,
                state: state.clone(),
                browser: browser.clone(),
                sealed: fields.get()?,
                expires_at: fields.time()?,
            })
        })
        .await
    }

    async fn account(&self, issuer: &str, subject: &str) -> Result<Option<UserId>, PortError> {
        let sql = "SELECT user_id FROM sso_identities WHERE issuer = $1 AND subject = $2";
        let values = vec![text(issuer), text(subject)];
        self.one(CONTEXT, sql, values, |fields| Ok(UserId(fields.get()?)))
            .await
    }

    async fn has_identity(&self, user: UserId) -> Result<bool, PortError> {
        let sql = "SELECT 1 FROM sso_identities WHERE user_id = $1 LIMIT 1";
        let found = self.one(CONTEXT, sql, vec![user.0.into()], |_| Ok(()));
        Ok(found.await?.is_some())
    }

    async fn add_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        now: Timestamp,
    ) -> Result<bool, PortError> {
        let sql = "INSERT INTO sso_identities (issuer, subject, user_id, created_at) \
                   VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        let values = vec![text(issuer), text(subject), user.0.into(), time(now)];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn remove_identities(&self, user: UserId) -> Result<(), PortError> {
        let sql = "DELETE FROM sso_identities WHERE user_id = $1";
        self.execute(CONTEXT, sql, vec![user.0.into()]).await?;
        Ok(())
    }

    async fn add_link(&self, digest: &Sha256, link: &SsoLink) -> Result<(), PortError> {
        let sql = "INSERT INTO sso_links (token_hash, issuer, subject, user_id, expires_at) \
                   VALUES ($1, $2, $3, $4, $5)";
        let values = vec![
            text(digest.as_str()),
            text(&link.issuer),
            text(&link.subject),
            link.user.0.into(),
            time(link.expires_at),
        ];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn link(&self, digest: &Sha256, now: Timestamp) -> Result<Option<SsoLink>, PortError> {
        let sql = "SELECT issuer, subject, user_id, expires_at FROM sso_links \
                   WHERE token_hash = $1 AND expires_at > $2";
        let values = vec![text(digest.as_str()), time(now)];
        self.one(CONTEXT, sql, values, link).await
    }

    async fn take_link(
        &self,
        digest: &Sha256,
        now: Timestamp,
    ) -> Result<Option<SsoLink>, PortError> {
        let sql = "DELETE FROM sso_links WHERE token_hash = $1 AND expires_at > $2 \
                   RETURNING issuer, subject, user_id, expires_at";
        let values = vec![text(digest.as_str()), time(now)];
        self.one(CONTEXT, sql, values, link).await
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        let mut gone = 0;
        for table in ["sso_attempts", "sso_links"] {
            let sql = format!("DELETE FROM {table} WHERE expires_at < $1");
            gone += self.execute(CONTEXT, sql, vec![time(before)]).await?;
        }
        Ok(gone)
    }
}
