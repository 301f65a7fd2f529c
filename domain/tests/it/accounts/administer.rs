//! What administrators do with the accounts of others.

use docuvault_domain::accounts::{
    AccountEdits, AccountFilter, AccountQuery, AdministerError, AdministerUsers, NewApiToken,
    NewUser, NotAllowed, Scope,
};

use super::mails::secret;
use super::*;

impl World {
    pub(super) fn administer(&self) -> AdministerUsers {
        AdministerUsers {
            core: self.core.clone(),
            hasher: self.hasher.clone(),
            tokens: self.tokens.clone(),
            resets: Arc::new(self.resets()),
            outbox: self.outbox.clone(),
            limit_bytes: 500,
            language: Language::German,
        }
    }

    /// Makes `ada` an administrator.
    async fn promote(&self, root: &Caller, user: &User) {
        let edits = AccountEdits {
            role: Some(Role::Admin),
            ..AccountEdits::default()
        };
        self.administer().edit(root, user.id, edits).await.unwrap();
    }
}

const DEMOTE: AccountEdits = AccountEdits {
    role: Some(Role::User),
    disabled: None,
    limit_bytes: None,
};
const DISABLE: AccountEdits = AccountEdits {
    role: None,
    disabled: Some(true),
    limit_bytes: None,
};

fn carl() -> NewUser {
    NewUser {
        email: Email::parse("carl@example.org").unwrap(),
        handle: Handle::parse("Carl").unwrap(),
        display_name: None,
        role: Role::User,
        limit_bytes: Some(7),
        locale: Some(Locale::parse("de").unwrap()),
        password: None,
    }
}

fn forbidden<T>(outcome: &Result<T, AdministerError>) -> bool {
    let expected = NotAllowed::Forbidden.to_string();
    outcome
        .as_ref()
        .is_err_and(|error| error.to_string() == expected)
}

#[tokio::test]
async fn only_administrators_and_their_admin_tokens_may() {
    let (world, ada) = World::with_people().await;
    let (_, ada_asks) = world.sign_in().await;
    let root = world.root().await;
    let administer = world.administer();
    let token = async |scopes: &[Scope]| {
        let manage = world.manage_tokens();
        let new = NewApiToken {
            name: "x".to_owned(),
            scopes: scopes.iter().copied().collect(),
            expires_at: None,
        };
        let (secret, _) = manage.create(&root, new).await.unwrap();
        let found = world.authenticate.run(&secret.0, Purpose::Access, &NOBODY);
        found.await.unwrap().0
    };
    let writing = token(&[Scope::Read, Scope::Write]).await;
    for caller in [&ada_asks, &NOBODY, &writing] {
        let query = AccountQuery::default();
        assert!(forbidden(&administer.list(caller, &query).await));
        let filter = AccountFilter::default();
        assert!(forbidden(&administer.count(caller, &filter).await));
        assert!(forbidden(&administer.find(caller, ada.id).await));
        assert!(forbidden(&administer.create(caller, carl()).await));
        assert!(forbidden(&administer.edit(caller, ada.id, DISABLE).await));
        assert!(forbidden(&administer.reset_password(caller, ada.id).await));
        assert!(forbidden(
            &administer.remove_second_factor(caller, ada.id).await
        ));
        assert!(forbidden(
            &administer.sign_out_everywhere(caller, ada.id).await
        ));
    }
    let administering = token(&[Scope::Admin]).await;
    for caller in [&root, &administering] {
        let page = administer.list(caller, &AccountQuery::default()).await;
        let handles: Vec<_> = page
            .unwrap()
            .items
            .into_iter()
            .map(|it| it.user.handle.to_string())
            .collect();
        assert_eq!(handles, ["ada", "root"]);
        administer
            .sign_out_everywhere(caller, ada.id)
            .await
            .unwrap();
    }
    let unknown = administer.edit(&root, UserId::NOBODY, DISABLE).await;
    assert!(matches!(unknown, Err(AdministerError::NotFound)));
}

