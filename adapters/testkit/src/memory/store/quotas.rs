use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{Quota, QuotaRepo};

use super::Tables;

const CONTEXT: &str = "keeping quotas";

#[async_trait]
impl QuotaRepo for Tables {
    async fn of(&self, user: UserId) -> Result<Option<Quota>, PortError> {
        Ok(self.read(|state| state.quotas.get(&user).copied()))
    }

    async fn charge(&self, user: UserId, bytes: u64) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            let quota = state.quotas.get_mut(&user);
            let quota = quota.filter(|quota| quota.has_room_for(bytes));
            Ok(quota.map(|quota| quota.used_bytes += bytes).is_some())
        })
    }

    async fn refund(&self, user: UserId, bytes: u64) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            if let Some(quota) = state.quotas.get_mut(&user) {
                quota.used_bytes -= bytes;
            }
            Ok(())
        })
    }
}
