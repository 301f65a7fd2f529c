//! What accounts promise when many do something at once, and when much is to be removed.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::accounts::{
    AccountEdits, AdministerUsers, NewAccount, RateLimiter, Register, RegistrationPolicy,
    RemoveAccounts, ResetPassword, Role, Session, User,
};
use docuvault_domain::caller::{Credential, Identity};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{InviteId, SessionId};
use docuvault_domain::mail::{Links, Outbox};
use docuvault_domain::ports::{Clock, Ids, PasswordHash, Store, Tokens};
use docuvault_domain::{Caller, Core, Language};
use docuvault_testkit::builders::{a_document, a_user};
use docuvault_testkit::memory::{CountingIds, FakeHasher, FakeSecretBox, FakeTokens, FixedClock};
use futures::future::join_all;

use crate::support::{TestDatabase, on_both_engines};

on_both_engines!(
    of_fifty_with_one_invitation_one_gets_in,
    administrators_who_demote_each_other_leave_one,
    much_is_removed_by_several_replicas,
);

struct World {
    core: Core,
    store: Arc<dyn Store>,
    tokens: Arc<FakeTokens>,
    clock: Arc<FixedClock>,
    ids: Arc<CountingIds>,
    hasher: Arc<FakeHasher>,
    rate_limiter: Arc<RateLimiter>,
    outbox: Arc<Outbox>,
}

impl World {
    async fn new(database: &TestDatabase) -> Self {
        docuvault_migration::run(&database.url, None).await.unwrap();
        let store: Arc<dyn Store> = database.store().await;
        let clock = Arc::new(FixedClock::default());
        let ids = Arc::new(CountingIds::new());
        let core = Core {
            store: store.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
        };
        Self {
            rate_limiter: Arc::new(RateLimiter { core: core.clone() }),
            outbox: Arc::new(Outbox {
                secrets: Arc::new(FakeSecretBox),
                core: core.clone(),
                links: Links::below("https://vault.example.org"),
                language: Language::English,
                open: true,
            }),
            tokens: Arc::default(),
            hasher: Arc::default(),
            core,
            store,
            clock,
            ids,
        }
    }

    fn register(&self, policy: RegistrationPolicy) -> Register {
        Register {
            core: self.core.clone(),
            hasher: self.hasher.clone(),
            rate_limiter: self.rate_limiter.clone(),
            tokens: self.tokens.clone(),
            outbox: self.outbox.clone(),
            discreet: false,
            passwords: true,
            policy,
            limit_bytes: 100,
            language: Language::English,
        }
    }

    fn administer(&self) -> AdministerUsers {
        AdministerUsers {
            core: self.core.clone(),
            hasher: self.hasher.clone(),
            tokens: self.tokens.clone(),
            resets: Arc::new(ResetPassword {
                core: self.core.clone(),
                hasher: self.hasher.clone(),
                tokens: self.tokens.clone(),
                rate_limiter: self.rate_limiter.clone(),
                passwords: true,
                outbox: self.outbox.clone(),
            }),
            outbox: self.outbox.clone(),
            limit_bytes: 100,
            language: Language::English,
        }
    }

    /// An administrator who has just signed in.
    async fn administrator(&self, handle: &str) -> (User, Caller) {
        let now = self.clock.now();
        let mut user = a_user(self.ids.v7(), handle, now);
        user.role = Role::Admin;
        let session = Session {
            id: SessionId(self.ids.v7()),
            user: user.id,
            user_agent: None,
            address: None,
            created_at: now,
            last_used_at: now,
            confirmed_at: now,
            expires_at: now.plus(Duration::from_hours(1)),
            single_sign_on: false,
        };
        let unit = self.store.begin().await.unwrap();
        let password = PasswordHash("x".to_owned());
        unit.users().add(&user, &password, 100).await.unwrap();
        let token = self.tokens.digest(handle);
        unit.sessions().begin(&session, &token).await.unwrap();
        unit.commit().await.unwrap();
        let identity = Identity::Person {
            user: user.id,
            role: Role::Admin,
            by: Credential::Session(session.id),
        };
        let caller = Caller {
            identity,
            ..Caller::system(user.id)
        };
        (user, caller)
    }
}

