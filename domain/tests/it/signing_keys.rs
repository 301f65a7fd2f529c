//! Keys that sign access tokens: made once, replaced without signing anybody out.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::accounts::{KEYS_LOOKED_AT_EVERY, SigningKeys};
use docuvault_domain::audit::Action;
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{Repos as _, SealedKey};
use docuvault_domain::{Caller, Core};
use docuvault_testkit::memory::{CountingIds, FakeSecretBox, FakeTokens, FixedClock, MemoryStore};

const OPERATOR: Caller = Caller::operator(UserId::NOBODY);
const ACCESS: Duration = Duration::from_mins(15);

struct World {
    core: Core,
    store: Arc<MemoryStore>,
    clock: Arc<FixedClock>,
}

/// One process on the vault.
struct Replica {
    tokens: Arc<FakeTokens>,
    keys: SigningKeys,
}

impl World {
    fn new() -> Self {
        let (store, clock) = (
            Arc::new(MemoryStore::new()),
            Arc::new(FixedClock::default()),
        );
        let core = Core {
            store: store.clone(),
            clock: clock.clone(),
            ids: Arc::new(CountingIds::new()),
        };
        Self { core, store, clock }
    }

    async fn replica(&self) -> Replica {
        let tokens = Arc::new(FakeTokens::default());
        let keys = SigningKeys {
            core: self.core.clone(),
            secrets: Arc::new(FakeSecretBox),
            tokens: tokens.clone(),
            access_for: ACCESS,
        };
        keys.refresh().await.unwrap();
        Replica { tokens, keys }
    }

    async fn stored(&self) -> Vec<SealedKey> {
        self.store.signing_keys().list().await.unwrap()
    }
}

impl Replica {
    async fn in_use(&self) -> Vec<String> {
        self.keys.refresh().await.unwrap();
        self.tokens.keys()
    }
}

#[tokio::test]
async fn replicas_share_the_first_key() {
    let world = World::new();
    let (one, other) = (world.replica().await, world.replica().await);
    let key = world.stored().await[0].id.to_string();
    assert_eq!(one.in_use().await, [key.as_str()]);
    assert_eq!(other.in_use().await, [key.as_str()]);
}

#[tokio::test]
async fn a_new_key_signs_once_all_replicas_know_it() {
    let world = World::new();
    let (here, there) = (world.replica().await, world.replica().await);
    let old = here.in_use().await.remove(0);
    here.keys.replace(&OPERATOR).await.unwrap();
    let lines = world.store.audit_lines();
    assert_eq!(lines[0].action, Action::SigningKeyReplaced);
    let new = world.stored().await[0].id.to_string();
    assert_ne!(old, new);

    // Known at the next look, while the old one goes on signing.
    world.clock.advance(KEYS_LOOKED_AT_EVERY);
    for replica in [&here, &there] {
        assert_eq!(replica.in_use().await, [old.as_str(), new.as_str()]);
    }
    world.clock.advance(KEYS_LOOKED_AT_EVERY);
    for replica in [&here, &there] {
        assert_eq!(replica.in_use().await, [new.as_str(), old.as_str()]);
    }
}

#[tokio::test]
async fn a_key_is_forgotten_after_its_last_token() {
    let world = World::new();
    let replica = world.replica().await;
    let first = world.stored().await[0].id;
    replica.keys.replace(&OPERATOR).await.unwrap();
    world.clock.advance(ACCESS);
    replica.keys.replace(&OPERATOR).await.unwrap();
    let known = |keys: Vec<SealedKey>| keys.iter().any(|key| key.id == first);
    assert!(
        known(world.stored().await),
        "it may have signed until just now"
    );
    world.clock.advance(ACCESS);
    replica.keys.replace(&OPERATOR).await.unwrap();
    assert!(!known(world.stored().await));
}
