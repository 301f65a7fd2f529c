//! Tokens for programs.

use docuvault_domain::accounts::{ApiToken, ManageTokens, NewApiToken, Scope, Scopes, TokenError};
use docuvault_domain::caller::Credential;
use docuvault_domain::ports::ClientSecret;

use super::*;

impl World {
    pub(super) fn manage_tokens(&self) -> ManageTokens {
        ManageTokens {
            core: self.core.clone(),
            tokens: self.tokens.clone(),
            outbox: self.outbox.clone(),
        }
    }

    async fn by_token(&self, secret: &ClientSecret) -> Result<Caller, AuthenticateError> {
        let asked = self.authenticate.run(&secret.0, Purpose::Access, &NOBODY);
        asked.await.map(|(caller, _)| caller)
    }

    async fn last_used(&self, token: &ApiToken) -> Option<Timestamp> {
        let tokens = self.store.api_tokens().list(token.user).await.unwrap();
        let found = tokens.into_iter().find(|it| it.id == token.id);
        found.unwrap().last_used_at
    }
}

fn scopes(scopes: &[Scope]) -> Scopes {
    scopes.iter().copied().collect()
}

fn wanted(name: &str, wanted: &[Scope]) -> NewApiToken {
    NewApiToken {
        name: name.to_owned(),
        scopes: scopes(wanted),
        expires_at: None,
    }
}

