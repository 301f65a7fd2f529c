//! A second factor that the instance demands.

use super::*;

impl World {
    /// `login` signs in and must set a factor up: who they are while they do.
    async fn enrolling(&self, login: &str) -> (String, Caller) {
        let refused = self.try_to_sign_in(login, PASSWORD).await;
        let Err(SignInError::EnrolmentNeeded { token }) = refused else {
            panic!("{refused:?}");
        };
        let found = self.authenticate.run(&token, Purpose::Enrol, &NOBODY);
        let (caller, _) = found.await.unwrap();
        (token, caller)
    }
}

#[tokio::test]
async fn whoever_has_none_sets_it_up_and_nothing_else() {
    let (mut world, ada) = World::with_people().await;
    world.sign_in.factor_policy = FactorPolicy::Everyone;
    let wrong = world.try_to_sign_in("ada", "wrong").await;
    assert!(matches!(wrong, Err(SignInError::InvalidCredentials)));
    let (token, caller) = world.enrolling("ada").await;
    let opened = world.authenticate.run(&token, Purpose::Access, &NOBODY);
    assert!(matches!(opened.await, Err(AuthenticateError::OtherPurpose)));
    assert_eq!(caller.owner(), UserId::NOBODY, "sees nothing");
    assert!(!caller.allows(docuvault_domain::accounts::Scope::Read));
    assert_eq!(caller.session(), None);
    let changed = world.change_password.run(&caller, PASSWORD, OTHER_PASSWORD);
    assert!(matches!(changed.await, Err(ChangePasswordError::SignedOut)));
    let removed = world
        .second_factor
        .remove(&caller, PASSWORD, "000000")
        .await;
    assert!(matches!(removed, Err(SecondFactorError::SignedOut)));

    world.second_factor.enrol(&caller).await.unwrap();
    let codes = world.second_factor.confirm(&caller, &world.code()).await;
    assert_eq!(codes.unwrap().len(), RecoveryCode::SET);
    let line = world.last_line();
    assert_eq!((line.action, line.owner), (Action::SecondFactorOn, ada.id));
    let over = world.authenticate.run(&token, Purpose::Enrol, &NOBODY);
    assert!(matches!(over.await, Err(AuthenticateError::Invalid)));
    world.next_step();
    let signed_in = world.with_code(&world.code()).await.unwrap();
    assert!(world.who(&signed_in).await.is_ok());
    let renewed = world.sign_in.refresh(&NOBODY, &signed_in.refresh.0).await;
    assert!(renewed.is_ok());
}

#[tokio::test]
async fn sessions_from_before_the_demand_end() {
    let (mut world, _) = World::with_people().await;
    let (ada, _) = world.sign_in().await;
    let root = world.try_to_sign_in("root", PASSWORD).await.unwrap();
    world.sign_in.factor_policy = FactorPolicy::Admins;
    let renewed = world.sign_in.refresh(&NOBODY, &ada.refresh.0).await;
    assert!(renewed.is_ok(), "no administrator");
    let ended = world.sign_in.refresh(&NOBODY, &root.refresh.0).await;
    assert!(matches!(ended, Err(RefreshError::Revoked)));
    assert!(world.who(&root).await.is_err(), "at once");
    world.enrolling("root").await;
    world.sign_in().await;
}

#[tokio::test]
async fn the_time_to_set_it_up_ends() {
    let (mut world, _) = World::with_people().await;
    world.sign_in.factor_policy = FactorPolicy::Everyone;
    let (token, _) = world.enrolling("ada").await;
    world.clock.advance(ACCESS);
    let over = world.authenticate.run(&token, Purpose::Enrol, &NOBODY);
    assert!(matches!(over.await, Err(AuthenticateError::Invalid)));
}
