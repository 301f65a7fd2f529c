use std::net::IpAddr;

use async_trait::async_trait;
use docuvault_domain::accounts::{Session, User};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{SessionId, UserId};
use docuvault_domain::ports::{Lifetimes, Rotation, SessionRepo};
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, Value};

use super::users;
use crate::sql::{Fields, SqlRepos, maybe_text, text, time};

const CONTEXT: &str = "keeping sessions";

/// In the order of [`session`].
const COLUMNS: &str = "sessions.id, sessions.user_id, sessions.user_agent, sessions.address, \
    sessions.created_at, sessions.last_used_at, sessions.confirmed_at, sessions.expires_at, \
    sessions.single_sign_on";

const LIVE: &str = "sessions.ended_at IS NULL AND sessions.expires_at > $2";

fn session(fields: &mut Fields<'_>) -> Result<Session, DbErr> {
    Ok(Session {
        id: SessionId(fields.get()?),
        user: UserId(fields.get()?),
        user_agent: fields.get()?,
        address: fields.maybe_parsed(|address| address.parse().ok())?,
        created_at: fields.time()?,
        last_used_at: fields.time()?,
        confirmed_at: fields.time()?,
        expires_at: fields.time()?,
        single_sign_on: fields.flag()?,
    })
}

fn address_text(address: Option<IpAddr>) -> Value {
    maybe_text(address.map(|address| address.to_string()).as_deref())
}

impl<C: ConnectionTrait + Send> SqlRepos<C> {
    /// Notes that the person was here at `now`.
    pub(super) async fn note_seen(&self, user: UserId, now: Timestamp) -> Result<(), PortError> {
        let sql = "UPDATE users SET last_seen_at = $2 WHERE id = $1 \
                   AND (last_seen_at IS NULL OR last_seen_at < $2)";
        self.execute(CONTEXT, sql, vec![user.0.into(), time(now)])
            .await?;
        Ok(())
    }

    async fn add_token(
        &self,
        session: SessionId,
        token: &Sha256,
        now: Timestamp,
    ) -> Result<(), PortError> {
        let sql =
            "INSERT INTO refresh_tokens (token_hash, session_id, created_at) VALUES ($1, $2, $3)";
        let values = vec![text(token.as_str()), session.0.into(), time(now)];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    /// The live session of a live person that once had `token`.
    async fn session_of(
        &self,
        token: &Sha256,
        now: Timestamp,
    ) -> Result<Option<Session>, PortError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM refresh_tokens \
             JOIN sessions ON sessions.id = refresh_tokens.session_id \
             JOIN users ON users.id = sessions.user_id \
             WHERE refresh_tokens.token_hash = $1 AND {LIVE} AND users.disabled_at IS NULL"
        );
        let values = vec![text(token.as_str()), time(now)];
        self.one(CONTEXT, sql, values, session).await
    }
}