#[tokio::test]
async fn a_token_acts_for_its_person_within_its_scopes() {
    let (world, ada) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let manage = world.manage_tokens();
    let made = manage.create(&caller, wanted(" Scanner ", &[Scope::Write]));
    let (secret, token) = made.await.unwrap();
    assert!(secret.0.starts_with("dv_pat_"), "{}", secret.0);
    assert_eq!((token.name.as_str(), token.user), ("Scanner", ada.id));
    let line = world.last_line();
    assert_eq!(
        (line.action, line.resource),
        (Action::ApiTokenCreated, Resource::ApiToken(token.id))
    );

    let program = world.by_token(&secret).await.unwrap();
    let by = Credential::Token {
        id: token.id,
        scopes: scopes(&[Scope::Write]),
    };
    let expected = Identity::Person {
        user: ada.id,
        role: Role::User,
        by,
    };
    assert_eq!(program.identity, expected);
    assert_eq!(program.owner(), ada.id);
    assert!(program.allows(Scope::Write) && !program.allows(Scope::Read));
    assert!(caller.allows(Scope::Read) && !NOBODY.allows(Scope::Read));
    assert_eq!(manage.list(&caller).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_opens_nothing_of_the_account() {
    let (world, _) = World::with_people().await;
    let (signed_in, caller) = world.sign_in().await;
    let manage = world.manage_tokens();
    let all = wanted("all", &[Scope::Read, Scope::Write]);
    let (secret, token) = manage.create(&caller, all.clone()).await.unwrap();
    let program = world.by_token(&secret).await.unwrap();

    let made = manage.create(&program, all).await;
    assert!(matches!(made, Err(TokenError::SessionNeeded)));
    let listed = manage.list(&program).await;
    assert!(matches!(listed, Err(TokenError::SessionNeeded)));
    let revoked = manage.revoke(&program, token.id).await;
    assert!(matches!(revoked, Err(TokenError::SessionNeeded)));
    let changed = world
        .change_password
        .run(&program, PASSWORD, OTHER_PASSWORD);
    assert!(matches!(changed.await, Err(ChangePasswordError::SignedOut)));
    let edited = world.edit_profile.run(&program, ProfileEdits::default());
    assert!(matches!(edited.await, Err(EditProfileError::SignedOut)));
    let enrolled = world.second_factor.enrol(&program).await;
    assert!(matches!(enrolled, Err(SecondFactorError::SignedOut)));
    assert_eq!(world.sign_out.everywhere(&program).await.unwrap(), 0);
    assert_eq!(world.sign_out.list(&program).await.unwrap(), []);
    assert!(world.who(&signed_in).await.is_ok());
    let enrol = world.authenticate.run(&secret.0, Purpose::Enrol, &NOBODY);
    assert!(matches!(enrol.await, Err(AuthenticateError::OtherPurpose)));
}

#[tokio::test]
async fn a_token_ends_in_time_by_hand_and_with_its_person() {
    let (world, ada) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let manage = world.manage_tokens();
    let mut hour = wanted("hour", &[Scope::Read]);
    hour.expires_at = Some(world.clock.now().plus(Duration::from_hours(1)));
    let (secret, _) = manage.create(&caller, hour).await.unwrap();
    world
        .clock
        .advance(Duration::from_hours(1).checked_sub(SECOND).unwrap());
    assert!(world.by_token(&secret).await.is_ok());
    world.clock.advance(SECOND);
    assert!(world.by_token(&secret).await.is_err());

    let ((_, caller), root) = (world.sign_in().await, world.root().await);
    let (secret, token) = manage
        .create(&caller, wanted("x", &[Scope::Read]))
        .await
        .unwrap();
    assert!(!manage.revoke(&root, token.id).await.unwrap(), "not hers");
    assert!(manage.revoke(&caller, token.id).await.unwrap());
    assert_eq!(world.last_line().action, Action::ApiTokenRevoked);
    assert!(!manage.revoke(&caller, token.id).await.unwrap());
    assert!(world.by_token(&secret).await.is_err());
    let forged = ClientSecret("dv_pat_forged".to_owned());
    assert!(world.by_token(&forged).await.is_err());

    let (secret, _) = manage
        .create(&caller, wanted("y", &[Scope::Read]))
        .await
        .unwrap();
    world.disable(ada).await;
    assert!(world.by_token(&secret).await.is_err());
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let (world, _) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let manage = world.manage_tokens();
    let long = "x".repeat(81);
    for name in ["", "  ", "a\nb", &long] {
        let refused = manage.create(&caller, wanted(name, &[Scope::Read])).await;
        assert!(matches!(refused, Err(TokenError::Name(_))), "{name:?}");
    }
    let refused = manage.create(&caller, wanted("x", &[])).await;
    assert!(matches!(refused, Err(TokenError::NoScope)));
    let refused = manage.create(&caller, wanted("x", &[Scope::Admin])).await;
    assert!(matches!(refused, Err(TokenError::AdministratorsOnly)));
    let mut over = wanted("x", &[Scope::Read]);
    over.expires_at = Some(world.clock.now());
    let refused = manage.create(&caller, over).await;
    assert!(matches!(refused, Err(TokenError::AlreadyOver)));
    let root = world.root().await;
    let made = manage.create(&root, wanted("x", &[Scope::Admin])).await;
    let (secret, _) = made.unwrap();
    let program = world.by_token(&secret).await.unwrap();
    assert!(program.administrator().is_some());
    let read = manage.create(&root, wanted("x", &[Scope::Read])).await;
    let program = world.by_token(&read.unwrap().0).await.unwrap();
    assert!(program.administrator().is_none() && root.administrator().is_some());
    assert!(caller.administrator().is_none());

    for n in 0..ApiToken::MAX {
        let name = format!("token {n}");
        let made = manage.create(&caller, wanted(&name, &[Scope::Read])).await;
        made.unwrap();
    }
    let refused = manage.create(&caller, wanted("x", &[Scope::Read])).await;
    assert!(matches!(refused, Err(TokenError::TooMany)));
}

#[tokio::test]
async fn a_use_is_noted_once_a_minute() {
    let (world, _) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let manage = world.manage_tokens();
    let made = manage.create(&caller, wanted("x", &[Scope::Read]));
    let (secret, token) = made.await.unwrap();
    assert_eq!(world.last_used(&token).await, None);
    let first = world.clock.now();
    world.by_token(&secret).await.unwrap();
    assert_eq!(world.last_used(&token).await, Some(first));
    world.clock.advance(Duration::from_secs(59));
    world.by_token(&secret).await.unwrap();
    assert_eq!(world.last_used(&token).await, Some(first));
    let second = world.clock.advance(SECOND);
    // Whoever cannot write it down is let in all the same.
    let fault = docuvault_domain::PortError::transient("committing", "gone");
    world.store.fail_next_commit(fault);
    world.by_token(&secret).await.unwrap();
    assert_eq!(world.last_used(&token).await, Some(first));
    world.by_token(&secret).await.unwrap();
    assert_eq!(world.last_used(&token).await, Some(second));
}
