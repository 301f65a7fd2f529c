use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::ports::{SealedKey, SigningKeyRepo};
use uuid::Uuid;

use super::Tables;

const CONTEXT: &str = "keeping the signing keys";

#[async_trait]
impl SigningKeyRepo for Tables {
    async fn list(&self) -> Result<Vec<SealedKey>, PortError> {
        Ok(self.read(|state| state.signing_keys.values().rev().cloned().collect()))
    }

    async fn add(&self, key: &SealedKey) -> Result<bool, PortError> {
        self.write(CONTEXT, |state| {
            let free = !state.signing_keys.contains_key(&key.number);
            if free {
                state.signing_keys.insert(key.number, key.clone());
            }
            Ok(free)
        })
    }

    async fn remove(&self, id: Uuid) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            state.signing_keys.retain(|_, key| key.id != id);
            Ok(())
        })
    }
}
