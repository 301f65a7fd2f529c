use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::net::IpAddr;

use async_trait::async_trait;
use docuvault_domain::accounts::{Session, User};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{SessionId, UserId};
use docuvault_domain::ports::{Lifetimes, Rotation, SessionRepo};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::{SessionEntry, State};

const CONTEXT: &str = "keeping sessions";

impl SessionEntry {
    /// Now, or once.
    fn has(&self, token: &Sha256) -> bool {
        self.current == *token || self.used.contains(token.as_str())
    }

    fn is_live(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.row.expires_at > now
    }
}

pub(super) fn person(state: &State, id: UserId) -> Option<&User> {
    let user = &state.users.get(&id)?.0;
    user.disabled_at.is_none().then_some(user)
}

#[async_trait]
impl SessionRepo for Tables {
    async fn begin(&self, session: &Session, token: &Sha256) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            let entry = SessionEntry {
                row: session.clone(),
                ended: None,
                current: token.clone(),
                used: BTreeSet::new(),
            };
            state.sessions.insert(session.id, entry);
            state.note_seen(session.user, session.last_used_at);
            Ok(())
        })
    }

    async fn rotate(
        &self,
        presented: &Sha256,
        next: &Sha256,
        now: Timestamp,
        lifetimes: Lifetimes,
        address: Option<IpAddr>,
    ) -> Result<Rotation, PortError> {
        self.write(CONTEXT, |state| {
            let found = state.sessions.values().find(|entry| entry.has(presented));
            let Some(found) = found
                .filter(|entry| entry.is_live(now) && person(state, entry.row.user).is_some())
                .map(|entry| entry.row.id)
            else {
                return Ok(Rotation::Unknown);
            };
            let Some(entry) = state.sessions.get_mut(&found) else {
                return Ok(Rotation::Unknown);
            };
            if entry.current != *presented {
                entry.ended = Some(now);
                return Ok(Rotation::Reused(entry.row.clone()));
            }
            entry.used.insert(presented.as_str().to_owned());
            entry.current = next.clone();
            entry.row.last_used_at = now;
            entry.row.expires_at = lifetimes.end(entry.row.created_at, now);
            entry.row.address = address;
            let row = entry.row.clone();
            state.note_seen(row.user, now);
            Ok(Rotation::Rotated(row))
        })
    }

    async fn live(
        &self,
        id: SessionId,
        now: Timestamp,
    ) -> Result<Option<(Session, User)>, PortError> {
        Ok(self.read(|state| {
            let entry = state.sessions.get(&id).filter(|entry| entry.is_live(now))?;
            let user = person(state, entry.row.user)?;
            Some((entry.row.clone(), user.clone()))
        }))
    }

    async fn list(&self, user: UserId, now: Timestamp) -> Result<Vec<Session>, PortError> {
        let mut sessions: Vec<_> = self.read(|state| {
            let entries = state.sessions.values();
            let theirs = entries.filter(|entry| entry.row.user == user && entry.is_live(now));
            theirs.map(|entry| entry.row.clone()).collect()
        });
        sessions.sort_by_key(|session: &Session| Reverse((session.last_used_at, session.id)));
        Ok(sessions)
    }

    async fn confirm(&self, id: SessionId, now: Timestamp) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            if let Some(entry) = state.sessions.get_mut(&id) {
                entry.row.confirmed_at = now;
            }
            Ok(())
        })
    }

    async fn devices(
        &self,
        user: UserId,
        since: Timestamp,
    ) -> Result<Vec<(Option<String>, Option<IpAddr>)>, PortError> {
        let mut sessions: Vec<_> = self.read(|state| {
            let all = state.sessions.values().map(|entry| &entry.row);
            let theirs = all.filter(|row| row.user == user && row.created_at >= since);
            theirs.cloned().collect()
        });
        sessions.sort_by_key(|session: &Session| Reverse((session.created_at, session.id)));
        let device = |session: Session| (session.user_agent, session.address);
        Ok(sessions.into_iter().take(1000).map(device).collect())
    }

    async fn end(&self, user: UserId, id: SessionId, now: Timestamp) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            let entry = state.sessions.get_mut(&id);
            let entry = entry.filter(|entry| entry.row.user == user && entry.is_live(now));
            Ok(entry.map(|entry| entry.ended = Some(now)).is_some())
        })
    }

    async fn end_by_token(
        &self,
        token: &Sha256,
        now: Timestamp,
    ) -> Result<Option<Session>, PortError> {
        self.write(CONTEXT, |state| {
            let mut entries = state.sessions.values_mut();
            let found = entries.find(|entry| entry.has(token) && entry.is_live(now));
            Ok(found.map(|entry| {
                entry.ended = Some(now);
                entry.row.clone()
            }))
        })
    }

    async fn end_all(
        &self,
        user: UserId,
        kept: Option<SessionId>,
        now: Timestamp,
    ) -> Result<u64, PortError> {
        self.write(CONTEXT, |state| {
            let entries = state.sessions.values_mut();
            let theirs = entries.filter(|entry| entry.row.user == user && entry.is_live(now));
            let ended = theirs.filter(|entry| Some(entry.row.id) != kept);
            Ok(ended.map(|entry| entry.ended = Some(now)).count() as u64)
        })
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        self.write(CONTEXT, |state| {
            let all = state.sessions.len();
            let long_over = |entry: &SessionEntry| {
                entry.row.expires_at < before || entry.ended.is_some_and(|at| at < before)
            };
            state.sessions.retain(|_, entry| !long_over(entry));
            Ok((all - state.sessions.len()) as u64)
        })
    }
}
