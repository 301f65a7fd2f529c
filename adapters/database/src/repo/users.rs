use async_trait::async_trait;
use docuvault_domain::accounts::{Email, Handle, Role, User};
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{AccountConflict, PasswordHash, UserRepo};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, Value};

use crate::sql::{Fields, SqlRepos, maybe_text, number, text, time};

const DOING: &str = "keeping accounts";

/// In the order of [`user`]. The second factor is on once it has matched a first time.
pub(super) const COLUMNS: &str = "users.id, users.email, users.handle, users.display_name, \
    users.role, users.totp_last_step, users.locale, users.disabled_at, users.created_at, \
    users.updated_at";

pub(super) fn user(fields: &mut Fields<'_>) -> Result<User, DbErr> {
    Ok(User {
        id: UserId(fields.get()?),
        email: fields.parsed(|email| Email::parse(email).ok())?,
        handle: fields.parsed(|handle| Handle::parse(handle).ok())?,
        display_name: fields.get()?,
        role: fields.parsed(Role::parse)?,
        totp_enabled: fields.get::<Option<i64>>()?.is_some(),
        locale: fields.get()?,
        disabled_at: fields.maybe_time()?,
        created_at: fields.time()?,
        updated_at: fields.time()?,
    })
}

fn maybe_time(at: Option<Timestamp>) -> Value {
    at.map(Timestamp::as_micros).into()
}

impl<C: ConnectionTrait + Send> SqlRepos<C> {
    /// Which of the names of `user` another account has.
    async fn taken(&self, user: &User) -> Result<Option<AccountConflict>, PortError> {
        let sql = "SELECT handle_key FROM users WHERE id <> $1 AND (handle_key = $2 OR email_key = $3) \
                   ORDER BY CASE WHEN handle_key = $2 THEN 0 ELSE 1 END LIMIT 1";
        let key = user.handle.key();
        let values = vec![user.id.0.into(), text(&key), text(&user.email.key())];
        let is_handle = |fields: &mut Fields<'_>| Ok(fields.get::<String>()? == key);
        let found = self.one(DOING, sql, values, is_handle).await?;
        Ok(found.map(|handle| {
            if handle {
                AccountConflict::Handle
            } else {
                AccountConflict::Email
            }
        }))
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send> UserRepo for SqlRepos<C> {
    async fn any(&self) -> Result<bool, PortError> {
        let sql = "SELECT 1 FROM users LIMIT 1";
        let found = self.one(DOING, sql, vec![], |_| Ok(())).await?;
        Ok(found.is_some())
    }

    async fn add(
        &self,
        user: &User,
        password: &PasswordHash,
        limit_bytes: u64,
    ) -> Result<(), AccountConflict> {
        let sql = "INSERT INTO users (id, email, email_key, handle, handle_key, display_name, \
                   password_hash, role, locale, disabled_at, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING";
        let values = vec![
            user.id.0.into(),
            text(user.email.as_str()),
            text(&user.email.key()),
            text(user.handle.as_str()),
            text(&user.handle.key()),
            text(&user.display_name),
            text(&password.0),
            text(user.role.as_str()),
            maybe_text(user.locale.as_deref()),
            maybe_time(user.disabled_at),
            time(user.created_at),
            time(user.updated_at),
        ];
        if self.execute(DOING, sql, values).await? == 0 {
            // Nobody has the names any more: whoever had them went in between.
            let gone = || PortError::transient(DOING, "the conflict is gone").into();
            return Err(self.taken(user).await?.unwrap_or_else(gone));
        }
        let sql = "INSERT INTO quotas (user_id, limit_bytes) VALUES ($1, $2)";
        let values = vec![user.id.0.into(), number(limit_bytes)];
        self.execute(DOING, sql, values).await?;
        Ok(())
    }

    async fn find(&self, id: UserId) -> Result<Option<User>, PortError> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
        self.one(DOING, sql, vec![id.0.into()], user).await
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<(User, PasswordHash)>, PortError> {
        let sql = format!(
            "SELECT {COLUMNS}, users.password_hash FROM users WHERE handle_key = $1 OR email_key = $1"
        );
        let key = text(&login.trim().to_ascii_lowercase());
        let row = |fields: &mut Fields<'_>| Ok((user(fields)?, PasswordHash(fields.get()?)));
        self.one(DOING, sql, vec![key], row).await
    }

    async fn update(&self, user: &User) -> Result<(), AccountConflict> {
        // Asked first: on PostgreSQL a broken rule ends the whole transaction.
        if let Some(taken) = self.taken(user).await? {
            return Err(taken);
        }
        let sql = "UPDATE users SET email = $2, email_key = $3, handle = $4, handle_key = $5, \
                   display_name = $6, role = $7, locale = $8, disabled_at = $9, updated_at = $10 \
                   WHERE id = $1";
        let values = vec![
            user.id.0.into(),
            text(user.email.as_str()),
            text(&user.email.key()),
            text(user.handle.as_str()),
            text(&user.handle.key()),
            text(&user.display_name),
            text(user.role.as_str()),
            maybe_text(user.locale.as_deref()),
            maybe_time(user.disabled_at),
            time(user.updated_at),
        ];
        self.execute(DOING, sql, values).await?;
        Ok(())
    }

    async fn set_password(
        &self,
        id: UserId,
        password: &PasswordHash,
        now: Timestamp,
    ) -> Result<(), PortError> {
        let sql = "UPDATE users SET password_hash = $2, updated_at = $3 WHERE id = $1";
        let values = vec![id.0.into(), text(&password.0), time(now)];
        self.execute(DOING, sql, values).await?;
        Ok(())
    }

    async fn password(&self, id: UserId) -> Result<Option<PasswordHash>, PortError> {
        let sql = "SELECT password_hash FROM users WHERE id = $1";
        let row = |fields: &mut Fields<'_>| Ok(PasswordHash(fields.get()?));
        self.one(DOING, sql, vec![id.0.into()], row).await
    }
}