#[async_trait]
impl<C: ConnectionTrait + Send> SessionRepo for SqlRepos<C> {
    async fn begin(&self, session: &Session, token: &Sha256) -> Result<(), PortError> {
        let sql = "INSERT INTO sessions (id, user_id, user_agent, address, created_at, \
                   last_used_at, confirmed_at, expires_at, single_sign_on) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = vec![
            session.id.0.into(),
            session.user.0.into(),
            maybe_text(session.user_agent.as_deref()),
            address_text(session.address),
            time(session.created_at),
            time(session.last_used_at),
            time(session.confirmed_at),
            time(session.expires_at),
            session.single_sign_on.into(),
        ];
        self.execute(CONTEXT, sql, values).await?;
        self.note_seen(session.user, session.last_used_at).await?;
        self.add_token(session.id, token, session.created_at).await
    }

    async fn rotate(
        &self,
        presented: &Sha256,
        next: &Sha256,
        now: Timestamp,
        lifetimes: Lifetimes,
        address: Option<IpAddr>,
    ) -> Result<Rotation, PortError> {
        // Of many at once one finds it unused; on PostgreSQL the others wait here for the first.
        let sql =
            "UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL";
        let values = vec![text(presented.as_str()), time(now)];
        let first = self.execute(CONTEXT, sql, values).await? == 1;
        let Some(mut session) = self.session_of(presented, now).await? else {
            return Ok(Rotation::Unknown);
        };
        if !first {
            // It ends once, so that it is told once.
            let ended = self.end(session.user, session.id, now).await?;
            return Ok(if ended {
                Rotation::Reused(session)
            } else {
                Rotation::Unknown
            });
        }
        // The account before its sessions, as everybody locks them.
        self.note_seen(session.user, now).await?;
        session.last_used_at = now;
        session.expires_at = lifetimes.end(session.created_at, now);
        session.address = address;
        let sql =
            "UPDATE sessions SET last_used_at = $2, expires_at = $3, address = $4 WHERE id = $1";
        let values = vec![
            session.id.0.into(),
            time(now),
            time(session.expires_at),
            address_text(address),
        ];
        self.execute(CONTEXT, sql, values).await?;
        self.add_token(session.id, next, now).await?;
        Ok(Rotation::Rotated(session))
    }

    async fn live(
        &self,
        id: SessionId,
        now: Timestamp,
    ) -> Result<Option<(Session, User)>, PortError> {
        let sql = format!(
            "SELECT {COLUMNS}, {} FROM sessions JOIN users ON users.id = sessions.user_id \
             WHERE sessions.id = $1 AND {LIVE} AND users.disabled_at IS NULL",
            users::COLUMNS
        );
        let row = |fields: &mut Fields<'_>| Ok((session(fields)?, users::user(fields)?));
        self.one(CONTEXT, sql, vec![id.0.into(), time(now)], row)
            .await
    }

    async fn list(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, PortError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM sessions WHERE sessions.user_id = $1 AND {LIVE} \
             ORDER BY sessions.last_used_at DESC, sessions.id DESC"
        );
        let values = vec![user.0.into(), time(now)];
        self.all(CONTEXT, sql, values, session).await
    }

    async fn confirm(&self, id: SessionId, now: Timestamp) -> Result<(), PortError> {
        let sql = "UPDATE sessions SET confirmed_at = $2 WHERE id = $1";
        self.execute(CONTEXT, sql, vec![id.0.into(), time(now)])
            .await?;
        Ok(())
    }

    async fn devices(
        &self,
        user: UserId,
        since: Timestamp,
    ) -> Result<Vec<(Option<String>, Option<IpAddr>)>, PortError> {
        let sql = "SELECT user_agent, address FROM sessions \
                   WHERE user_id = $1 AND created_at >= $2 \
                   ORDER BY created_at DESC, id DESC LIMIT 1000";
        let values = vec![user.0.into(), time(since)];
        let row = |fields: &mut Fields<'_>| {
            Ok((
                fields.get()?,
                fields.maybe_parsed(|address| address.parse().ok())?,
            ))
        };
        self.all(CONTEXT, sql, values, row).await
    }

    async fn end(&self, user: UserId, id: SessionId, now: Timestamp) -> Result<bool, PortError> {
        let sql =
            format!("UPDATE sessions SET ended_at = $2 WHERE id = $1 AND user_id = $3 AND {LIVE}");
        let values = vec![id.0.into(), time(now), user.0.into()];
        Ok(self.execute(CONTEXT, sql, values).await? == 1)
    }

    async fn end_by_token(
        &self,
        token: &Sha256,
        now: Timestamp,
    ) -> Result<Option<Session>, PortError> {
        let Some(session) = self.session_of(token, now).await? else {
            return Ok(None);
        };
        let ended = self.end(session.user, session.id, now).await?;
        Ok(ended.then_some(session))
    }

    async fn end_all(
        &self,
        user: UserId,
        kept: Option<SessionId>,
        now: Timestamp,
    ) -> Result<u64, PortError> {
        let others = if kept.is_some() { "AND id <> $3" } else { "" };
        let sql =
            format!("UPDATE sessions SET ended_at = $2 WHERE user_id = $1 AND {LIVE} {others}");
        let mut values = vec![user.0.into(), time(now)];
        values.extend(kept.map(|kept| Value::from(kept.0)));
        self.execute(CONTEXT, sql, values).await
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        let sql = "DELETE FROM sessions WHERE expires_at < $1 OR ended_at < $1";
        self.execute(CONTEXT, sql, vec![time(before)]).await
    }
}
