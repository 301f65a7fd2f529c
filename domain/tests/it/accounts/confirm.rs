//! Proving anew who one is.

use docuvault_domain::accounts::{CONFIRMED_FOR, ConfirmError, ConfirmPerson, NewApiToken, Scope};

use super::*;

impl World {
    pub(super) fn confirm_person(&self) -> ConfirmPerson {
        ConfirmPerson {
            core: self.core.clone(),
            hasher: self.hasher.clone(),
            rate_limiter: self.rate_limiter.clone(),
            second_factor: self.second_factor.clone(),
        }
    }

    /// Whether the caller has proved lately enough who they are for a sensitive act.
    async fn may_act(&self, caller: &Caller) -> bool {
        let new = NewApiToken {
            name: "x".to_owned(),
            scopes: [Scope::Read].into_iter().collect(),
            expires_at: None,
        };
        self.manage_tokens().create(caller, new).await.is_ok()
    }
}

#[tokio::test]
async fn signing_in_counts_for_a_while_and_a_password_for_another() {
    let (world, _) = World::with_people().await;
    let (_, caller) = world.sign_in().await;
    let (_, elsewhere) = world.sign_in().await;
    let confirm = world.confirm_person();
    world
        .clock
        .advance(CONFIRMED_FOR.checked_sub(SECOND).unwrap());
    assert!(world.may_act(&caller).await);
    world.clock.advance(SECOND);
    assert!(!world.may_act(&caller).await);
    let wrong = confirm.run(&caller, "wrong", None).await;
    assert!(matches!(wrong, Err(ConfirmError::WrongPassword)));
    let line = world.last_line();
    assert_eq!(
        (line.action, line.outcome),
        (Action::PersonConfirmed, AuditOutcome::Refused)
    );
    assert!(!world.may_act(&caller).await);
    confirm.run(&caller, PASSWORD, None).await.unwrap();
    assert!(world.may_act(&caller).await);
    assert!(!world.may_act(&elsewhere).await, "in this session");
    let outcome = confirm.run(&NOBODY, PASSWORD, None).await;
    assert!(matches!(outcome, Err(ConfirmError::SignedOut)));
    assert!(!world.may_act(&NOBODY).await);
    world.sign_out.everywhere(&caller).await.unwrap();
    assert!(!world.may_act(&caller).await);
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_guessing_is_bounded() {
    let (world, caller, _) = World::with_factor().await;
    let confirm = world.confirm_person();
    let asked = confirm.run(&caller, PASSWORD, Some("")).await;
    assert!(matches!(asked, Err(ConfirmError::CodeNeeded)));
    let code = world.code();
    let wrong = confirm.run(&caller, PASSWORD, Some("000000")).await;
    assert!(matches!(wrong, Err(ConfirmError::WrongCode)));
    confirm.run(&caller, PASSWORD, Some(&code)).await.unwrap();
    let again = confirm.run(&caller, PASSWORD, Some(&code)).await;
    assert!(matches!(again, Err(ConfirmError::WrongCode)));
    let mut limited = false;
    for _ in 0..11 {
        let refused = confirm.run(&caller, "wrong", None).await;
        limited |= matches!(refused, Err(ConfirmError::TooMany { .. }));
    }
    assert!(limited);
}
