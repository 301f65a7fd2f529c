//! Making accounts, signing in, staying signed in and getting out.

mod administer;
mod api_tokens;
mod confirm;
mod deletion;
mod enrolment;
mod invites;
mod mails;
mod notices;
mod reset;
mod single_sign_on;

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::accounts::{
    Authenticate, AuthenticateError, ChangePassword, ChangePasswordError, Credentials, DisplayName,
    EditProfile, EditProfileError, Email, FactorPolicy, Handle, Locale, ManageSecondFactor,
    NewAccount, Password, ProfileEdits, RateLimiter, RecoveryCode, RefreshError, Register,
    RegisterError, RegistrationPolicy, Role, SecondFactorError, SignIn, SignInError, SignOut,
    SignedIn, User, WeakPassword,
};
use docuvault_domain::audit::{Action, AuditLine, AuditOutcome, Resource};
use docuvault_domain::caller::{Credential, Identity};
use docuvault_domain::ids::{InstanceId, UserId};
use docuvault_domain::mail::{DeliverMail, Links, Outbox};
use docuvault_domain::ports::{
    Clock as _, HashError, Ids as _, Lifetimes, PasswordHash, PasswordHasher, Purpose, Repos as _,
    Store as _, Tokens as _,
};
use docuvault_domain::{Caller, Core, Language, Timestamp};
use docuvault_testkit::builders::CALLER;
use docuvault_testkit::memory::{
    CountingIds, FakeFactor, FakeHasher, FakeSecretBox, FakeTokens, FixedClock, MemoryMailer,
    MemoryStore,
};
use futures::future::join_all;

const PASSWORD: &str = "a quiet harbour at dawn";
const OTHER_PASSWORD: &str = "nine green kettles sing";
const SETUP: &str = "SETUPCODE";
const ACCESS: Duration = Duration::from_mins(15);
const SECOND: Duration = Duration::from_secs(1);
const IDLE: Duration = Duration::from_hours(24);

const NOBODY: Caller = Caller {
    identity: Identity::Anonymous,
    ..CALLER
};

struct World {
    core: Core,
    store: Arc<MemoryStore>,
    hasher: Arc<FakeHasher>,
    clock: Arc<FixedClock>,
    tokens: Arc<FakeTokens>,
    ids: Arc<CountingIds>,
    rate_limiter: Arc<RateLimiter>,
    outbox: Arc<Outbox>,
    mailer: Arc<MemoryMailer>,
    register: Register,
    second_factor: Arc<ManageSecondFactor>,
    sign_in: SignIn,
    sign_out: SignOut,
    change_password: ChangePassword,
    edit_profile: EditProfile,
    authenticate: Authenticate,
}

impl World {
    /// A vault that waits for its first account.
    async fn empty(policy: RegistrationPolicy) -> Self {
        let store = Arc::new(MemoryStore::new());
        let hasher = Arc::new(FakeHasher::default());
        let tokens = Arc::new(FakeTokens::default());
        let clock = Arc::new(FixedClock::default());
        let ids = Arc::new(CountingIds::new());
        let core = Core {
            store: store.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
        };
        let unit = store.begin().await.unwrap();
        let instance = InstanceId(ids.v7());
        unit.instance().claim(instance, clock.now()).await.unwrap();
        let digest = tokens.digest(SETUP);
        unit.instance().set_setup_code(&digest).await.unwrap();
        unit.commit().await.unwrap();
        let rate_limiter = Arc::new(RateLimiter { core: core.clone() });
        let outbox = Arc::new(Outbox {
            secrets: Arc::new(FakeSecretBox),
            core: core.clone(),
            links: Links::below("https://vault.example.org/"),
            language: Language::English,
            open: true,
        });
        let second_factor = Arc::new(ManageSecondFactor {
            outbox: outbox.clone(),
            core: core.clone(),
            hasher: hasher.clone(),
            rate_limiter: rate_limiter.clone(),
            factor: Arc::new(FakeFactor::default()),
            secrets: Arc::new(FakeSecretBox),
            tokens: tokens.clone(),
        });
        Self {
            register: Register {
                rate_limiter: rate_limiter.clone(),
                core: core.clone(),
                hasher: hasher.clone(),
                tokens: tokens.clone(),
                policy,
                outbox: outbox.clone(),
                discreet: false,
                passwords: true,
                limit_bytes: 100,
                language: Language::English,
            },
            second_factor: second_factor.clone(),
            sign_in: SignIn {
                outbox: outbox.clone(),
                factor_policy: FactorPolicy::Optional,
                passwords: true,
                second_factor,
                rate_limiter: rate_limiter.clone(),
                core: core.clone(),
                hasher: hasher.clone(),
                tokens: tokens.clone(),
                lifetimes: Lifetimes {
                    idle: IDLE,
                    absolute: IDLE * 30,
                },
                access_for: ACCESS,
            },
            sign_out: SignOut {
                core: core.clone(),
                tokens: tokens.clone(),
            },
            change_password: ChangePassword {
                outbox: outbox.clone(),
                core: core.clone(),
                rate_limiter: rate_limiter.clone(),
                hasher: hasher.clone(),
            },
            edit_profile: EditProfile {
                outbox: outbox.clone(),
                core: core.clone(),
            },
            authenticate: Authenticate {
                core: core.clone(),
                tokens: tokens.clone(),
            },
            tokens,
            ids,
            rate_limiter,
            outbox,
            mailer: Arc::default(),
            core,
            store,
            hasher,
            clock,
        }
    }

