use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{FactorRepo, StoredFactor};

use super::Tables;

const CONTEXT: &str = "keeping second factors";

#[async_trait]
impl FactorRepo for Tables {
    async fn find(&self, user: UserId) -> Result<Option<StoredFactor>, PortError> {
        Ok(self.read(|state| state.factors.get(&user).cloned()))
    }

    async fn offer(&self, user: UserId, sealed: &[u8]) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            let in_use = |factor: &StoredFactor| factor.last_step.is_some();
            if !state.users.contains_key(&user) || state.factors.get(&user).is_some_and(in_use) {
                return Ok(false);
            }
            let factor = StoredFactor {
                sealed: sealed.to_vec(),
                last_step: None,
            };
            state.factors.insert(user, factor);
            Ok(true)
        })
    }

    async fn take_step(&self, user: UserId, step: u64) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            let factor = state.factors.get_mut(&user);
            let Some(factor) = factor.filter(|it| it.last_step.is_none_or(|last| last < step))
            else {
                return Ok(false);
            };
            factor.last_step = Some(step);
            if let Some((user, _)) = state.users.get_mut(&user) {
                user.totp_enabled = true;
            }
            Ok(true)
        })
    }

    async fn remove(&self, user: UserId) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            state.recovery_codes.retain(|(owner, _)| *owner != user);
            let in_use = |factor: &StoredFactor| factor.last_step.is_some();
            if !state.factors.get(&user).is_some_and(in_use) {
                return Ok(false);
            }
            state.factors.remove(&user);
            if let Some((user, _)) = state.users.get_mut(&user) {
                user.totp_enabled = false;
            }
            Ok(true)
        })
    }

    async fn set_recovery_codes(&self, user: UserId, digests: &[Sha256]) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.recovery_codes.retain(|(owner, _)| *owner != user);
            let codes = digests.iter().map(|digest| (user, digest.to_string()));
            state.recovery_codes.extend(codes);
            Ok(())
        })
    }

    async fn take_recovery_code(&self, user: UserId, digest: &Sha256) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            Ok(state.recovery_codes.remove(&(user, digest.to_string())))
        })
    }

    async fn count_recovery_codes(&self, user: UserId) -> Result<u32, PortError> {
        let of_theirs = |(owner, _): &&(UserId, String)| *owner == user;
        let count = self.read(|state| state.recovery_codes.iter().filter(of_theirs).count());
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}
