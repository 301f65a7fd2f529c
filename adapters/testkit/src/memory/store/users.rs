use async_trait::async_trait;
use docuvault_domain::accounts::{
    AccountFilter, AccountOverview, AccountQuery, Email, Handle, Role, User,
};
use docuvault_domain::ids::UserId;
use docuvault_domain::page::Page;
use docuvault_domain::ports::{AccountConflict, PasswordHash, Quota, UserRepo};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::{State, conflict};

const CONTEXT: &str = "keeping accounts";

#[async_trait]
impl UserRepo for Tables {
    async fn any(&self) -> Result<bool, PortError> {
        Ok(self.read(|state| !state.users.is_empty()))
    }

    async fn unclaimed(&self) -> Result<Option<UserId>, PortError> {
        Ok(self.read(|state| state.unclaimed))
    }

    async fn add(
        &self,
        user: &User,
        password: &PasswordHash,
        limit_bytes: u64,
    ) -> Result<(), AccountConflict> {
        self.write(CONTEXT, |state| {
            let account_conflict = account_conflict(state, user);
            if account_conflict.is_none() {
                let entry = (user.clone(), password.clone());
                state.users.insert(user.id, entry);
                let quota = state.quotas.entry(user.id).or_insert(Quota {
                    used_bytes: 0,
                    limit_bytes,
                });
                quota.limit_bytes = limit_bytes;
                state.unclaimed.take_if(|id| *id == user.id);
            }
            Ok(account_conflict.map_or(Ok(()), Err))
        })?
    }

    async fn find(&self, id: UserId) -> Result<Option<User>, PortError> {
        Ok(self.read(|state| state.users.get(&id).map(|(user, _)| user.clone())))
    }

    async fn lock(&self, id: UserId) -> Result<Option<User>, PortError> {
        UserRepo::find(self, id).await
    }

    async fn find_by_email(&self, email: &Email) -> Result<Option<User>, PortError> {
        Ok(self.read(|state| {
            let mut all = state.users.values().map(|(user, _)| user);
            all.find(|user| user.email.key() == email.key()).cloned()
        }))
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<(User, PasswordHash)>, PortError> {
        let key = login.trim().to_ascii_lowercase();
        let called = |user: &User| user.handle.key() == key || user.email.key() == key;
        Ok(self.read(|state| state.users.values().find(|(user, _)| called(user)).cloned()))
    }

    async fn update(&self, user: &User) -> Result<(), AccountConflict> {
        self.write(CONTEXT, |state| {
            if let Some(account_conflict) = account_conflict(state, user) {
                return Ok(Err(account_conflict));
            }
            let entry = state.users.get_mut(&user.id);
            let (stored, _) = entry.ok_or_else(|| conflict(CONTEXT, "no such account"))?;
            if stored.handle.key() != user.handle.key() {
                state.retired.insert(stored.handle.key(), user.id);
            }
            *stored = User {
                totp_enabled: stored.totp_enabled,
                ..user.clone()
            };
            Ok(Ok(()))
        })?
    }

    async fn set_password(
        &self,
        id: UserId,
        password: &PasswordHash,
        now: Timestamp,
    ) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            if let Some((user, stored)) = state.users.get_mut(&id) {
                *stored = password.clone();
                user.updated_at = now;
            }
            Ok(())
        })
    }

    async fn password(&self, id: UserId) -> Result<Option<PasswordHash>, PortError> {
        Ok(self.read(|state| state.users.get(&id).map(|(_, password)| password.clone())))
    }

    async fn lock_administrators(&self) -> Result<Vec<UserId>, PortError> {
        let is_one = |user: &&User| user.role == Role::Admin && user.disabled_at.is_none();
        Ok(self.read(|state| {
            let all = state.users.values().map(|(user, _)| user);
            all.filter(is_one).map(|user| user.id).collect()
        }))
    }

    async fn set_limit(&self, id: UserId, limit_bytes: u64) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            if let Some(quota) = state.quotas.get_mut(&id) {
                quota.limit_bytes = limit_bytes;
            }
            Ok(())
        })
    }

    async fn overview(&self, id: UserId) -> Result<Option<AccountOverview>, PortError> {
        Ok(self.read(|state| {
            let (user, _) = state.users.get(&id)?;
            Some(overview(state, user))
        }))
    }

    async fn list(&self, query: &AccountQuery) -> Result<Page<AccountOverview, Handle>, PortError> {
        let mut items = self.read(|state| matching(state, &query.filter));
        items.sort_by_key(|item| item.user.handle.key());
        if let Some(after) = &query.after {
            items.retain(|item| item.user.handle.key() > after.key());
        }
        Ok(Page::cut(items, query.limit, |last| {
            last.user.handle.clone()
        }))
    }

    async fn count(&self, filter: &AccountFilter) -> Result<u64, PortError> {
        Ok(self.read(|state| matching(state, filter).len() as u64))
    }

    async fn mark_deleted(&self, id: UserId, now: Timestamp) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            let Some((user, _)) = state.users.remove(&id) else {
                return Ok(false);
            };
            state.retired.insert(user.handle.key(), id);
            state.deleted.insert(id, now);
            Ok(true)
        })
    }

    async fn deleted(&self, limit: u32) -> Result<Vec<UserId>, PortError> {
        let mut deleted: Vec<_> = self.read(|state| {
            let all = state.deleted.iter();
            all.map(|(id, at)| (*at, *id)).collect()
        });
        deleted.sort_unstable();
        deleted.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(deleted.into_iter().map(|(_, id)| id).collect())
    }

    async fn remove(&self, id: UserId) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            let marked = state.deleted.contains_key(&id);
            if marked && state.documents.values().any(|row| row.owner == id) {
                return Err(conflict(CONTEXT, "the account has documents"));
            }
            if state.deleted.remove(&id).is_some() {
                let topics = state.topics.iter().filter(|(_, topic)| topic.owner == id);
                let topics: Vec<_> = topics.map(|(id, _)| *id).collect();
                for topic in topics {
                    state.topics.remove(&topic);
                    state.vectors.remove(&topic);
                }
                state.idempotency.retain(|(owner, _), _| *owner != id);
                state.sessions.retain(|_, entry| entry.row.user != id);
                state.factors.remove(&id);
                state.recovery_codes.retain(|(owner, _)| *owner != id);
                state.quotas.remove(&id);
                state.last_seen.remove(&id);
                for (invite, _) in state.invites.values_mut() {
                    invite.created_by.take_if(|by| *by == id);
                }
            }
            Ok(())
        })
    }
}