#[tokio::test]
async fn changes_need_a_recent_proof() {
    let (world, ada) = World::with_people().await;
    let root = world.root().await;
    let administer = world.administer();
    world
        .clock
        .advance(Duration::from_mins(15).checked_sub(SECOND).unwrap());
    administer.sign_out_everywhere(&root, ada.id).await.unwrap();
    world.clock.advance(SECOND);
    let refused = administer.sign_out_everywhere(&root, ada.id).await;
    assert!(matches!(
        refused,
        Err(AdministerError::NotAllowed(NotAllowed::ConfirmationNeeded))
    ));
    assert!(
        administer.find(&root, ada.id).await.is_ok(),
        "reading does not"
    );
}

#[tokio::test]
async fn an_account_is_made_and_its_person_chooses_the_password() {
    let (world, _) = World::with_people().await;
    let root = world.root().await;
    let administer = world.administer();
    world.mails().await;
    let (made, handed_out) = administer.create(&root, carl()).await.unwrap();
    let handed_out = handed_out.unwrap();
    assert_eq!(
        (made.user.display_name.as_str(), made.limit_bytes),
        ("Carl", 7)
    );
    assert_eq!((made.documents, made.last_seen_at), (0, None));
    let line = world.last_line();
    assert_eq!(
        (line.action, line.owner, line.actor),
        (Action::AccountCreated, made.user.id, Some(root.owner()))
    );
    let mail = world.mail().await;
    assert!(mail.text.contains(&handed_out.url) && mail.text.starts_with("Hallo Carl,"));
    let topics = world
        .store
        .topics()
        .list(&Caller::system(made.user.id))
        .await;
    assert!(topics.unwrap().len() >= 10, "starter topics");
    for password in ["", PASSWORD] {
        let refused = world.try_to_sign_in("carl", password).await;
        assert!(matches!(refused, Err(SignInError::InvalidCredentials)));
    }
    world
        .clock
        .advance(Duration::from_hours(7 * 24).checked_sub(SECOND).unwrap());
    let chosen = world.resets();
    chosen
        .confirm(&NOBODY, &secret(&handed_out.url), PASSWORD)
        .await
        .unwrap();
    world.try_to_sign_in("carl", PASSWORD).await.unwrap();
    let seen = world.store.users().overview(made.user.id).await.unwrap();
    assert_eq!(seen.unwrap().last_seen_at, Some(world.clock.now()));

    let root = world.root().await;
    let taken = administer.create(&root, carl()).await;
    assert!(matches!(taken, Err(AdministerError::HandleTaken)));
    let mut other = carl();
    other.handle = Handle::parse("other").unwrap();
    let taken = administer.create(&root, other).await;
    assert!(matches!(taken, Err(AdministerError::EmailTaken)));
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once() {
    let (world, ada) = World::with_people().await;
    let (signed_in, _) = world.sign_in().await;
    let root = world.root().await;
    let administer = world.administer();
    let edited = administer.edit(&root, ada.id, DISABLE).await.unwrap();
    assert_eq!(edited.user.disabled_at, Some(world.clock.now()));
    let line = world.last_line();
    assert_eq!(
        (line.action, line.resource),
        (Action::AccountDisabled, Resource::Account(ada.id))
    );
    assert!(world.who(&signed_in).await.is_err());
    let refused = world.try_to_sign_in("ada", PASSWORD).await;
    assert!(matches!(refused, Err(SignInError::InvalidCredentials)));
    let enable = AccountEdits {
        disabled: Some(false),
        limit_bytes: Some(9),
        ..AccountEdits::default()
    };
    let edited = administer.edit(&root, ada.id, enable).await.unwrap();
    assert_eq!((edited.user.disabled_at, edited.limit_bytes), (None, 9));
    assert!(world.who(&signed_in).await.is_err(), "it was ended");
    world.sign_in().await;
    let lines = world.store.audit_lines().len();
    let nothing = AccountEdits {
        disabled: Some(false),
        ..AccountEdits::default()
    };
    administer.edit(&root, ada.id, nothing).await.unwrap();
    assert_eq!(world.store.audit_lines().len(), lines);
}

#[tokio::test]
async fn there_is_always_an_administrator() {
    let (world, ada) = World::with_people().await;
    let root = world.root().await;
    let administer = world.administer();
    for edits in [DEMOTE, DISABLE] {
        let refused = administer.edit(&root, root.owner(), edits).await;
        assert!(matches!(refused, Err(AdministerError::OwnAccount)));
    }
    let quota = AccountEdits {
        limit_bytes: Some(5),
        ..AccountEdits::default()
    };
    administer.edit(&root, root.owner(), quota).await.unwrap();

    world.promote(&root, &ada).await;
    let (_, ada_asks) = world.sign_in().await;
    let (left, right) = tokio::join!(
        administer.edit(&root, ada.id, DEMOTE),
        administer.edit(&ada_asks, root.owner(), DEMOTE),
    );
    assert!(left.is_ok() != right.is_ok(), "{left:?} {right:?}");
    let admins = world.store.users().lock_administrators().await.unwrap();
    assert_eq!(admins.len(), 1);
}

#[tokio::test]
async fn who_is_demoted_is_signed_out_and_their_invitations_end() {
    let (world, ada) = World::with_people().await;
    let root = world.root().await;
    world.promote(&root, &ada).await;
    let (signed_in, ada_asks) = world.sign_in().await;
    let invites = docuvault_domain::accounts::ManageInvites {
        core: world.core.clone(),
        tokens: world.tokens.clone(),
        outbox: world.outbox.clone(),
    };
    let new = docuvault_domain::accounts::NewInvite {
        email: None,
        role: Role::Admin,
        days: None,
    };
    invites.create(&ada_asks, new).await.unwrap();
    world
        .administer()
        .edit(&root, ada.id, DEMOTE)
        .await
        .unwrap();
    assert!(world.who(&signed_in).await.is_err());
    assert_eq!(invites.list(&root).await.unwrap(), []);
}

#[tokio::test]
async fn a_forgotten_password_and_a_lost_factor() {
    let (world, _, _) = World::with_factor().await;
    let root = world.root().await;
    let administer = world.administer();
    let found = world.store.users().find_by_login("ada").await.unwrap();
    let ada = found.unwrap().0;
    world.mails().await;
    let link = administer.reset_password(&root, ada.id).await.unwrap();
    assert_eq!(world.last_line().action, Action::PasswordResetOffered);
    assert!(world.mail().await.text.contains(&link.url));
    assert_eq!(
        world
            .store
            .sessions()
            .list(ada.id, world.clock.now())
            .await
            .unwrap(),
        []
    );
    let chosen = world.resets();
    chosen
        .confirm(&NOBODY, &secret(&link.url), OTHER_PASSWORD)
        .await
        .unwrap();
    world.mails().await;
    assert!(
        administer
            .remove_second_factor(&root, ada.id)
            .await
            .unwrap()
    );
    assert!(
        !administer
            .remove_second_factor(&root, ada.id)
            .await
            .unwrap()
    );
    assert_eq!(world.mail().await.subject, "Two-step sign-in is off");
    world.try_to_sign_in("ada", OTHER_PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_command_may_but_never_leaves_the_vault_without_an_administrator() {
    let (world, ada) = World::with_people().await;
    let (root, operator) = (world.root().await, Caller::operator(UserId::NOBODY));
    let (administer, root) = (world.administer(), root.owner());
    for edits in [DEMOTE, DISABLE] {
        let refused = administer.edit(&operator, root, edits).await;
        assert!(matches!(refused, Err(AdministerError::LastAdministrator)));
    }
    let refused = administer.delete(&operator, root).await;
    assert!(matches!(refused, Err(AdministerError::LastAdministrator)));
    world.promote(&operator, &ada).await;
    administer.edit(&operator, root, DEMOTE).await.unwrap();
    administer.delete(&operator, root).await.unwrap();
}

#[tokio::test]
async fn a_command_makes_an_account_that_has_its_password() {
    let (world, operator) = (
        World::empty(RegistrationPolicy::Closed).await,
        Caller::operator(UserId::NOBODY),
    );
    let administer = world.administer();
    let with = |password: &str| NewUser {
        role: Role::Admin,
        password: Some(password.to_owned()),
        ..carl()
    };
    let refused = administer.create(&operator, with("short")).await;
    assert!(matches!(refused, Err(AdministerError::Password(_))));
    let password = "quiet water in a deep well";
    let made = administer.create(&operator, with(password)).await;
    let (made, link) = made.unwrap();
    assert!(link.is_none() && world.mails().await.is_empty());
    assert_eq!(made.user.role, Role::Admin);
    let credentials = Credentials {
        login: "carl".to_owned(),
        password: password.to_owned(),
        code: None,
        user_agent: None,
    };
    world.sign_in.run(&NOBODY, credentials).await.unwrap();
}