    /// With an administrator called `root`, and `ada`.
    async fn with_people() -> (Self, User) {
        let world = Self::empty(RegistrationPolicy::Open).await;
        let mut root = account("root");
        root.setup_code = Some(SETUP.to_owned());
        world.register.run(&NOBODY, root).await.unwrap();
        let ada = world.register.run(&NOBODY, account("ada")).await.unwrap();
        (world, ada)
    }

    async fn try_to_sign_in(&self, login: &str, password: &str) -> Result<SignedIn, SignInError> {
        self.try_with_code(login, password, None).await
    }

    async fn try_with_code(
        &self,
        login: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<SignedIn, SignInError> {
        let credentials = Credentials {
            login: login.to_owned(),
            password: password.to_owned(),
            code: code.map(str::to_owned),
            user_agent: Some("Browser\r\n 1".to_owned()),
        };
        self.sign_in.run(&NOBODY, credentials).await
    }

    async fn sign_in(&self) -> (SignedIn, Caller) {
        let signed_in = self.try_to_sign_in("ada", PASSWORD).await.unwrap();
        let caller = self.who(&signed_in).await.unwrap();
        (signed_in, caller)
    }

    async fn root(&self) -> Caller {
        let signed_in = self.try_to_sign_in("root", PASSWORD).await.unwrap();
        self.who(&signed_in).await.unwrap()
    }

    async fn who(&self, signed_in: &SignedIn) -> Result<Caller, AuthenticateError> {
        let token = &signed_in.access_token;
        let found = self.authenticate.run(token, Purpose::Access, &NOBODY);
        found.await.map(|(caller, _)| caller)
    }

    async fn disable(&self, mut user: User) {
        user.disabled_at = Some(user.created_at);
        let unit = self.store.begin().await.unwrap();
        unit.users().update(&user).await.unwrap();
        unit.commit().await.unwrap();
    }

    fn last_line(&self) -> AuditLine {
        self.store.audit_lines().pop().unwrap()
    }
}

type Change = fn(&mut NewAccount);
type Expected = fn(&RegisterError) -> bool;

fn account(handle: &str) -> NewAccount {
    NewAccount {
        email: format!("{handle}@example.org"),
        handle: handle.to_owned(),
        password: PASSWORD.to_owned(),
        ..NewAccount::default()
    }
}

#[tokio::test]
async fn the_first_account_needs_the_setup_code_and_is_an_administrator() {
    // Even where nobody may register: somebody has to begin.
    let world = World::empty(RegistrationPolicy::Closed).await;
    for code in [None, Some("another"), Some("")] {
        let mut new = account("root");
        new.setup_code = code.map(str::to_owned);
        let refused = world.register.run(&NOBODY, new).await.unwrap_err();
        assert!(matches!(refused, RegisterError::SetupCode), "{code:?}");
    }
    assert!(!world.store.users().any().await.unwrap());
    let mut new = account("root");
    new.setup_code = Some(" setup-code\n".to_owned());
    let root = world.register.run(&NOBODY, new).await.unwrap();
    assert_eq!(
        (root.role, root.display_name.as_str()),
        (Role::Admin, "root")
    );
    let owner = root.id;
    let line = world.last_line();
    assert_eq!(
        (line.action, line.owner, line.actor),
        (Action::AccountCreated, owner, None)
    );
    let topics = world
        .store
        .topics()
        .list(&Caller::system(owner))
        .await
        .unwrap();
    assert!(topics.len() >= 10, "starter topics");

    // The code is used up, and the door is closed.
    let mut new = account("second");
    new.setup_code = Some(SETUP.to_owned());
    let refused = world.register.run(&NOBODY, new).await.unwrap_err();
    assert!(matches!(refused, RegisterError::Closed));
}

#[tokio::test]
async fn of_many_first_accounts_there_is_one() {
    let world = World::empty(RegistrationPolicy::Open).await;
    let tries = (0..8).map(|n| {
        let mut new = account(&format!("root{n}"));
        new.setup_code = Some(SETUP.to_owned());
        world.register.run(&NOBODY, new)
    });
    let all = join_all(tries).await;
    let admins = all.iter().flatten().filter(|user| user.role == Role::Admin);
    assert_eq!(admins.count(), 1);
}

#[tokio::test]
async fn accounts_have_names_of_their_own_and_passwords_that_hold() {
    let (world, ada) = World::with_people().await;
    assert_eq!(ada.role, Role::User);
    let refused = async |change: fn(&mut NewAccount)| {
        let mut new = account("bob");
        change(&mut new);
        world.register.run(&NOBODY, new).await.unwrap_err()
    };
    let cases: [(Change, Expected); 9] = [
        (
            |new| new.handle = "ADA".to_owned(),
            |it| matches!(it, RegisterError::HandleTaken),
        ),
        (
            |new| new.email = "Ada@Example.org".to_owned(),
            |it| matches!(it, RegisterError::AccountExists),
        ),
        (
            |new| new.handle = "b b".to_owned(),
            |it| matches!(it, RegisterError::Handle(_)),
        ),
        (
            |new| new.email = "bob".to_owned(),
            |it| matches!(it, RegisterError::Email(_)),
        ),
        (
            |new| new.password = "elevenchars".to_owned(),
            |it| matches!(it, RegisterError::Password(WeakPassword::TooShort)),
        ),
        (
            |new| new.password = "x".repeat(1_025),
            |it| matches!(it, RegisterError::Password(WeakPassword::TooLong)),
        ),
        (
            |new| new.password = "Password1234".to_owned(),
            |it| matches!(it, RegisterError::Password(WeakPassword::Common)),
        ),
        (
            |new| new.password = "BOB@example.org".to_owned(),
            |it| matches!(it, RegisterError::Password(WeakPassword::OwnName)),
        ),
        (
            // Twelve characters count, not bytes.
            |new| new.password = "ääääääääääa".to_owned(),
            |it| matches!(it, RegisterError::Password(WeakPassword::TooShort)),
        ),
    ];
    for (change, expected) in cases {
        let error = refused(change).await;
        assert!(expected(&error), "{error:?}");
    }
    world.hasher.be_busy();
    let error = refused(|_| {}).await;
    assert!(
        matches!(error, RegisterError::Hash(HashError::Busy)),
        "{error:?}"
    );
}

#[tokio::test]
async fn people_sign_in_by_either_name_and_are_known_from_then_on() {
    let (world, ada) = World::with_people().await;
    for login in ["ada", "ADA", "Ada@example.org"] {
        let signed_in = world.try_to_sign_in(login, PASSWORD).await.unwrap();
        assert_eq!(signed_in.user, ada);
        assert_eq!(signed_in.session.user_agent.as_deref(), Some("Browser 1"));
        let caller = world.who(&signed_in).await.unwrap();
        let expected = Identity::Person {
            user: ada.id,
            role: Role::User,
            by: Credential::Session(signed_in.session.id),
        };
        assert_eq!(caller.identity, expected);
        assert_eq!(caller.owner(), ada.id);
        let line = world.last_line();
        let resource = Resource::Session(signed_in.session.id);
        assert_eq!((line.action, line.resource), (Action::SignedIn, resource));
        assert_eq!(
            (line.outcome, line.actor),
            (AuditOutcome::Done, Some(ada.id))
        );
    }
}

#[tokio::test]
async fn whoever_is_refused_learns_nothing_and_leaves_a_line() {
    let (world, ada) = World::with_people().await;
    let long = "x".repeat(2_000);
    let mut checks = world.hasher.checks();
    for (login, password, account) in [
        ("ada", "wrong", ada.id),
        ("nobody", PASSWORD, UserId::NOBODY),
        ("", "", UserId::NOBODY),
    ] {
        let refused = world.try_to_sign_in(login, password).await.unwrap_err();
        assert!(
            matches!(refused, SignInError::InvalidCredentials),
            "{login}"
        );
        checks += 1;
        assert_eq!(world.hasher.checks(), checks, "as much work for {login:?}");
        let line = world.last_line();
        assert_eq!(
            (line.action, line.outcome),
            (Action::SignedIn, AuditOutcome::Refused)
        );
        assert_eq!(
            (line.resource, line.actor),
            (Resource::Account(account), None)
        );
    }
    // Cannot be a password, so nothing is hashed; that is known before any name is.
    let refused = world.try_to_sign_in("ada", &long).await.unwrap_err();
    assert!(matches!(refused, SignInError::InvalidCredentials));
    assert_eq!(world.hasher.checks(), checks);

    world.disable(ada.clone()).await;
    let refused = world.try_to_sign_in("ada", PASSWORD).await.unwrap_err();
    assert!(matches!(refused, SignInError::InvalidCredentials));
    assert_eq!(world.last_line().resource, Resource::Account(ada.id));
    world.hasher.be_busy();
    let refused = world.try_to_sign_in("ada", PASSWORD).await.unwrap_err();
    assert!(matches!(refused, SignInError::Hash(HashError::Busy)));
}

#[tokio::test]
async fn old_hashes_are_made_anew_when_somebody_signs_in() {
    let (world, ada) = World::with_people().await;
    let old = world.store.users().password(ada.id).await.unwrap();
    world.sign_in().await;
    assert_eq!(world.store.users().password(ada.id).await.unwrap(), old);
    world.hasher.change_parameters();
    world.sign_in().await;
    let new = world.store.users().password(ada.id).await.unwrap();
    assert_ne!(new, old);
    world.sign_in().await;
}

/// Checks passwords, and replaces the one that it has found right.
struct Meddler {
    store: Arc<MemoryStore>,
    hasher: Arc<FakeHasher>,
    user: UserId,
}

#[async_trait::async_trait]
impl PasswordHasher for Meddler {
    async fn hash(&self, password: &Password) -> Result<PasswordHash, HashError> {
        self.hasher.hash(password).await
    }

