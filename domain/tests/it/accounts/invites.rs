//! Invitations.

use docuvault_domain::accounts::{InviteError, InviteState, ManageInvites, NewInvite, NotAllowed};

use super::mails::secret;
use super::*;

impl World {
    fn manage_invites(&self) -> ManageInvites {
        ManageInvites {
            core: self.core.clone(),
            tokens: self.tokens.clone(),
            outbox: self.outbox.clone(),
        }
    }

    async fn invite(&self, root: &Caller, role: Role) -> String {
        let new = NewInvite { role, ..anybody() };
        let (_, url) = self.manage_invites().create(root, new).await.unwrap();
        secret(&url)
    }
}

fn anybody() -> NewInvite {
    NewInvite {
        email: None,
        role: Role::User,
        days: None,
    }
}

fn invited(handle: &str, invite: &str) -> NewAccount {
    NewAccount {
        invite: Some(invite.to_owned()),
        ..account(handle)
    }
}

#[tokio::test]
async fn an_invitation_makes_one_account_even_where_nobody_may_register() {
    let (mut world, _) = World::with_people().await;
    let root = world.root().await;
    for policy in [RegistrationPolicy::Invite, RegistrationPolicy::Closed] {
        world.register.policy = policy;
        let refused = world.register.run(&NOBODY, account("carl")).await;
        match policy {
            RegistrationPolicy::Closed => assert!(matches!(refused, Err(RegisterError::Closed))),
            _ => assert!(matches!(refused, Err(RegisterError::InviteNeeded))),
        }
        let refused = world.register.run(&NOBODY, invited("carl", "none")).await;
        assert!(matches!(refused, Err(RegisterError::InviteInvalid)));
    }
    let invite = world.invite(&root, Role::Admin).await;
    // A name that is taken uses nothing up.
    let taken = world.register.run(&NOBODY, invited("ada", &invite)).await;
    assert!(matches!(taken, Err(RegisterError::HandleTaken)));
    let carl = world
        .register
        .run(&NOBODY, invited("carl", &format!(" {invite}\n")));
    assert_eq!(carl.await.unwrap().role, Role::Admin);
    let again = world.register.run(&NOBODY, invited("dora", &invite)).await;
    assert!(matches!(again, Err(RegisterError::InviteInvalid)));
    let listed = world.manage_invites().list(&root).await.unwrap();
    assert_eq!(listed[0].state(world.clock.now()), InviteState::Used);
}

#[tokio::test]
async fn of_fifty_with_one_invitation_one_gets_in() {
    let (mut world, _) = World::with_people().await;
    world.register.policy = RegistrationPolicy::Invite;
    let root = world.root().await;
    let invite = world.invite(&root, Role::User).await;
    let tries = (0..50).map(|n| {
        let new = invited(&format!("somebody{n}"), &invite);
        world.register.run(&NOBODY, new)
    });
    let all = join_all(tries).await;
    assert_eq!(all.iter().flatten().count(), 1);
}

#[tokio::test]
async fn an_invitation_for_an_address_is_mailed_there_and_for_that_address_only() {
    let (mut world, _) = World::with_people().await;
    world.register.policy = RegistrationPolicy::Invite;
    let root = world.root().await;
    world.mails().await;
    let new = NewInvite {
        email: Some(Email::parse("Carl@example.org").unwrap()),
        ..anybody()
    };
    let (invite, url) = world.manage_invites().create(&root, new).await.unwrap();
    let line = world.last_line();
    assert_eq!(
        (line.action, line.resource),
        (Action::InviteCreated, Resource::Invite(invite.id))
    );
    let mail = world.mail().await;
    assert_eq!(mail.to.as_str(), "Carl@example.org");
    assert!(mail.text.contains(&url), "{}", mail.text);
    assert!(url.starts_with("https://vault.example.org/register#invite="));
    let other = world
        .register
        .run(&NOBODY, invited("dora", &secret(&url)))
        .await;
    assert!(matches!(other, Err(RegisterError::InviteInvalid)));
    let carl = world.register.run(&NOBODY, invited("carl", &secret(&url)));
    carl.await.unwrap();
}

#[tokio::test]
async fn invitations_end_in_time_and_by_hand() {
    let (mut world, ada) = World::with_people().await;
    world.register.policy = RegistrationPolicy::Invite;
    let root = world.root().await;
    let manage = world.manage_invites();
    for days in [0, 91] {
        let new = NewInvite {
            days: Some(days),
            ..anybody()
        };
        let refused = manage.create(&root, new).await;
        assert!(matches!(refused, Err(InviteError::Days)), "{days}");
    }
    let open = world.invite(&root, Role::User).await;
    let revoked = world.invite(&root, Role::User).await;
    let id = manage.list(&root).await.unwrap()[0].id;
    assert!(manage.revoke(&root, id).await.unwrap());
    assert_eq!(world.last_line().action, Action::InviteRevoked);
    assert!(!manage.revoke(&root, id).await.unwrap());
    let refused = world.register.run(&NOBODY, invited("carl", &revoked)).await;
    assert!(matches!(refused, Err(RegisterError::InviteInvalid)));
    world.clock.advance(Duration::from_hours(7 * 24));
    let refused = world.register.run(&NOBODY, invited("carl", &open)).await;
    assert!(matches!(refused, Err(RegisterError::InviteInvalid)));

    let ada_asks = world
        .who(&world.try_to_sign_in("ada", PASSWORD).await.unwrap())
        .await;
    let refused = manage.create(&ada_asks.unwrap(), anybody()).await;
    let forbidden = InviteError::NotAllowed(NotAllowed::Forbidden).to_string();
    assert_eq!(refused.unwrap_err().to_string(), forbidden);
    assert!(manage.list(&NOBODY).await.is_err());
    assert_eq!(ada.role, Role::User);
}

#[tokio::test]
async fn with_mail_nobody_learns_who_has_an_account() {
    let (mut world, ada) = World::with_people().await;
    world.register.discreet = true;
    world.mails().await;
    let mut new = account("carl");
    new.email = "ADA@example.org".to_owned();
    let made = world.register.run(&NOBODY, new).await.unwrap();
    assert_eq!(made.handle.as_str(), "carl");
    assert_eq!(world.store.users().find(made.id).await.unwrap(), None);
    let mail = world.mail().await;
    assert_eq!(mail.to, ada.email);
    assert_eq!(mail.subject, "You have a DocuVault account already");
    assert_eq!(world.last_line().outcome, AuditOutcome::Refused);

    // The invitation is not used up by it.
    world.register.policy = RegistrationPolicy::Invite;
    let root = world.root().await;
    let invite = world.invite(&root, Role::User).await;
    let mut new = invited("carl", &invite);
    new.email = "ada@example.org".to_owned();
    world.register.run(&NOBODY, new).await.unwrap();
    let carl = world.register.run(&NOBODY, invited("carl", &invite));
    carl.await.unwrap();
}
