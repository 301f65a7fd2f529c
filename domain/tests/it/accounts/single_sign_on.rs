//! Signing in by an identity provider: what HTTP alone cannot show.

use async_trait::async_trait;
use docuvault_domain::accounts::{
    Callback, LinkError, SingleSignOn, SingleSignOnError, SsoOutcome, SsoPolicy,
};
use docuvault_domain::ports::{
    Authorization, AuthorizationSecrets, Claims, IdentityProvider, ProviderError,
};

use super::*;

/// Vouches for one person, to whoever has its secrets.
struct FakeProvider(Claims);

fn secrets() -> AuthorizationSecrets {
    AuthorizationSecrets {
        nonce: "nonce".to_owned(),
        pkce_verifier: "verifier".to_owned(),
    }
}

#[async_trait]
impl IdentityProvider for FakeProvider {
    async fn authorize(&self, _again: bool) -> Result<Authorization, ProviderError> {
        Ok(Authorization {
            url: "https://id.example".to_owned(),
            state: "state".to_owned(),
            secrets: secrets(),
        })
    }

    async fn claims(
        &self,
        code: &str,
        _issuer: Option<&str>,
        kept: &AuthorizationSecrets,
    ) -> Result<Claims, ProviderError> {
        if code == "code" && *kept == secrets() {
            Ok(self.0.clone())
        } else {
            Err(ProviderError::Refused("another code".into()))
        }
    }
}

fn claims(name: &str) -> Claims {
    Claims {
        issuer: "https://id.example".to_owned(),
        subject: name.to_owned(),
        email: Some(format!("{name}@example.org")),
        email_verified: true,
        ..Claims::default()
    }
}

impl World {
    fn sso(&self, claims: Claims, policy: SsoPolicy) -> SingleSignOn {
        let World { sign_in, .. } = self;
        SingleSignOn {
            provider: Arc::new(FakeProvider(claims)),
            sign_in: Arc::new(SignIn {
                core: sign_in.core.clone(),
                hasher: sign_in.hasher.clone(),
                rate_limiter: sign_in.rate_limiter.clone(),
                second_factor: sign_in.second_factor.clone(),
                tokens: sign_in.tokens.clone(),
                outbox: sign_in.outbox.clone(),
                ..*sign_in
            }),
            secrets: Arc::new(FakeSecretBox),
            policy,
            limit_bytes: 100,
            language: Language::English,
        }
    }

    async fn arrive(&self, sso: &SingleSignOn) -> Result<SsoOutcome, SingleSignOnError> {
        let begun = sso.begin(&NOBODY, "/x", false).await.unwrap();
        sso.finish(&NOBODY, callback(&begun.browser.0)).await
    }
}

fn callback(browser: &str) -> Callback {
    Callback {
        state: "state".to_owned(),
        code: Some("code".to_owned()),
        browser: browser.to_owned(),
        ..Callback::default()
    }
}

fn signed_in(outcome: Result<SsoOutcome, SingleSignOnError>) -> SignedIn {
    match outcome {
        Ok(SsoOutcome::SignedIn { signed_in, .. }) => *signed_in,
        Ok(SsoOutcome::LinkNeeded { .. }) => panic!("a password is asked for"),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn who_stays_away_too_long_begins_anew() {
    let (world, _) = World::with_people().await;
    let sso = world.sso(claims("grace"), SsoPolicy::default());
    let begun = sso.begin(&NOBODY, "/x", false).await.unwrap();
    world.clock.advance(Duration::from_mins(10));
    let late = sso.finish(&NOBODY, callback(&begun.browser.0)).await;
    assert!(matches!(late, Err(SingleSignOnError::Failed)));
    let line = world.last_line();
    assert_eq!(
        (line.action, line.outcome),
        (Action::SignedIn, AuditOutcome::Refused)
    );
    // In time, and nobody gets an account where none are made.
    let closed = world.arrive(&sso).await;
    assert!(matches!(closed, Err(SingleSignOnError::NoAccount)));
}

#[tokio::test]
async fn linking_takes_the_second_factor_too() {
    let (world, caller, _) = World::with_factor().await;
    let ada = caller.owner();
    let sso = world.sso(claims("ada"), SsoPolicy::default());
    let Ok(SsoOutcome::LinkNeeded { link, return_to }) = world.arrive(&sso).await else {
        panic!("no password was asked for");
    };
    assert_eq!(return_to, "/x");
    let try_link = async |password: &str, code: Option<String>| {
        let password = password.to_owned();
        sso.link(&NOBODY, &link.0, password, code, None).await
    };
    let wrong = try_link("wrong", None).await.unwrap_err();
    assert!(matches!(
        wrong,
        LinkError::SignIn(SignInError::InvalidCredentials)
    ));
    let asked = try_link(PASSWORD, None).await.unwrap_err();
    assert!(matches!(asked, LinkError::SignIn(SignInError::CodeNeeded)));
    let wrong = try_link(PASSWORD, Some("000000".to_owned())).await;
    assert!(matches!(
        wrong,
        Err(LinkError::SignIn(SignInError::WrongCode))
    ));
    assert!(!world.store.sso().has_identity(ada).await.unwrap());
    world.next_step();
    let linked = try_link(PASSWORD, Some(world.code())).await.unwrap();
    assert_eq!(linked.user.id, ada);
    let again = try_link(PASSWORD, Some(world.code())).await.unwrap_err();
    assert!(matches!(again, LinkError::Over));
    // From now on neither is asked for, and the session is renewed although a factor is demanded.
    let signed_in = signed_in(world.arrive(&sso).await);
    assert!(signed_in.session.single_sign_on);
    let renewed = world.sign_in.refresh(&NOBODY, &signed_in.refresh.0).await;
    assert!(renewed.unwrap().session.single_sign_on);
}

#[tokio::test]
async fn a_demanded_factor_is_the_providers_business() {
    let (mut world, _) = World::with_people().await;
    world.sign_in.factor_policy = FactorPolicy::Everyone;
    let policy = SsoPolicy {
        create_accounts: true,
        ..SsoPolicy::default()
    };
    let sso = world.sso(claims("grace"), policy);
    let grace = signed_in(world.arrive(&sso).await);
    let renewed = world.sign_in.refresh(&NOBODY, &grace.refresh.0).await;
    assert!(renewed.is_ok());
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let (world, ada) = World::with_people().await;
    let policy = SsoPolicy {
        admin_groups: vec!["admins".to_owned()],
        ..SsoPolicy::default()
    };
    let unit = world.store.begin().await.unwrap();
    let root = unit.users().find_by_login("root").await.unwrap().unwrap().0;
    for (name, user) in [("root", root.id), ("ada", ada.id)] {
        let now = world.clock.now();
        let added = unit
            .sso()
            .add_identity("https://id.example", name, user, now);
        assert!(added.await.unwrap());
    }
    unit.commit().await.unwrap();
    let plain = world.sso(claims("root"), policy.clone());
    let root = signed_in(world.arrive(&plain).await);
    assert_eq!(root.user.role, Role::Admin, "nobody else is one");
    let admin = Claims {
        groups: vec!["admins".to_owned()],
        ..claims("ada")
    };
    let admins = world.sso(admin, policy);
    let ada = signed_in(world.arrive(&admins).await);
    assert_eq!(ada.user.role, Role::Admin);
    let root = signed_in(world.arrive(&plain).await);
    assert_eq!(root.user.role, Role::User);
}