    async fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<bool, HashError> {
        let right = self.hasher.verify(password, hash).await;
        let (unit, other) = (self.store.begin().await?, PasswordHash("other".to_owned()));
        let at = Timestamp::from_micros(0);
        unit.users().set_password(self.user, &other, at).await?;
        unit.commit().await?;
        right
    }

    fn is_outdated(&self, hash: &PasswordHash) -> bool {
        self.hasher.is_outdated(hash)
    }
}

#[tokio::test]
async fn nobody_signs_in_by_a_password_that_was_replaced_meanwhile() {
    let (mut world, ada) = World::with_people().await;
    world.sign_in.hasher = Arc::new(Meddler {
        store: world.store.clone(),
        hasher: world.hasher.clone(),
        user: ada.id,
    });
    let refused = world.try_to_sign_in("ada", PASSWORD).await;
    assert!(matches!(refused, Err(SignInError::InvalidCredentials)));
}

#[tokio::test]
async fn an_access_token_ends_in_time_and_with_its_session() {
    let (world, ada) = World::with_people().await;
    let (signed_in, caller) = world.sign_in().await;
    world.clock.advance(ACCESS.checked_sub(SECOND).unwrap());
    assert_eq!(world.who(&signed_in).await.unwrap(), caller);
    world.clock.advance(SECOND);
    assert!(matches!(
        world.who(&signed_in).await,
        Err(AuthenticateError::Invalid)
    ));

    let (signed_in, caller) = world.sign_in().await;
    assert!(
        world
            .sign_out
            .one(&caller, signed_in.session.id)
            .await
            .unwrap()
    );
    assert!(matches!(
        world.who(&signed_in).await,
        Err(AuthenticateError::Invalid)
    ));
    assert!(
        !world
            .sign_out
            .one(&caller, signed_in.session.id)
            .await
            .unwrap()
    );

    let (signed_in, _) = world.sign_in().await;
    let token = &signed_in.access_token;
    let enrol = world.authenticate.run(token, Purpose::Enrol, &NOBODY);
    assert!(matches!(enrol.await, Err(AuthenticateError::OtherPurpose)));
    let forged = world.authenticate.run("forged", Purpose::Access, &NOBODY);
    assert!(matches!(forged.await, Err(AuthenticateError::Invalid)));
    world.disable(ada).await;
    assert!(matches!(
        world.who(&signed_in).await,
        Err(AuthenticateError::Invalid)
    ));
}

#[tokio::test]
async fn a_session_is_renewed_and_a_copied_token_ends_it() {
    let (world, ada) = World::with_people().await;
    let (first, _) = world.sign_in().await;
    world.clock.advance(ACCESS);
    let second = world
        .sign_in
        .refresh(&NOBODY, &first.refresh.0)
        .await
        .unwrap();
    assert_eq!(
        (second.user.id, second.session.id),
        (ada.id, first.session.id)
    );
    assert_ne!(second.refresh, first.refresh);
    assert!(world.who(&second).await.is_ok());

    let reused = world.sign_in.refresh(&NOBODY, &first.refresh.0).await;
    assert!(matches!(reused, Err(RefreshError::Revoked)));
    let line = world.last_line();
    assert_eq!(
        (line.action, line.outcome),
        (Action::RefreshTokenReused, AuditOutcome::Refused)
    );
    assert_eq!((line.owner, line.actor), (ada.id, None));
    assert!(world.who(&second).await.is_err(), "at once");
    let after = world.sign_in.refresh(&NOBODY, &second.refresh.0).await;
    assert!(matches!(after, Err(RefreshError::Revoked)));

    let (idle, _) = world.sign_in().await;
    world.clock.advance(IDLE);
    let late = world.sign_in.refresh(&NOBODY, &idle.refresh.0).await;
    assert!(matches!(late, Err(RefreshError::Revoked)));
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions_only() {
    let (world, _) = World::with_people().await;
    let (first, caller) = world.sign_in().await;
    let (second, _) = world.sign_in().await;
    let (third, _) = world.sign_in().await;
    let root = world.try_to_sign_in("root", PASSWORD).await.unwrap();
    let root_caller = world.who(&root).await.unwrap();
    assert_eq!(world.sign_out.list(&caller).await.unwrap().len(), 3);
    assert!(
        !world
            .sign_out
            .one(&root_caller, first.session.id)
            .await
            .unwrap()
    );
    assert!(!world.sign_out.one(&NOBODY, first.session.id).await.unwrap());
    assert!(
        world
            .sign_out
            .one(&caller, second.session.id)
            .await
            .unwrap()
    );
    assert_eq!(world.last_line().action, Action::SignedOut);
    assert_eq!(world.sign_out.others(&caller).await.unwrap(), 1);
    assert!(world.who(&third).await.is_err() && world.who(&first).await.is_ok());
    assert_eq!(world.last_line().action, Action::SignedOutEverywhere);
    assert_eq!(world.sign_out.everywhere(&caller).await.unwrap(), 1);
    assert!(world.who(&first).await.is_err() && world.who(&root).await.is_ok());
    assert_eq!(world.sign_out.everywhere(&NOBODY).await.unwrap(), 0);
    assert_eq!(world.sign_out.list(&NOBODY).await.unwrap(), []);
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let (world, ada) = World::with_people().await;
    let (here, caller) = world.sign_in().await;
    let (elsewhere, _) = world.sign_in().await;
    let change =
        async |current: &str, new: &str| world.change_password.run(&caller, current, new).await;
    let wrong = change("wrong", OTHER_PASSWORD).await;
    assert!(matches!(wrong, Err(ChangePasswordError::WrongPassword)));
    let line = world.last_line();
    assert_eq!(
        (line.action, line.outcome),
        (Action::PasswordChanged, AuditOutcome::Refused)
    );
    let weak = change(PASSWORD, "short").await;
    assert!(matches!(
        weak,
        Err(ChangePasswordError::Weak(WeakPassword::TooShort))
    ));
    assert!(world.who(&elsewhere).await.is_ok());

    change(PASSWORD, OTHER_PASSWORD).await.unwrap();
    let line = world.last_line();
    assert_eq!(
        (line.outcome, line.actor),
        (AuditOutcome::Done, Some(ada.id))
    );
    assert!(world.who(&here).await.is_ok());
    assert!(world.who(&elsewhere).await.is_err());
    let stolen = world.sign_in.refresh(&NOBODY, &elsewhere.refresh.0).await;
    assert!(matches!(stolen, Err(RefreshError::Revoked)));
    let old = world.try_to_sign_in("ada", PASSWORD).await;
    assert!(matches!(old, Err(SignInError::InvalidCredentials)));
    assert!(world.try_to_sign_in("ada", OTHER_PASSWORD).await.is_ok());
    let outcome = world.change_password.run(&NOBODY, PASSWORD, OTHER_PASSWORD);
    assert!(matches!(outcome.await, Err(ChangePasswordError::SignedOut)));
}

#[tokio::test]
async fn people_say_who_they_are_all_of_it_or_nothing() {
    let (world, ada) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let edit = async |edits: ProfileEdits| world.edit_profile.run(&caller, edits).await;
    let handle = |text: &str| Some(Handle::parse(text).unwrap());
    let email = |text: &str| Some(Email::parse(text).unwrap());
    let lines = world.store.audit_lines().len();
    assert_eq!(edit(ProfileEdits::default()).await.unwrap(), ada);
    assert_eq!(
        world.store.audit_lines().len(),
        lines,
        "nothing was changed"
    );

    world.clock.advance(ACCESS / 2);
    let edited = edit(ProfileEdits {
        display_name: Some(DisplayName::parse("Countess").unwrap()),
        handle: handle("Ada.L"),
        email: email("ada@example.com"),
        locale: Some(Locale::parse("de").unwrap()),
    });
    let edited = edited.await.unwrap();
    let expected = User {
        display_name: "Countess".to_owned(),
        handle: handle("Ada.L").unwrap(),
        email: email("ada@example.com").unwrap(),
        locale: Some("de".to_owned()),
        updated_at: world.clock.now(),
        ..ada
    };
    assert_eq!(edited, expected);
    assert_eq!(world.last_line().action, Action::AccountEdited);
    assert!(world.try_to_sign_in("ada.l", PASSWORD).await.is_ok());

    for (edits, taken_handle) in [
        (
            ProfileEdits {
                handle: handle("ROOT"),
                ..ProfileEdits::default()
            },
            true,
        ),
        (
            ProfileEdits {
                email: email("Root@Example.org"),
                handle: handle("free"),
                ..ProfileEdits::default()
            },
            false,
        ),
    ] {
        let refused = edit(edits).await.unwrap_err();
        assert_eq!(
            matches!(refused, EditProfileError::HandleTaken),
            taken_handle,
            "{refused:?}"
        );
        assert_eq!(
            matches!(refused, EditProfileError::EmailTaken),
            !taken_handle,
            "{refused:?}"
        );
    }
    assert_eq!(
        world.store.users().find(edited.id).await.unwrap(),
        Some(edited)
    );
    let outcome = world.edit_profile.run(&NOBODY, ProfileEdits::default());
    assert!(matches!(outcome.await, Err(EditProfileError::SignedOut)));
}

#[tokio::test]
async fn guessing_is_bounded_by_name_and_by_address() {
    let (world, _) = World::with_people().await;
    for _ in 0..10 {
        let wrong = world.try_to_sign_in("ada", "wrong").await;
        assert!(matches!(wrong, Err(SignInError::InvalidCredentials)));
    }
    let checks = world.hasher.checks();
    for (login, limited) in [
        ("ada", true),
        (" ADA ", true),
        ("ada@example.org", true),
        ("root", false),
    ] {
        let tried = world.try_to_sign_in(login, PASSWORD).await;
        assert_eq!(
            matches!(tried, Err(SignInError::TooMany { .. })),
            limited,
            "{login}"
        );
    }
    assert_eq!(
        world.hasher.checks(),
        checks + 1,
        "who must wait costs nothing"
    );
    world.clock.advance(Duration::from_secs(90));
    world.sign_in().await;
    // Having come in, she has all her tries again.
    for _ in 0..10 {
        let wrong = world.try_to_sign_in("ada", "wrong").await;
        assert!(matches!(wrong, Err(SignInError::InvalidCredentials)));
    }

    let from = async |address: &str, n: usize| {
        let caller = Caller {
            address: Some(address.parse().unwrap()),
            ..NOBODY
        };
        let credentials = Credentials {
            login: format!("nobody{n}"),
            password: PASSWORD.to_owned(),
            code: None,
            user_agent: None,
        };
        world.sign_in.run(&caller, credentials).await.unwrap_err()
    };
    for n in 0..60 {
        let refused = from(&format!("2001:db8::{n:x}"), n).await;
        assert!(matches!(refused, SignInError::InvalidCredentials), "{n}");
    }
    let Err(SignInError::TooMany { wait }) = Err::<(), _>(from("2001:db8::ffff", 61).await) else {
        panic!("an address of one network too many");
    };
    assert_eq!(wait, Duration::from_secs(10));
    let elsewhere = from("2001:db8:0:1::1", 62).await;
    assert!(matches!(elsewhere, SignInError::InvalidCredentials));
}

impl World {
    /// `ada` with a second factor, signed in before; a step later, so that codes are fresh.
    async fn with_factor() -> (Self, Caller, Vec<RecoveryCode>) {
        let (world, _) = Self::with_people().await;
        let (_, caller) = world.sign_in().await;
        world.second_factor.enrol(&caller).await.unwrap();
        let codes = world.second_factor.confirm(&caller, &world.code()).await;
        let codes = codes.unwrap();
        world.next_step();
        (world, caller, codes)
    }

    fn code(&self) -> String {
        FakeFactor::code(self.clock.now())
    }

    fn next_step(&self) {
        self.clock.advance(Duration::from_secs(90));
    }

    async fn with_code(&self, code: &str) -> Result<SignedIn, SignInError> {
        self.try_with_code("ada", PASSWORD, Some(code)).await
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for_once_it_was_shown() {
    let (world, ada) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let not_yet = world.second_factor.confirm(&caller, &world.code()).await;
    assert!(
        matches!(not_yet, Err(SecondFactorError::WrongCode)),
        "nothing was offered"
    );
    let first = world.second_factor.enrol(&caller).await.unwrap();
    let second = world.second_factor.enrol(&caller).await.unwrap();
    assert_ne!(first.secret_base32, second.secret_base32);
    assert_eq!(second.otpauth_url, "otpauth://totp/ada");
    // It waits: who loses the picture is not locked out.
    world.sign_in().await;
    let wrong = world.second_factor.confirm(&caller, "000000").await;
    assert!(matches!(wrong, Err(SecondFactorError::WrongCode)));
    let codes = world
        .second_factor
        .confirm(&caller, &world.code())
        .await
        .unwrap();
    assert_eq!(codes.len(), RecoveryCode::SET);
    assert_eq!(world.last_line().action, Action::SecondFactorOn);
    let on = world.second_factor.enrol(&caller).await;
    assert!(matches!(on, Err(SecondFactorError::AlreadyOn)));
    let on = world.second_factor.confirm(&caller, &world.code()).await;
    assert!(matches!(on, Err(SecondFactorError::AlreadyOn)));

    for code in [None, Some("")] {
        let asked = world.try_with_code("ada", PASSWORD, code).await;
        assert!(matches!(asked, Err(SignInError::CodeNeeded)));
    }
    // Whether there is a second factor is told to those only who know the password.
    let wrong = world
        .try_with_code("ada", "wrong", Some(&world.code()))
        .await;
    assert!(matches!(wrong, Err(SignInError::InvalidCredentials)));
    world.next_step();
    let (left, right) = (&world.code()[..3], &world.code()[3..]);
    let signed_in = world.with_code(&format!(" {left} {right}")).await.unwrap();
    assert!(signed_in.user.totp_enabled && signed_in.user.id == ada.id);
}

#[tokio::test]
async fn a_code_counts_once_and_guessing_is_bounded() {
    let (world, _, _) = World::with_factor().await;
    let code = world.code();
    world.with_code(&code).await.unwrap();
    let again = world.with_code(&code).await;
    assert!(matches!(again, Err(SignInError::WrongCode)));
    assert_eq!(world.last_line().outcome, AuditOutcome::Refused);
    world.next_step();
    let code = world.code();
    let tries = (0..50).map(|_| world.with_code(&code));
    let all = join_all(tries).await;
    assert_eq!(all.iter().flatten().count(), 1, "of fifty at once");
    world.next_step();
    for _ in 0..5 {
        let _ = world.with_code("123123").await;
    }
    let checks = world.code();
    let locked = world.with_code(&checks).await;
    assert!(
        matches!(locked, Err(SignInError::TooMany { .. })),
        "{locked:?}"
    );
}

#[tokio::test]
async fn a_recovery_code_opens_once() {
    let (world, caller, codes) = World::with_factor().await;
    let shown = codes[0].display().to_uppercase();
    world.with_code(&shown).await.unwrap();
    let again = world.with_code(&shown).await;
    assert!(matches!(again, Err(SignInError::WrongCode)));
    let renewed = world
        .second_factor
        .renew_recovery_codes(&caller, &world.code())
        .await;
    let renewed = renewed.unwrap();
    assert_eq!(world.last_line().action, Action::RecoveryCodesRenewed);
    let old = world.with_code(&codes[1].display()).await;
    assert!(matches!(old, Err(SignInError::WrongCode)));
    world.with_code(&renewed[1].display()).await.unwrap();
    world.next_step();
    // A recovery code renews nothing: who has the paper does not get another.
    let paper = world
        .second_factor
        .renew_recovery_codes(&caller, &renewed[2].display())
        .await;
    assert!(matches!(paper, Err(SecondFactorError::WrongCode)));
}

#[tokio::test]
async fn the_factor_goes_for_the_password_and_a_code() {
    let (world, caller, codes) = World::with_factor().await;
    let remove = async |password: &str, code: &str| {
        world.second_factor.remove(&caller, password, code).await
    };
    let wrong = remove("wrong", &world.code()).await;
    assert!(matches!(wrong, Err(SecondFactorError::WrongPassword)));
    let wrong = remove(PASSWORD, "123123").await;
    assert!(matches!(wrong, Err(SecondFactorError::WrongCode)));
    world.next_step();
    remove(PASSWORD, &world.code()).await.unwrap();
    assert_eq!(world.last_line().action, Action::SecondFactorOff);
    world.sign_in().await;
    world.next_step();
    let off = remove(PASSWORD, &codes[0].display()).await;
    assert!(matches!(off, Err(SecondFactorError::WrongCode)), "{off:?}");
    let off = world
        .second_factor
        .renew_recovery_codes(&caller, &world.code())
        .await;
    assert!(matches!(off, Err(SecondFactorError::NotSetUp)));
    let outcome = world.second_factor.enrol(&NOBODY).await;
    assert!(matches!(outcome, Err(SecondFactorError::SignedOut)));
}

#[tokio::test]
async fn a_new_password_leaves_the_second_factor_on() {
    let (world, caller, _) = World::with_factor().await;
    let changed = world.change_password.run(&caller, PASSWORD, OTHER_PASSWORD);
    changed.await.unwrap();
    let asked = world.try_to_sign_in("ada", OTHER_PASSWORD).await;
    assert!(matches!(asked, Err(SignInError::CodeNeeded)));
    let code = world.code();
    let signed_in = world
        .try_with_code("ada", OTHER_PASSWORD, Some(&code))
        .await;
    assert!(signed_in.is_ok());
}

#[tokio::test]
async fn signing_out_by_the_refresh_token() {
    let (world, ada) = World::with_people().await;
    let (signed_in, _) = world.sign_in().await;
    let token = &signed_in.refresh.0;
    assert!(
        world
            .sign_out
            .by_refresh_token(&NOBODY, token)
            .await
            .unwrap()
    );
    let line = world.last_line();
    assert_eq!((line.action, line.actor), (Action::SignedOut, Some(ada.id)));
    assert!(world.who(&signed_in).await.is_err());
    assert!(
        !world
            .sign_out
            .by_refresh_token(&NOBODY, token)
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn an_open_browser_does_not_tell_the_password() {
    let (world, _) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let guess = async || {
        let change = world
            .change_password
            .run(&caller, "a guess", OTHER_PASSWORD);
        change.await.unwrap_err()
    };
    for _ in 0..10 {
        let wrong = guess().await;
        assert!(
            matches!(wrong, ChangePasswordError::WrongPassword),
            "{wrong:?}"
        );
    }
    let limited = guess().await;
    assert!(
        matches!(limited, ChangePasswordError::TooMany { .. }),
        "{limited:?}"
    );
}

#[tokio::test]
async fn the_first_person_takes_over_what_was_kept_before() {
    let world = World::empty(RegistrationPolicy::Closed).await;
    let before = UserId(uuid::Uuid::from_u128(77));
    world.store.leave_unclaimed(before);
    let mut new = account("ada");
    new.setup_code = Some(SETUP.to_owned());
    let ada = world.register.run(&NOBODY, new).await.unwrap();
    assert_eq!((ada.id, ada.role), (before, Role::Admin));
    let topics = world.store.topics().list(&Caller::system(before)).await;
    assert_eq!(topics.unwrap(), [], "theirs are there already");
    assert_eq!(world.store.users().unclaimed().await.unwrap(), None);
}

#[tokio::test]
async fn a_setup_code_is_expected_until_there_is_an_account() {
    let world = World::empty(RegistrationPolicy::Closed).await;
    assert!(world.register.expect_setup_code("another").await.unwrap());
    let mut new = account("ada");
    new.setup_code = Some(SETUP.to_owned());
    let old = world.register.run(&NOBODY, new.clone()).await;
    assert!(matches!(old, Err(RegisterError::SetupCode)), "{old:?}");
    new.setup_code = Some("another".to_owned());
    world.register.run(&NOBODY, new).await.unwrap();
    assert!(!world.register.expect_setup_code("third").await.unwrap());
    assert_eq!(world.store.instance().setup_code().await.unwrap(), None);
}
