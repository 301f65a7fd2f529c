use async_trait::async_trait;
use docuvault_domain::accounts::{Email, Invite, Role};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{InviteId, UserId};
use docuvault_domain::ports::InviteRepo;
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr};

use crate::sql::{Fields, SqlRepos, maybe_text, maybe_time, text, time};

const CONTEXT: &str = "keeping invitations";

/// In the order of [`invite`].
const COLUMNS: &str = "id, email, role, created_by, created_at, expires_at, used_at";

fn invite(fields: &mut Fields<'_>) -> Result<Invite, DbErr> {
    Ok(Invite {
        id: InviteId(fields.get()?),
        email: fields.maybe_parsed(|email| Email::parse(email).ok())?,
        role: fields.parsed(Role::parse)?,
        created_by: fields.get::<Option<_>>()?.map(UserId),
        created_at: fields.time()?,
        expires_at: fields.time()?,
        used_at: fields.maybe_time()?,
    })
}

#[async_trait]
impl<C: ConnectionTrait + Send> InviteRepo for SqlRepos<C> {
    async fn add(&self, invite: &Invite, digest: &Sha256) -> Result<(), PortError> {
        let sql = "INSERT INTO invites (id, token_hash, email, role, created_by, created_at, \
                   expires_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = vec![
            invite.id.0.into(),
            text(digest.as_str()),
            maybe_text(invite.email.as_ref().map(Email::as_str)),
            text(invite.role.as_str()),
            invite.created_by.map(|user| user.0).into(),
            time(invite.created_at),
            time(invite.expires_at),
            maybe_time(invite.used_at),
        ];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn list(&self) -> Result<Vec<Invite>, PortError> {
        let sql = format!("SELECT {COLUMNS} FROM invites ORDER BY created_at DESC, id DESC");
        self.all(CONTEXT, sql, vec![], invite).await
    }

    async fn find(&self, digest: &Sha256, now: Timestamp) -> Result<Option<Invite>, PortError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM invites \
             WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2"
        );
        let values = vec![text(digest.as_str()), time(now)];
        self.one(CONTEXT, sql, values, invite).await
    }

    async fn take(&self, id: InviteId, user: UserId, now: Timestamp) -> Result<bool, PortError> {
        let sql = "UPDATE invites SET used_at = $3, used_by = $2 \
                   WHERE id = $1 AND used_at IS NULL AND expires_at > $3";
        let values = vec![id.0.into(), user.0.into(), time(now)];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn remove(&self, id: InviteId) -> Result<bool, PortError> {
        let sql = "DELETE FROM invites WHERE id = $1";
        Ok(self.execute(CONTEXT, sql, vec![id.0.into()]).await? == 1)
    }

    async fn remove_open_of(&self, user: UserId) -> Result<u64, PortError> {
        let sql = "DELETE FROM invites WHERE created_by = $1 AND used_at IS NULL";
        self.execute(CONTEXT, sql, vec![user.0.into()]).await
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        let sql = "DELETE FROM invites WHERE expires_at < $1 OR used_at < $1";
        self.execute(CONTEXT, sql, vec![time(before)]).await
    }
}
