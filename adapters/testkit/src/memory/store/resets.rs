use async_trait::async_trait;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{ResetRepo, ResetRequest};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::State;

const CONTEXT: &str = "keeping links to new passwords";

fn owner(state: &State, digest: &Sha256, now: Timestamp) -> Option<UserId> {
    let mut links = state.reset_links.iter();
    let found = links.find(|(_, (stored, end))| stored == digest && *end > now);
    found.map(|(user, _)| *user)
}

#[async_trait]
impl ResetRepo for Tables {
    async fn ask(&self, request: &ResetRequest) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.reset_requests.push(request.clone());
            Ok(())
        })
    }

    async fn any_asked(&self) -> Result<bool, PortError> {
        Ok(self.read(|state| !state.reset_requests.is_empty()))
    }

    async fn take_request(&self) -> Result<Option<ResetRequest>, PortError> {
        self.write(CONTEXT, |state| {
            let waiting = state.reset_requests.iter().enumerate();
            let oldest = waiting.min_by_key(|(_, request)| (request.at, request.id));
            let oldest = oldest.map(|(place, _)| place);
            Ok(oldest.map(|place| state.reset_requests.remove(place)))
        })
    }

    async fn put(
        &self,
        user: UserId,
        digest: &Sha256,
        _now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.reset_links.insert(user, (digest.clone(), expires_at));
            Ok(())
        })
    }

    async fn find(&self, digest: &Sha256, now: Timestamp) -> Result<Option<UserId>, PortError> {
        Ok(self.read(|state| owner(state, digest, now)))
    }

    async fn take(&self, digest: &Sha256, now: Timestamp) -> Result<Option<UserId>, PortError> {
        self.write(CONTEXT, |state| {
            let user = owner(state, digest, now);
            if let Some(user) = user {
                state.reset_links.remove(&user);
            }
            Ok(user)
        })
    }

    async fn remove(&self, user: UserId) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.reset_links.remove(&user);
            Ok(())
        })
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        self.write(CONTEXT, |state| {
            let all = state.reset_links.len();
            state.reset_links.retain(|_, (_, end)| *end >= before);
            Ok((all - state.reset_links.len()) as u64)
        })
    }
}
