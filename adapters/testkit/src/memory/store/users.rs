use async_trait::async_trait;
use docuvault_domain::accounts::User;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{AccountConflict, PasswordHash, UserRepo};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::{State, conflict};

const DOING: &str = "keeping accounts";

#[async_trait]
impl UserRepo for Tables {
    async fn any(&self) -> Result<bool, PortError> {
        Ok(self.read(|state| !state.users.is_empty()))
    }

    async fn add(
        &self,
        user: &User,
        password: &PasswordHash,
        _limit_bytes: u64,
    ) -> Result<(), AccountConflict> {
        self.write(DOING, |state| {
            let taken = taken(state, user);
            if taken.is_none() {
                let entry = (user.clone(), password.clone());
                state.users.insert(user.id, entry);
            }
            Ok(taken.map_or(Ok(()), Err))
        })?
    }

    async fn find(&self, id: UserId) -> Result<Option<User>, PortError> {
        Ok(self.read(|state| state.users.get(&id).map(|(user, _)| user.clone())))
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<(User, PasswordHash)>, PortError> {
        let key = login.trim().to_ascii_lowercase();
        let called = |user: &User| user.handle.key() == key || user.email.key() == key;
        Ok(self.read(|state| state.users.values().find(|(user, _)| called(user)).cloned()))
    }

    async fn update(&self, user: &User) -> Result<(), AccountConflict> {
        self.write(DOING, |state| {
            if let Some(taken) = taken(state, user) {
                return Ok(Err(taken));
            }
            let entry = state.users.get_mut(&user.id);
            let (stored, _) = entry.ok_or_else(|| conflict(DOING, "no such account"))?;
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
        self.write(DOING, |state| {
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
}

fn taken(state: &State, user: &User) -> Option<AccountConflict> {
    let mut others = state.users.values().map(|(other, _)| other);
    let others_have = |has: fn(&User) -> String| {
        others
            .clone()
            .any(|other| other.id != user.id && has(other) == has(user))
    };
    if others_have(|user| user.handle.key()) {
        return Some(AccountConflict::Handle);
    }
    others
        .any(|other| other.id != user.id && other.email.key() == user.email.key())
        .then_some(AccountConflict::Email)
}
