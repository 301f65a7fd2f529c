use std::fmt::Write;

use async_trait::async_trait;
use docuvault_domain::accounts::{
    AccountFilter, AccountOverview, AccountQuery, Email, Handle, Role, User,
};
use docuvault_domain::ids::UserId;
use docuvault_domain::page::Page;
use docuvault_domain::ports::{AccountConflict, PasswordHash, UserRepo};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, Value};

use crate::dialect::for_update;
use crate::sql::{Fields, SqlRepos, containing, count, maybe_text, maybe_time, number, text, time};

const CONTEXT: &str = "keeping accounts";

/// In the order of [`user`]. The second factor is on once it has matched a first time.
pub(super) const COLUMNS: &str = "users.id, users.email, users.handle, users.display_name, \
    users.role, users.totp_last_step, users.locale, users.disabled_at, users.created_at, \
    users.updated_at";

/// Neither deleted nor the unclaimed one, which has no names.
pub(super) const PRESENT: &str = "users.deleted_at IS NULL AND users.handle_key <> ''";

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

impl<C: ConnectionTrait + Send> SqlRepos<C> {
    /// Whether somebody else once had the handle of `user`.
    async fn is_retired(&self, user: &User) -> Result<bool, PortError> {
        let sql = "SELECT 1 FROM retired_handles WHERE handle_key = $1 AND user_id <> $2";
        let values = vec![text(&user.handle.key()), user.id.0.into()];
        let found = self.one(CONTEXT, sql, values, |_| Ok(())).await?;
        Ok(found.is_some())
    }

    /// Which of the names of `user` another account has.
    async fn taken(&self, user: &User) -> Result<Option<AccountConflict>, PortError> {
        let sql = "SELECT handle_key FROM users WHERE id <> $1 AND (handle_key = $2 OR email_key = $3) \
                   ORDER BY CASE WHEN handle_key = $2 THEN 0 ELSE 1 END LIMIT 1";
        let key = user.handle.key();
        let values = vec![user.id.0.into(), text(&key), text(&user.email.key())];
        let is_handle = |fields: &mut Fields<'_>| Ok(fields.get::<String>()? == key);
        let found = self.one(CONTEXT, sql, values, is_handle).await?;
        if found != Some(true) && self.is_retired(user).await? {
            return Ok(Some(AccountConflict::Handle));
        }
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
        let sql = "SELECT 1 FROM users WHERE handle_key <> '' LIMIT 1";
        let found = self.one(CONTEXT, sql, vec![], |_| Ok(())).await?;
        Ok(found.is_some())
    }

    async fn unclaimed(&self) -> Result<Option<UserId>, PortError> {
        let sql = "SELECT id FROM users WHERE handle_key = ''";
        self.one(CONTEXT, sql, vec![], |fields| Ok(UserId(fields.get()?)))
            .await
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
        let take_over = "UPDATE users SET email = $2, email_key = $3, handle = $4, handle_key = $5, \
                         display_name = $6, password_hash = $7, role = $8, locale = $9, \
                         disabled_at = $10, created_at = $11, updated_at = $12 \
                         WHERE id = $1 AND handle_key = ''";
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
        // Asked first, and once more where nobody can give the handle up any more.
        if self.is_retired(user).await? {
            return Err(AccountConflict::Handle);
        }
        let claimed = self.execute(CONTEXT, take_over, values.clone()).await? > 0;
        if !claimed && self.execute(CONTEXT, sql, values).await? == 0 {
            // Nobody has the names any more: whoever had them went in between.
            let gone = || PortError::transient(CONTEXT, "the conflict is gone").into();
            return Err(self.taken(user).await?.unwrap_or_else(gone));
        }
        if !claimed && self.is_retired(user).await? {
            let sql = "DELETE FROM users WHERE id = $1";
            self.execute(CONTEXT, sql, vec![user.id.0.into()]).await?;
            return Err(AccountConflict::Handle);
        }
        let sql = "INSERT INTO quotas (user_id, limit_bytes) VALUES ($1, $2) \
                   ON CONFLICT (user_id) DO UPDATE SET limit_bytes = excluded.limit_bytes";
        let values = vec![user.id.0.into(), number(limit_bytes)];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn find(&self, id: UserId) -> Result<Option<User>, PortError> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1 AND {PRESENT}");
        self.one(CONTEXT, sql, vec![id.0.into()], user).await
    }

