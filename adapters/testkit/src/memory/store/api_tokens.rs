use std::cmp::Reverse;

use async_trait::async_trait;
use docuvault_domain::accounts::{ApiToken, User};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{ApiTokenId, UserId};
use docuvault_domain::ports::ApiTokenRepo;
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::sessions::person;

const CONTEXT: &str = "keeping API tokens";

#[async_trait]
impl ApiTokenRepo for Tables {
    async fn add(&self, token: &ApiToken, digest: &Sha256) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            let entry = (token.clone(), digest.clone());
            state.api_tokens.insert(token.id, entry);
            Ok(())
        })
    }

    async fn list(&self, user: UserId) -> Result<Vec<ApiToken>, PortError> {
        let mut tokens: Vec<_> = self.read(|state| {
            let all = state.api_tokens.values().map(|(token, _)| token);
            all.filter(|token| token.user == user).cloned().collect()
        });
        tokens.sort_by_key(|token| Reverse((token.created_at, token.id)));
        Ok(tokens)
    }

    async fn live(
        &self,
        digest: &Sha256,
        now: Timestamp,
    ) -> Result<Option<(ApiToken, User)>, PortError> {
        Ok(self.read(|state| {
            let mut entries = state.api_tokens.values();
            let (token, _) = entries.find(|(_, stored)| stored == digest)?;
            let over = token.expires_at.is_some_and(|end| end <= now);
            let user = person(state, token.user).filter(|_| !over)?;
            Some((token.clone(), user.clone()))
        }))
    }

    async fn note_use(&self, token: &ApiToken, now: Timestamp) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.note_seen(token.user, now);
            if let Some((token, _)) = state.api_tokens.get_mut(&token.id) {
                token.last_used_at = token.last_used_at.max(Some(now));
            }
            Ok(())
        })
    }

    async fn revoke(&self, user: UserId, id: ApiTokenId) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            let theirs = state.api_tokens.get(&id);
            let theirs = theirs.is_some_and(|(token, _)| token.user == user);
            Ok(theirs && state.api_tokens.remove(&id).is_some())
        })
    }

    async fn revoke_all(&self, user: UserId) -> Result<u64, PortError> {
        self.write(CONTEXT, |state| {
            let all = state.api_tokens.len();
            state.api_tokens.retain(|_, (token, _)| token.user != user);
            Ok((all - state.api_tokens.len()) as u64)
        })
    }
}