fn overview(state: &State, user: &User) -> AccountOverview {
    let documents = state.documents.values();
    let quota = state.quotas.get(&user.id);
    AccountOverview {
        last_seen_at: state.last_seen.get(&user.id).copied(),
        used_bytes: quota.map_or(0, |quota| quota.used_bytes),
        limit_bytes: quota.map_or(0, |quota| quota.limit_bytes),
        documents: documents.filter(|row| row.owner == user.id).count() as u64,
        user: user.clone(),
    }
}

fn matching(state: &State, filter: &AccountFilter) -> Vec<AccountOverview> {
    let wanted = filter.text.as_ref().map(|text| text.to_ascii_lowercase());
    let contains = |text: &str| {
        let wanted = wanted.as_deref().unwrap_or_default();
        text.to_ascii_lowercase().contains(wanted)
    };
    let users = state.users.values().map(|(user, _)| user);
    users
        .filter(|user| {
            filter.role.is_none_or(|role| role == user.role)
                && filter
                    .disabled
                    .is_none_or(|it| it == user.disabled_at.is_some())
                && [
                    user.handle.as_str(),
                    user.email.as_str(),
                    &user.display_name,
                ]
                .into_iter()
                .any(contains)
        })
        .map(|user| overview(state, user))
        .collect()
}

fn account_conflict(state: &State, user: &User) -> Option<AccountConflict> {
    let mut others = state.users.values().map(|(other, _)| other);
    let others_have = |has: fn(&User) -> String| {
        others
            .clone()
            .any(|other| other.id != user.id && has(other) == has(user))
    };
    let once_had = state.retired.get(&user.handle.key());
    if others_have(|user| user.handle.key()) || once_had.is_some_and(|id| *id != user.id) {
        return Some(AccountConflict::Handle);
    }
    others
        .any(|other| other.id != user.id && other.email.key() == user.email.key())
        .then_some(AccountConflict::Email)
}
