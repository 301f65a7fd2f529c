use async_trait::async_trait;
use docuvault_domain::ids::{DocumentId, UserId};
use docuvault_domain::ports::{IdempotencyClaim, IdempotencyKey, IdempotencyRepo};
use docuvault_domain::{PortError, Timestamp};

use super::Tables;
use super::state::KeyEntry;

#[async_trait]
impl IdempotencyRepo for Tables {
    async fn claim(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<IdempotencyClaim, PortError> {
        self.write("claiming an idempotency key", |state| {
            let row = row(owner, key);
            match state.idempotency.get(&row) {
                Some(entry) if entry.until > now => Ok(match &entry.answer {
                    None => IdempotencyClaim::InProgress,
                    Some((document, fingerprint)) => IdempotencyClaim::Done {
                        document: *document,
                        fingerprint: fingerprint.clone(),
                    },
                }),
                _ => {
                    let entry = KeyEntry {
                        until: lease_until,
                        answer: None,
                    };
                    state.idempotency.insert(row, entry);
                    Ok(IdempotencyClaim::Granted)
                }
            }
        })
    }

    async fn extend(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
        lease_until: Timestamp,
    ) -> Result<(), PortError> {
        self.write("extending an idempotency key", |state| {
            let entry = state.idempotency.get_mut(&row(owner, key));
            if let Some(entry) = entry.filter(|entry| entry.answer.is_none()) {
                entry.until = lease_until;
            }
            Ok(())
        })
    }

    async fn complete(
        &self,
        owner: UserId,
        key: &IdempotencyKey,
        document: DocumentId,
        fingerprint: &str,
        expires_at: Timestamp,
    ) -> Result<(), PortError> {
        self.write("completing an idempotency key", |state| {
            let entry = KeyEntry {
                until: expires_at,
                answer: Some((document, fingerprint.to_owned())),
            };
            state.idempotency.insert(row(owner, key), entry);
            Ok(())
        })
    }

    async fn release(&self, owner: UserId, key: &IdempotencyKey) -> Result<(), PortError> {
        self.write("releasing an idempotency key", |state| {
            let row = row(owner, key);
            let in_progress = |entry: &KeyEntry| entry.answer.is_none();
            if state.idempotency.get(&row).is_some_and(in_progress) {
                state.idempotency.remove(&row);
            }
            Ok(())
        })
    }

    async fn purge(&self, now: Timestamp) -> Result<u64, PortError> {
        self.write("purging idempotency keys", |state| {
            let before = state.idempotency.len();
            state.idempotency.retain(|_, entry| entry.until >= now);
            Ok((before - state.idempotency.len()) as u64)
        })
    }
}

fn row(owner: UserId, key: &IdempotencyKey) -> (UserId, String) {
    (owner, key.as_str().to_owned())
}
