use std::sync::Arc;
use std::time::Duration;

use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::PortError;
use crate::ids::UserId;
use crate::ports::{SealedKey, SecretBox, SecretContext, SigningKey, Tokens, UnitOfWork};
use crate::timestamp::Timestamp;

const PURPOSE: &str = "signing key";

/// How often each replica looks for new keys.
pub const KEYS_LOOKED_AT_EVERY: Duration = Duration::from_mins(1);

/// A new key signs only after every replica has had two chances to see it.
const NOTICE: Duration = Duration::from_mins(2);

/// Makes, replaces and hands out the keys that access tokens are signed with. A replaced key is known
/// until the last of its tokens is over: nobody is signed out by it.
pub struct SigningKeys {
    /// Database, clock and ids.
    pub core: Core,
    /// Seals the keys.
    pub secrets: Arc<dyn SecretBox>,
    /// Makes their secrets, and uses them.
    pub tokens: Arc<dyn Tokens>,
    /// How long an access token lasts.
    pub access_for: Duration,
}

impl SigningKeys {
    /// Puts the keys of the database in use, after making the first one if there is none. To be called
    /// before the first request and then every [`KEYS_LOOKED_AT_EVERY`].
    pub async fn refresh(&self) -> Result<(), PortError> {
        let mut keys = self.core.store.signing_keys().list().await?;
        if keys.is_empty() {
            let unit = self.core.begin().await?;
            self.make(&*unit, 1, self.core.now()).await?;
            unit.commit().await?;
            keys = self.core.store.signing_keys().list().await?;
        }
        let now = self.core.now();
        // The newest one that may sign goes first; what is to come is known already.
        let coming = keys.iter().take_while(|key| key.signs_from > now).count();
        if coming < keys.len() {
            keys.rotate_left(coming);
        }
        let keys: Result<Vec<_>, _> = keys.iter().map(|key| self.open(key)).collect();
        self.tokens.use_keys(&keys?)
    }

    /// Makes a new key, which signs from in two minutes on, and forgets those whose tokens are over.
    pub async fn replace(&self, caller: &Caller) -> Result<(), PortError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        let keys = unit.signing_keys().list().await?;
        let number = keys.first().map_or(1, |newest| newest.number + 1);
        let signs_from = if keys.is_empty() {
            now
        } else {
            now.plus(NOTICE)
        };
        if !self.make(&*unit, number, signs_from).await? {
            return Err(PortError::transient(
                "replacing the signing key",
                "another process is replacing it right now",
            ));
        }
        for (newer, key) in keys.iter().zip(keys.iter().skip(1)) {
            let last_token_ends = newer.signs_from.plus(NOTICE).plus(self.access_for);
            if last_token_ends < now {
                unit.signing_keys().remove(key.id).await?;
            }
        }
        let resource = Resource::Account(UserId::NOBODY);
        self.core
            .audit_line(caller, Action::SigningKeyReplaced, resource)
            .write(&*unit)
            .await?;
        unit.commit().await
    }

    async fn make(
        &self,
        unit: &dyn UnitOfWork,
        number: u64,
        signs_from: Timestamp,
    ) -> Result<bool, PortError> {
        let id = self.core.ids.v7();
        let secret = self.tokens.secret().0;
        let key = SealedKey {
            id,
            number,
            sealed: self.secrets.seal(&context(id), secret.as_bytes())?,
            signs_from,
            created_at: self.core.now(),
        };
        unit.signing_keys().add(&key).await
    }

    fn open(&self, key: &SealedKey) -> Result<SigningKey, PortError> {
        Ok(SigningKey {
            id: key.id.to_string(),
            secret: self.secrets.open(&context(key.id), &key.sealed)?,
        })
    }
}

fn context(row: uuid::Uuid) -> SecretContext {
    SecretContext {
        owner: None,
        row,
        purpose: PURPOSE,
    }
}
