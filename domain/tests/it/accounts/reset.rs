//! Choosing a new password by a link.

use docuvault_domain::accounts::{ResetError, ResetPassword, ResetRequestError};

use super::mails::secret;
use super::*;

impl World {
    pub(super) fn resets(&self) -> ResetPassword {
        ResetPassword {
            core: self.core.clone(),
            hasher: self.hasher.clone(),
            tokens: self.tokens.clone(),
            rate_limiter: self.rate_limiter.clone(),
            passwords: true,
            outbox: self.outbox.clone(),
        }
    }

    async fn ask(&self, email: &str) {
        let email = Email::parse(email).unwrap();
        self.resets().request(&NOBODY, &email).await.unwrap();
    }

    /// The secret of the link that `ada` gets when she asks.
    async fn link(&self) -> String {
        self.ask("ADA@example.org").await;
        assert_eq!(self.resets().answer_requests().await.unwrap(), 1);
        let mail = self.mail().await;
        assert!(mail.text.contains("https://vault.example.org/reset#token="));
        secret(&mail.text)
    }

    async fn confirm(&self, link: &str, password: &str) -> Result<(), ResetError> {
        self.resets().confirm(&NOBODY, link, password).await
    }
}

#[tokio::test]
async fn a_link_replaces_the_password_once_and_ends_all_sessions() {
    let (world, ada) = World::with_people().await;
    let (signed_in, _) = world.sign_in().await;
    let link = world.link().await;
    let weak = world.confirm(&link, "short").await;
    assert!(matches!(
        weak,
        Err(ResetError::Weak(WeakPassword::TooShort))
    ));
    let own = world.confirm(&link, "Ada@example.org").await;
    assert!(matches!(own, Err(ResetError::Weak(WeakPassword::OwnName))));
    assert!(world.who(&signed_in).await.is_ok());

    world.confirm(&link, OTHER_PASSWORD).await.unwrap();
    let written = world.last_line();
    assert_eq!(
        (written.action, written.resource),
        (Action::PasswordReset, Resource::Account(ada.id))
    );
    assert!(world.who(&signed_in).await.is_err());
    let stolen = world.sign_in.refresh(&NOBODY, &signed_in.refresh.0).await;
    assert!(matches!(stolen, Err(RefreshError::Revoked)));
    assert!(world.try_to_sign_in("ada", PASSWORD).await.is_err());
    world.try_to_sign_in("ada", OTHER_PASSWORD).await.unwrap();
    assert_eq!(world.mail().await.subject, "Your password was changed");
    let again = world.confirm(&link, "some other password").await;
    assert!(matches!(again, Err(ResetError::LinkInvalid)));
}

#[tokio::test]
async fn a_request_tells_nothing_and_does_the_same_for_everybody() {
    let (world, _) = World::with_people().await;
    let resets = world.resets();
    for email in ["nobody@example.org", "ada@example.org"] {
        let lines = world.store.audit_lines().len();
        world.ask(email).await;
        let line = world.last_line();
        assert_eq!(world.store.audit_lines().len(), lines + 1);
        assert_eq!(
            (line.action, line.resource, line.actor),
            (
                Action::PasswordResetRequested,
                Resource::Account(UserId::NOBODY),
                None
            )
        );
        assert_eq!(world.mails().await, [], "nothing is promised yet");
    }
    assert_eq!(resets.answer_requests().await.unwrap(), 1);
    assert_eq!(world.mail().await.to.as_str(), "ada@example.org");
    assert_eq!(resets.answer_requests().await.unwrap(), 0);
    for _ in 0..2 {
        world.ask("ada@example.org").await;
    }
    let email = Email::parse("ADA@example.org").unwrap();
    let refused = resets.request(&NOBODY, &email).await;
    assert!(matches!(refused, Err(ResetRequestError::TooMany { .. })));
}

#[tokio::test]
async fn only_the_newest_link_works_and_only_for_a_while() {
    let (world, ada) = World::with_people().await;
    let first = world.link().await;
    let second = world.link().await;
    let old = world.confirm(&first, OTHER_PASSWORD).await;
    assert!(matches!(old, Err(ResetError::LinkInvalid)));
    world
        .clock
        .advance(Duration::from_mins(30).checked_sub(SECOND).unwrap());
    let none = world.confirm("none", OTHER_PASSWORD).await;
    assert!(matches!(none, Err(ResetError::LinkInvalid)));
    let peeked = world.confirm(&second, "short").await;
    assert!(matches!(peeked, Err(ResetError::Weak(_))), "still good");
    world.clock.advance(SECOND);
    let over = world.confirm(&second, OTHER_PASSWORD).await;
    assert!(matches!(over, Err(ResetError::LinkInvalid)));

    let third = world.link().await;
    world.disable(ada).await;
    let disabled = world.confirm(&third, OTHER_PASSWORD).await;
    assert!(matches!(disabled, Err(ResetError::LinkInvalid)));
    world.clock.advance(Duration::from_hours(1));
    world.ask("ada@example.org").await;
    assert_eq!(world.resets().answer_requests().await.unwrap(), 0);
}

#[tokio::test]
async fn of_many_with_one_link_one_gets_in() {
    let (world, _) = World::with_people().await;
    let link = world.link().await;
    let resets = world.resets();
    let tries = (0..5).map(|_| resets.confirm(&NOBODY, &link, OTHER_PASSWORD));
    let all = join_all(tries).await;
    assert_eq!(all.iter().flatten().count(), 1);
    let refused = world.confirm(&link, OTHER_PASSWORD).await;
    assert!(matches!(refused, Err(ResetError::TooMany { .. })));
}

#[tokio::test]
async fn a_reset_leaves_the_second_factor_on() {
    let (world, _, _) = World::with_factor().await;
    world.mails().await;
    let link = world.link().await;
    world.confirm(&link, OTHER_PASSWORD).await.unwrap();
    let asked = world.try_to_sign_in("ada", OTHER_PASSWORD).await;
    assert!(matches!(asked, Err(SignInError::CodeNeeded)));
}
