//! What people hear of by mail.

use docuvault_domain::accounts::{NewApiToken, Scope};

use super::*;

impl World {
    async fn subjects(&self) -> Vec<String> {
        let mails = self.mails().await;
        mails.into_iter().map(|mail| mail.subject).collect()
    }

    async fn from(&self, address: &str, user_agent: &str) {
        let caller = Caller {
            address: Some(address.parse().unwrap()),
            ..NOBODY
        };
        let credentials = Credentials {
            login: "ada".to_owned(),
            password: PASSWORD.to_owned(),
            code: None,
            user_agent: Some(user_agent.to_owned()),
        };
        self.sign_in.run(&caller, credentials).await.unwrap();
    }
}

#[tokio::test]
async fn a_new_browser_or_network_is_told_of_once() {
    let (world, _) = World::with_people().await;
    world.from("192.0.2.7", "Browser").await;
    assert_eq!(world.subjects().await, [""; 0], "the first one is no news");
    world.from("192.0.2.99", "Browser").await;
    assert_eq!(world.subjects().await, [""; 0], "the same network");
    world
        .from("198.51.100.7", "Other\r\nBcc: all@example.org")
        .await;
    let mail = world.mail().await;
    assert_eq!(mail.subject, "A new sign-in to your account");
    assert!(mail.text.contains("198.51.100.7") && mail.text.contains("Browser: OtherBcc:"));
    world
        .from("198.51.100.7", "Other\r\nBcc: all@example.org")
        .await;
    assert_eq!(world.subjects().await, [""; 0]);
    // After a while nobody remembers.
    world.clock.advance(Duration::from_hours(24 * 91));
    world.from("192.0.2.7", "Browser").await;
    assert_eq!(world.subjects().await, ["A new sign-in to your account"]);
}

#[tokio::test]
async fn a_new_password_and_a_new_address_are_told_of() {
    let (world, _) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let change = &world.change_password;
    change.run(&caller, PASSWORD, OTHER_PASSWORD).await.unwrap();
    assert_eq!(world.subjects().await, ["Your password was changed"]);
    change
        .run(&caller, PASSWORD, OTHER_PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(world.subjects().await, [""; 0]);

    let email = Email::parse("countess@example.org").unwrap();
    let edits = ProfileEdits {
        email: Some(email),
        ..ProfileEdits::default()
    };
    world.edit_profile.run(&caller, edits).await.unwrap();
    let mails = world.mails().await;
    let to: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, ["ada@example.org", "countess@example.org"]);
    for mail in &mails {
        assert_eq!(mail.subject, "Your e-mail address was changed");
        assert!(mail.text.contains("countess@example.org"));
    }
    let edits = ProfileEdits {
        locale: Some(Locale::parse("de").unwrap()),
        ..ProfileEdits::default()
    };
    world.edit_profile.run(&caller, edits).await.unwrap();
    assert_eq!(world.subjects().await, [""; 0]);
}

#[tokio::test]
async fn what_becomes_of_the_second_factor_is_told_of() {
    let (world, caller, codes) = World::with_factor().await;
    assert_eq!(world.subjects().await, ["Two-step sign-in is on"]);
    world.with_code(&codes[0].display()).await.unwrap();
    let mail = world.mail().await;
    assert_eq!(mail.subject, "A recovery code was used");
    assert!(mail.text.contains("Codes left: 9."), "{}", mail.text);
    let factor = &world.second_factor;
    let renewed = factor.renew_recovery_codes(&caller, &world.code()).await;
    renewed.unwrap();
    assert_eq!(world.subjects().await, ["You have new recovery codes"]);
    world.next_step();
    factor
        .remove(&caller, PASSWORD, &world.code())
        .await
        .unwrap();
    assert_eq!(world.subjects().await, ["Two-step sign-in is off"]);
}

#[tokio::test]
async fn a_token_is_told_of() {
    let (world, _) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let manage = world.manage_tokens();
    let new = NewApiToken {
        name: "Scanner".to_owned(),
        scopes: [Scope::Write].into_iter().collect(),
        expires_at: None,
    };
    manage.create(&caller, new.clone()).await.unwrap();
    let mail = world.mail().await;
    assert_eq!(mail.subject, "An API token was made");
    assert!(mail.text.contains("Scanner") && !mail.text.contains("dv_pat_"));
    world.clock.advance(Duration::from_mins(15));
    let refused = manage.create(&caller, new).await;
    assert!(matches!(
        refused,
        Err(docuvault_domain::accounts::TokenError::ConfirmationNeeded)
    ));
}