    async fn lock(&self, id: UserId) -> Result<Option<User>, PortError> {
        let lock = for_update(self.0.get_database_backend());
        let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1 AND {PRESENT}{lock}");
        self.one(CONTEXT, sql, vec![id.0.into()], user).await
    }

    async fn find_by_email(&self, email: &Email) -> Result<Option<User>, PortError> {
        let sql = format!("SELECT {COLUMNS} FROM users WHERE email_key = $1 AND {PRESENT}");
        self.one(CONTEXT, sql, vec![text(&email.key())], user).await
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<(User, PasswordHash)>, PortError> {
        let sql = format!(
            "SELECT {COLUMNS}, users.password_hash FROM users \
             WHERE (handle_key = $1 OR email_key = $1) AND {PRESENT}"
        );
        let key = text(&login.trim().to_ascii_lowercase());
        let row = |fields: &mut Fields<'_>| Ok((user(fields)?, PasswordHash(fields.get()?)));
        self.one(CONTEXT, sql, vec![key], row).await
    }

    async fn update(&self, user: &User) -> Result<(), AccountConflict> {
        // Asked first: on PostgreSQL a broken rule ends the whole transaction.
        if let Some(taken) = self.taken(user).await? {
            return Err(taken);
        }
        let retire = "INSERT INTO retired_handles (handle_key, user_id) \
                      SELECT handle_key, id FROM users WHERE id = $1 AND handle_key <> $2 \
                      ON CONFLICT DO NOTHING";
        let values = vec![user.id.0.into(), text(&user.handle.key())];
        self.execute(CONTEXT, retire, values).await?;
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
        self.execute(CONTEXT, sql, values).await?;
        if self.is_retired(user).await? {
            return Err(AccountConflict::Handle);
        }
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
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn password(&self, id: UserId) -> Result<Option<PasswordHash>, PortError> {
        let sql = "SELECT password_hash FROM users WHERE id = $1 AND deleted_at IS NULL";
        let row = |fields: &mut Fields<'_>| Ok(PasswordHash(fields.get()?));
        self.one(CONTEXT, sql, vec![id.0.into()], row).await
    }

    async fn lock_administrators(&self) -> Result<Vec<UserId>, PortError> {
        let lock = for_update(self.0.get_database_backend());
        let sql = format!(
            "SELECT id FROM users WHERE role = 'admin' AND disabled_at IS NULL AND {PRESENT} \
             ORDER BY id{lock}"
        );
        self.all(CONTEXT, sql, vec![], |fields| Ok(UserId(fields.get()?)))
            .await
    }

    async fn set_limit(&self, id: UserId, limit_bytes: u64) -> Result<(), PortError> {
        let sql = "UPDATE quotas SET limit_bytes = $2 WHERE user_id = $1";
        let values = vec![id.0.into(), number(limit_bytes)];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn overview(&self, id: UserId) -> Result<Option<AccountOverview>, PortError> {
        let sql = format!("{} AND users.id = $1", overviews());
        self.one(CONTEXT, sql, vec![id.0.into()], overview).await
    }

    async fn list(&self, query: &AccountQuery) -> Result<Page<AccountOverview, Handle>, PortError> {
        let (mut condition, mut values) = filtered(&query.filter);
        if let Some(after) = &query.after {
            values.push(text(&after.key()));
            let _ = write!(condition, " AND users.handle_key > ${}", values.len());
        }
        values.push(number(query.limit.get() + 1));
        let limit = values.len();
        let sql = format!(
            "{}{condition} ORDER BY users.handle_key LIMIT ${limit}",
            overviews()
        );
        let found = self.all(CONTEXT, sql, values, overview).await?;
        Ok(Page::cut(found, query.limit, |last| {
            last.user.handle.clone()
        }))
    }

    async fn count(&self, filter: &AccountFilter) -> Result<u64, PortError> {
        let (condition, values) = filtered(filter);
        let sql = format!("SELECT COUNT(*) FROM users WHERE {PRESENT}{condition}");
        let counted = self.one(CONTEXT, sql, values, count).await?;
        Ok(counted.unwrap_or_default())
    }

    async fn mark_deleted(&self, id: UserId, now: Timestamp) -> Result<bool, PortError> {
        let retire = format!(
            "INSERT INTO retired_handles (handle_key, user_id) \
             SELECT handle_key, id FROM users WHERE id = $1 AND {PRESENT} ON CONFLICT DO NOTHING"
        );
        self.execute(CONTEXT, retire, vec![id.0.into()]).await?;
        // The key is no handle and no address, and nobody else's.
        let sql = format!(
            "UPDATE users SET email = '', email_key = $2, handle = '', handle_key = $2, \
             display_name = '', password_hash = '', totp_secret = NULL, totp_last_step = NULL, \
             locale = NULL, disabled_at = $3, deleted_at = $3, updated_at = $3 \
             WHERE id = $1 AND {PRESENT}"
        );
        let values = vec![id.0.into(), text(&format!("deleted:{id}")), time(now)];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn deleted(&self, limit: u32) -> Result<Vec<UserId>, PortError> {
        let sql = "SELECT id FROM users WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT $1";
        self.all(CONTEXT, sql, vec![number(limit)], |fields| {
            Ok(UserId(fields.get()?))
        })
        .await
    }

    async fn remove(&self, id: UserId) -> Result<(), PortError> {
        let deleted = "(SELECT id FROM users WHERE id = $1 AND deleted_at IS NOT NULL)";
        // Vectors go with their topics; the rest with the account.
        for sql in [
            format!("DELETE FROM shares WHERE owner_id IN {deleted} OR recipient_id IN {deleted}"),
            format!("DELETE FROM topics WHERE user_id IN {deleted}"),
            format!("DELETE FROM folders WHERE user_id IN {deleted}"),
            format!("DELETE FROM idempotency_keys WHERE user_id IN {deleted}"),
            "DELETE FROM users WHERE id = $1 AND deleted_at IS NOT NULL".to_owned(),
        ] {
            self.execute(CONTEXT, sql, vec![id.0.into()]).await?;
        }
        Ok(())
    }
}

/// All accounts that are there, with what administrators see of them.
fn overviews() -> String {
    format!(
        "SELECT {COLUMNS}, users.last_seen_at, COALESCE(quotas.used_bytes, 0), \
         COALESCE(quotas.limit_bytes, 0), \
         (SELECT COUNT(*) FROM documents WHERE documents.user_id = users.id) \
         FROM users LEFT JOIN quotas ON quotas.user_id = users.id WHERE {PRESENT}"
    )
}

fn overview(fields: &mut Fields<'_>) -> Result<AccountOverview, DbErr> {
    Ok(AccountOverview {
        user: user(fields)?,
        last_seen_at: fields.maybe_time()?,
        used_bytes: fields.number()?,
        limit_bytes: fields.number()?,
        documents: fields.number()?,
    })
}

fn filtered(filter: &AccountFilter) -> (String, Vec<Value>) {
    let (mut sql, mut values) = (String::new(), Vec::new());
    if let Some(wanted) = &filter.text {
        values.push(text(&containing(wanted)));
        sql += r" AND (users.handle_key LIKE $1 ESCAPE '\' OR users.email_key LIKE $1 ESCAPE '\'
            OR lower(users.display_name) LIKE $1 ESCAPE '\')";
    }
    if let Some(role) = filter.role {
        values.push(text(role.as_str()));
        let _ = write!(sql, " AND users.role = ${}", values.len());
    }
    match filter.disabled {
        Some(true) => sql += " AND users.disabled_at IS NOT NULL",
        Some(false) => sql += " AND users.disabled_at IS NULL",
        None => {}
    }
    (sql, values)
}
