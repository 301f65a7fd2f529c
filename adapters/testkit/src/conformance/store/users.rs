use docuvault_domain::accounts::{Email, Handle, Role, User};
use docuvault_domain::ids::UserId;
use docuvault_domain::ports::{AccountConflict, PasswordHash};

use super::Subject;
use super::fixtures::{at, id, write};
use crate::builders::a_user;

pub(super) fn user(n: u64, handle: &str) -> User {
    a_user(id(n), handle, at(n))
}

fn hash(text: &str) -> PasswordHash {
    PasswordHash(format!("$argon2id$v=19$m=8,t=1,p=1${text}"))
}

pub(super) async fn add(store: &Subject, user: &User) -> Result<(), AccountConflict> {
    write(store, async |unit| {
        let password = hash(user.handle.as_str());
        unit.users().add(user, &password, 100).await
    })
    .await
}

async fn update(store: &Subject, user: &User) -> Result<(), AccountConflict> {
    write(store, async |unit| unit.users().update(user).await).await
}

pub(super) async fn added_and_found(store: &Subject) {
    assert!(!store.users().any().await.unwrap());
    let mut ada = user(1, "Ada.Lovelace");
    ada.email = Email::parse("Ada@Example.org").unwrap();
    ada.display_name.push_str(" „the first“");
    ada.role = Role::Admin;
    ada.locale = Some("de-CH".to_owned());
    ada.disabled_at = Some(at(50));
    let bob = user(2, "bob");
    for user in [&ada, &bob] {
        add(store, user).await.unwrap();
        assert_eq!(
            store.users().find(user.id).await.unwrap().as_ref(),
            Some(user)
        );
        let password = store.users().password(user.id).await.unwrap();
        assert_eq!(password, Some(hash(user.handle.as_str())));
    }
    assert!(store.users().any().await.unwrap());
    for login in ["ada.lovelace", "ADA.LOVELACE", " ada@example.ORG "] {
        let found = store.users().find_by_login(login).await.unwrap();
        assert_eq!(found, Some((ada.clone(), hash("Ada.Lovelace"))), "{login}");
    }
    for login in ["", "ada", "nobody", "ada@example.org.", "%"] {
        assert_eq!(
            store.users().find_by_login(login).await.unwrap(),
            None,
            "{login}"
        );
    }
    assert_eq!(store.users().find(UserId(id(3))).await.unwrap(), None);
    assert_eq!(store.users().password(UserId(id(3))).await.unwrap(), None);
}

pub(super) async fn names_are_unique_without_case(store: &Subject) {
    add(store, &user(1, "ada")).await.unwrap();
    add(store, &user(2, "bob")).await.unwrap();
    let mut same_handle = user(3, "ADA");
    same_handle.email = Email::parse("other@example.org").unwrap();
    let mut same_email = user(3, "other");
    same_email.email = Email::parse("ADA@EXAMPLE.ORG").unwrap();
    // Whoever sees both hears of the handle, which is no secret.
    let both = user(3, "Ada");
    for (user, handle) in [(&same_handle, true), (&same_email, false), (&both, true)] {
        // The unit goes on after a conflict, and so does the next try.
        let refused = write(store, async |unit| {
            let refused = unit.users().add(user, &hash("x"), 100).await.unwrap_err();
            assert!(unit.users().any().await.unwrap());
            refused
        })
        .await;
        assert_eq!(
            matches!(refused, AccountConflict::Handle),
            handle,
            "{refused:?}"
        );
        assert_eq!(
            matches!(refused, AccountConflict::Email),
            !handle,
            "{refused:?}"
        );
        let mut bob = user.clone();
        bob.id = UserId(id(2));
        let refused = update(store, &bob).await.unwrap_err();
        assert_eq!(
            matches!(refused, AccountConflict::Handle),
            handle,
            "{refused:?}"
        );
    }
    assert_eq!(store.users().find(UserId(id(3))).await.unwrap(), None);
    assert_eq!(
        store.users().find(UserId(id(2))).await.unwrap(),
        Some(user(2, "bob"))
    );
}

pub(super) async fn changed_without_the_password(store: &Subject) {
    let mut ada = user(1, "ada");
    add(store, &ada).await.unwrap();
    ada.handle = Handle::parse("ADA").unwrap();
    ada.email = Email::parse("countess@example.org").unwrap();
    ada.display_name.push_str(", Countess");
    ada.role = Role::Admin;
    ada.locale = Some("en".to_owned());
    ada.disabled_at = Some(at(7));
    ada.updated_at = at(8);
    update(store, &ada).await.unwrap();
    assert_eq!(store.users().find(ada.id).await.unwrap(), Some(ada.clone()));
    assert_eq!(
        store.users().password(ada.id).await.unwrap(),
        Some(hash("ada"))
    );

    write(store, async |unit| {
        unit.users()
            .set_password(ada.id, &hash("new"), at(9))
            .await
            .unwrap();
    })
    .await;
    ada.updated_at = at(9);
    let found = store
        .users()
        .find_by_login("countess@example.org")
        .await
        .unwrap();
    assert_eq!(found, Some((ada, hash("new"))));
}
