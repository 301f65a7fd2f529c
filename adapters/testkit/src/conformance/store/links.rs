use std::sync::Arc;

use docuvault_domain::accounts::{Email, Invite, Role};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{InviteId, UserId};
use docuvault_domain::ports::ResetRequest;
use futures::future::join_all;

use super::Subject;
use super::fixtures::{at, id, write};
use super::users::{add, user};

fn digest(n: u64) -> Sha256 {
    Sha256::parse(format!("{n:064x}")).unwrap()
}

async fn put(store: &Subject, user: UserId, n: u64, end: u64) {
    write(store, async |unit| {
        let resets = unit.resets();
        resets.put(user, &digest(n), at(0), at(end)).await.unwrap();
    })
    .await;
}

async fn find(store: &Subject, n: u64, now: u64) -> Option<UserId> {
    store.resets().find(&digest(n), at(now)).await.unwrap()
}

async fn take(store: &Subject, n: u64, now: u64) -> Option<UserId> {
    write(store, async |unit| {
        unit.resets().take(&digest(n), at(now)).await.unwrap()
    })
    .await
}

pub(super) async fn the_newest_reset_link_works_once(store: &Subject) {
    let (ada, bob) = (user(1, "ada"), user(2, "bob"));
    for user in [&ada, &bob] {
        add(store, user).await.unwrap();
    }
    put(store, ada.id, 1, 100).await;
    put(store, ada.id, 2, 100).await;
    put(store, bob.id, 3, 50).await;
    assert_eq!(find(store, 1, 10).await, None, "an older one");
    assert_eq!(find(store, 2, 99).await, Some(ada.id));
    assert_eq!(find(store, 2, 100).await, None, "over");
    assert_eq!(take(store, 2, 100).await, None, "over");
    assert_eq!(take(store, 9, 10).await, None);
    assert_eq!(take(store, 2, 99).await, Some(ada.id));
    assert_eq!(take(store, 2, 99).await, None);
    assert_eq!(find(store, 3, 10).await, Some(bob.id));
    put(store, ada.id, 4, 100).await;
    let purge = async |before: u64| {
        write(store, async |unit| {
            unit.resets().purge(at(before)).await.unwrap()
        })
        .await
    };
    assert_eq!((purge(50).await, purge(51).await), (0, 1));
    write(store, async |unit| {
        unit.resets().remove(ada.id).await.unwrap();
    })
    .await;
    assert_eq!(find(store, 4, 10).await, None);
}

pub(super) async fn of_many_with_one_reset_link_one_gets_in(store: &Subject) {
    let ada = user(1, "ada");
    add(store, &ada).await.unwrap();
    put(store, ada.id, 1, 100).await;
    let tries = (0..20).map(|_| {
        let store = Arc::clone(store);
        async move { take(&store, 1, 5).await }
    });
    let taken = join_all(tries).await;
    assert_eq!(taken.iter().flatten().count(), 1);
}

pub(super) async fn requests_are_taken_once(store: &Subject) {
    let request = |n: u64| ResetRequest {
        id: id(n),
        email: Email::parse(&format!("somebody{n}@example.org")).unwrap(),
        at: at(10 - n),
    };
    let next = async || {
        write(store, async |unit| {
            unit.resets().take_request().await.unwrap()
        })
        .await
    };
    assert!(!store.resets().any_asked().await.unwrap());
    assert_eq!(next().await, None);
    write(store, async |unit| {
        for n in 1..=2 {
            unit.resets().ask(&request(n)).await.unwrap();
        }
    })
    .await;
    assert!(store.resets().any_asked().await.unwrap());
    // Whoever takes one and dies has not taken it.
    let unit = store.begin().await.unwrap();
    let taken = unit.resets().take_request().await.unwrap();
    assert_eq!(taken, Some(request(2)));
    drop(unit);
    // Its lock may outlive it by a moment, in which others get the next one.
    let mut taken = Vec::new();
    while store.resets().any_asked().await.unwrap() {
        taken.extend(next().await);
    }
    taken.sort_by_key(|request| request.at);
    assert_eq!(taken, [request(2), request(1)]);
    assert_eq!(next().await, None);
}

fn invite(n: u64, by: UserId) -> Invite {
    Invite {
        id: InviteId(id(n)),
        email: None,
        role: Role::User,
        created_by: Some(by),
        created_at: at(n),
        expires_at: at(100),
        used_at: None,
    }
}

async fn add_invite(store: &Subject, invite: &Invite, n: u64) {
    write(store, async |unit| {
        unit.invites().add(invite, &digest(n)).await.unwrap();
    })
    .await;
}

async fn take_invite(store: &Subject, n: u64, now: u64) -> bool {
    write(store, async |unit| {
        let invites = unit.invites();
        let (invite, new) = (InviteId(id(n)), UserId(id(50)));
        invites.take(invite, new, at(now)).await.unwrap()
    })
    .await
}

pub(super) async fn invites_are_found_used_and_removed(store: &Subject) {
    let root = user(1, "root");
    add(store, &root).await.unwrap();
    let mut first = invite(1, root.id);
    first.email = Some(Email::parse("Ada@example.org").unwrap());
    first.role = Role::Admin;
    let mut second = invite(2, root.id);
    for (n, invite) in [(1, &first), (2, &second), (3, &invite(3, root.id))] {
        add_invite(store, invite, n).await;
    }
    let find = async |n: u64, now: u64| {
        let invites = store.invites();
        invites.find(&digest(n), at(now)).await.unwrap()
    };
    assert_eq!(find(1, 99).await, Some(first.clone()));
    assert_eq!(find(1, 100).await, None, "over");
    assert_eq!(find(9, 10).await, None);
    assert!(!take_invite(store, 2, 100).await, "over");
    assert!(take_invite(store, 2, 20).await);
    assert!(!take_invite(store, 2, 20).await, "used");
    assert_eq!(find(2, 21).await, None);
    second.used_at = Some(at(20));
    let listed = store.invites().list().await.unwrap();
    assert_eq!(listed, [invite(3, root.id), second.clone(), first.clone()]);

    let remove = async |n: u64| {
        write(store, async |unit| {
            unit.invites().remove(InviteId(id(n))).await.unwrap()
        })
        .await
    };
    assert!(remove(3).await && !remove(3).await);
    let open = write(store, async |unit| {
        unit.invites().remove_open_of(root.id).await.unwrap()
    })
    .await;
    assert_eq!(open, 1);
    assert_eq!(store.invites().list().await.unwrap(), [second]);
    let purge = async |before: u64| {
        write(store, async |unit| {
            unit.invites().purge(at(before)).await.unwrap()
        })
        .await
    };
    assert_eq!((purge(20).await, purge(21).await), (0, 1));
}

pub(super) async fn of_many_with_one_invite_one_gets_in(store: &Subject) {
    let root = user(1, "root");
    add(store, &root).await.unwrap();
    add_invite(store, &invite(1, root.id), 1).await;
    let tries = (0..20).map(|_| {
        let store = Arc::clone(store);
        async move { take_invite(&store, 1, 5).await }
    });
    let taken = join_all(tries).await;
    assert_eq!(taken.iter().filter(|taken| **taken).count(), 1);
}
