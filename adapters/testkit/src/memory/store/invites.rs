use std::cmp::Reverse;

use async_trait::async_trait;
use docuvault_domain::accounts::{Invite, InviteState};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{InviteId, UserId};
use docuvault_domain::ports::InviteRepo;
use docuvault_domain::{PortError, Timestamp};

use super::Tables;

const CONTEXT: &str = "keeping invitations";

#[async_trait]
impl InviteRepo for Tables {
    async fn add(&self, invite: &Invite, digest: &Sha256) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            let entry = (invite.clone(), digest.clone());
            state.invites.insert(invite.id, entry);
            Ok(())
        })
    }

    async fn list(&self) -> Result<Vec<Invite>, PortError> {
        let mut invites: Vec<_> = self.read(|state| {
            let all = state.invites.values();
            all.map(|(invite, _)| invite.clone()).collect()
        });
        invites.sort_by_key(|invite: &Invite| Reverse((invite.created_at, invite.id)));
        Ok(invites)
    }

    async fn find(&self, digest: &Sha256, now: Timestamp) -> Result<Option<Invite>, PortError> {
        Ok(self.read(|state| {
            let mut all = state.invites.values();
            let found = all.find(|(_, stored)| stored == digest);
            let open = |invite: &&Invite| invite.state(now) == InviteState::Open;
            found.map(|(invite, _)| invite).filter(open).cloned()
        }))
    }

    async fn take(&self, id: InviteId, _user: UserId, now: Timestamp) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            let invite = state.invites.get_mut(&id).map(|(invite, _)| invite);
            let open = invite.filter(|invite| invite.state(now) == InviteState::Open);
            Ok(open.map(|invite| invite.used_at = Some(now)).is_some())
        })
    }

    async fn remove(&self, id: InviteId) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| Ok(state.invites.remove(&id).is_some()))
    }

    async fn remove_open_of(&self, user: UserId) -> Result<u64, PortError> {
        self.write(CONTEXT, |state| {
            let all = state.invites.len();
            let theirs =
                |invite: &Invite| invite.created_by == Some(user) && invite.used_at.is_none();
            state.invites.retain(|_, (invite, _)| !theirs(invite));
            Ok((all - state.invites.len()) as u64)
        })
    }

    async fn purge(&self, before: Timestamp) -> Result<u64, PortError> {
        self.write(CONTEXT, |state| {
            let all = state.invites.len();
            let over = |invite: &Invite| {
                invite.expires_at < before || invite.used_at.is_some_and(|at| at < before)
            };
            state.invites.retain(|_, (invite, _)| !over(invite));
            Ok((all - state.invites.len()) as u64)
        })
    }
}