async fn of_fifty_with_one_invitation_one_gets_in(database: TestDatabase) {
    let world = World::new(&database).await;
    let (root, _) = world.administrator("root").await;
    let now = world.clock.now();
    let invite = docuvault_domain::accounts::Invite {
        id: InviteId(world.ids.v7()),
        email: None,
        role: Role::User,
        created_by: Some(root.id),
        created_at: now,
        expires_at: now.plus(Duration::from_hours(1)),
        used_at: None,
    };
    let unit = world.store.begin().await.unwrap();
    let digest: Sha256 = world.tokens.digest("the invitation");
    unit.invites().add(&invite, &digest).await.unwrap();
    unit.commit().await.unwrap();
    let register = Arc::new(world.register(RegistrationPolicy::Closed));
    let tries = (0..50).map(|n| {
        let register = Arc::clone(&register);
        let new = NewAccount {
            email: format!("somebody{n}@example.org"),
            handle: format!("somebody{n}"),
            password: "a quiet harbour at dawn".to_owned(),
            invite: Some("the invitation".to_owned()),
            ..NewAccount::default()
        };
        let anonymous = Caller {
            identity: Identity::Anonymous,
            ..Caller::system(root.id)
        };
        tokio::spawn(async move { register.run(&anonymous, new).await.is_ok() })
    });
    let made = join_all(tries).await;
    assert_eq!(made.iter().flatten().filter(|made| **made).count(), 1);
}

async fn administrators_who_demote_each_other_leave_one(database: TestDatabase) {
    let world = World::new(&database).await;
    let administer = Arc::new(world.administer());
    for round in 0..5 {
        let (ada, ada_asks) = world.administrator(&format!("ada{round}")).await;
        let (bob, bob_asks) = world.administrator(&format!("bob{round}")).await;
        let demote = |caller: Caller, other: &User| {
            let (administer, other) = (Arc::clone(&administer), other.id);
            let edits = AccountEdits {
                role: Some(Role::User),
                ..AccountEdits::default()
            };
            tokio::spawn(async move { administer.edit(&caller, other, edits).await })
        };
        let (left, right) = (demote(ada_asks, &bob), demote(bob_asks, &ada));
        let (left, right) = (left.await.unwrap(), right.await.unwrap());
        assert!(left.is_ok() != right.is_ok(), "{left:?} {right:?}");
    }
    let unit = world.store.begin().await.unwrap();
    assert_eq!(unit.users().lock_administrators().await.unwrap().len(), 5);
}

async fn much_is_removed_by_several_replicas(database: TestDatabase) {
    let world = World::new(&database).await;
    let (root, root_asks) = world.administrator("root").await;
    let (ada, _) = world.administrator("ada").await;
    let unit = world.store.begin().await.unwrap();
    for n in 0..230 {
        let mut document = a_document().id(world.ids.v7()).build();
        document.owner = if n == 0 { root.id } else { ada.id };
        unit.documents().add(&document).await.unwrap();
        let pages = ["some text".to_owned()];
        unit.documents()
            .put_text(document.id, &pages)
            .await
            .unwrap();
    }
    unit.commit().await.unwrap();
    world.administer().delete(&root_asks, ada.id).await.unwrap();
    let remove = Arc::new(RemoveAccounts {
        core: world.core.clone(),
    });
    let runs = (0..3).map(|_| {
        let remove = Arc::clone(&remove);
        tokio::spawn(async move { remove.run().await })
    });
    let runs = join_all(runs).await;
    let documents = runs.iter().flatten().flatten().map(|run| run.documents);
    assert_eq!(documents.sum::<u64>(), 229, "each once: {runs:?}");
    remove.run().await.unwrap();
    assert_eq!(world.store.users().deleted(5).await.unwrap(), []);
    let left = world.store.users().overview(root.id).await.unwrap();
    assert_eq!(left.unwrap().documents, 1);
}
