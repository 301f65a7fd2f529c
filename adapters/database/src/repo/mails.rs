use async_trait::async_trait;
use docuvault_domain::accounts::Email;
use docuvault_domain::ids::MailId;
use docuvault_domain::ports::{MailRepo, QueuedMail};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};

use crate::dialect::skip_locked;
use crate::sql::{Fields, SqlRepos, number, text, time};

const CONTEXT: &str = "keeping mails";

fn claimed(fields: &mut Fields<'_>) -> Result<(QueuedMail, u32), DbErr> {
    let mail = QueuedMail {
        id: MailId(fields.get()?),
        to: fields.parsed(|email| Email::parse(email).ok())?,
        sealed: fields.get()?,
    };
    Ok((mail, fields.number()?))
}

#[async_trait]
impl<C: ConnectionTrait + Send> MailRepo for SqlRepos<C> {
    async fn enqueue(&self, mail: &QueuedMail, now: Timestamp) -> Result<(), PortError> {
        let sql = "INSERT INTO mails (id, recipient, sealed, attempts, due_at, created_at) \
                   VALUES ($1, $2, $3, 0, $4, $4)";
        let values = vec![
            mail.id.0.into(),
            text(mail.to.as_str()),
            mail.sealed.clone().into(),
            time(now),
        ];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn any_due(&self, now: Timestamp) -> Result<bool, PortError> {
        let sql = "SELECT 1 FROM mails WHERE due_at <= $1 LIMIT 1";
        let found = self.one(CONTEXT, sql, vec![time(now)], |_| Ok(())).await?;
        Ok(found.is_some())
    }

    async fn claim(
        &self,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<(QueuedMail, u32)>, PortError> {
        let sql = format!(
            "UPDATE mails SET due_at = $2, attempts = attempts + 1 WHERE id = \
             (SELECT id FROM mails WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1{}) \
             RETURNING id, recipient, sealed, attempts",
            skip_locked(self.0.get_database_backend())
        );
        let values = vec![time(now), time(until)];
        self.one(CONTEXT, sql, values, claimed).await
    }

    async fn retry(&self, id: MailId, attempt: u32, due_at: Timestamp) -> Result<(), PortError> {
        let sql = "UPDATE mails SET due_at = $3 WHERE id = $1 AND attempts = $2";
        let values = vec![id.0.into(), number(attempt), time(due_at)];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn remove(&self, id: MailId) -> Result<(), PortError> {
        let sql = "DELETE FROM mails WHERE id = $1";
        self.execute(CONTEXT, sql, vec![id.0.into()]).await?;
        Ok(())
    }
}
