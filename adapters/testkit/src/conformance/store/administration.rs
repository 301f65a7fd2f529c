use std::sync::Arc;

use docuvault_domain::accounts::{
    AccountFilter, AccountOverview, AccountQuery, Email, Role, Session, User,
};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{SessionId, UserId};
use docuvault_domain::page::Limit;
use docuvault_domain::ports::AccountConflict;
use docuvault_domain::topics::Topic;
use docuvault_domain::{Caller, FaultKind};
use futures::future::join_all;

use super::Subject;
use super::fixtures::{at, document, document_id, id, topic, write};
use super::users::{add, user};

async fn update(store: &Subject, user: &User) -> Result<(), AccountConflict> {
    let unit = store.begin().await.unwrap();
    unit.users().update(user).await?;
    unit.commit().await.unwrap();
    Ok(())
}

async fn people(store: &Subject) -> [User; 3] {
    let mut people = [user(1, "Ada"), user(2, "bob"), user(3, "carl")];
    people[0].role = Role::Admin;
    people[1].disabled_at = Some(at(5));
    people[1].display_name.push_str(" „50%“");
    for user in &people {
        add(store, user).await.unwrap();
    }
    people
}

pub(super) async fn overviews_in_the_order_of_handles(store: &Subject) {
    let [ada, bob, carl] = people(store).await;
    let page = async |after: Option<&User>, limit: u32| {
        let query = AccountQuery {
            limit: Limit::parse(limit).unwrap(),
            after: after.map(|user| user.handle.clone()),
            ..AccountQuery::default()
        };
        let page = store.users().list(&query).await.unwrap();
        let ids: Vec<_> = page.items.iter().map(|item| item.user.id).collect();
        (ids, page.next)
    };
    let (first, next) = page(None, 2).await;
    assert_eq!(
        (first, next),
        (vec![ada.id, bob.id], Some(bob.handle.clone()))
    );
    assert_eq!(page(Some(&bob), 2).await, (vec![carl.id], None));
    assert_eq!(page(None, 3).await.1, None);

    let matching = async |filter: AccountFilter| {
        let query = AccountQuery {
            filter: filter.clone(),
            ..AccountQuery::default()
        };
        let page = store.users().list(&query).await.unwrap();
        assert_eq!(
            store.users().count(&filter).await.unwrap(),
            page.items.len() as u64
        );
        let ids = page.items.into_iter().map(|item| item.user.id);
        ids.collect::<Vec<_>>()
    };
    let text = |text: &str| AccountFilter {
        text: Some(text.to_owned()),
        ..AccountFilter::default()
    };
    assert_eq!(matching(text("ADA")).await, [ada.id]);
    assert_eq!(matching(text("carl@Example")).await, [carl.id]);
    assert_eq!(matching(text("50%")).await, [bob.id]);
    assert_eq!(matching(text("_")).await, [], "taken literally");
    let admins = AccountFilter {
        role: Some(Role::Admin),
        ..text("a")
    };
    assert_eq!(matching(admins).await, [ada.id]);
    for (disabled, expected) in [(true, vec![bob.id]), (false, vec![ada.id, carl.id])] {
        let filter = AccountFilter {
            disabled: Some(disabled),
            ..AccountFilter::default()
        };
        assert_eq!(matching(filter).await, expected);
    }
}

pub(super) async fn what_administrators_see_of_an_account(store: &Subject) {
    let [ada, _, carl] = people(store).await;
    let session = Session {
        id: SessionId(id(1)),
        user: ada.id,
        user_agent: Some("Browser".to_owned()),
        address: None,
        created_at: at(10),
        last_used_at: at(10),
        confirmed_at: at(10),
        expires_at: at(100),
        single_sign_on: false,
    };
    write(store, async |unit| {
        let token = Sha256::parse("a".repeat(64)).unwrap();
        unit.sessions().begin(&session, &token).await.unwrap();
        unit.sessions().confirm(session.id, at(20)).await.unwrap();
        unit.users().set_limit(ada.id, 7_000_000_000).await.unwrap();
        let mut new = document(1).build();
        new.owner = ada.id;
        new.trashed_at = Some(at(2));
        unit.documents().add(&new).await.unwrap();
    })
    .await;
    let seen = store.users().overview(ada.id).await.unwrap();
    let expected = AccountOverview {
        user: ada.clone(),
        last_seen_at: Some(at(10)),
        used_bytes: 0,
        limit_bytes: 7_000_000_000,
        documents: 1,
    };
    assert_eq!(seen, Some(expected));
    let seen = store.users().overview(carl.id).await.unwrap().unwrap();
    assert_eq!((seen.last_seen_at, seen.documents), (None, 0));
    assert_eq!(store.users().overview(UserId(id(99))).await.unwrap(), None);
    let live = store.sessions().live(session.id, at(21)).await.unwrap();
    assert_eq!(live.unwrap().0.confirmed_at, at(20));
    let devices = async |since: u64| {
        let sessions = store.sessions();
        sessions.devices(ada.id, at(since)).await.unwrap()
    };
    assert_eq!(devices(10).await, [(session.user_agent.clone(), None)]);
    assert_eq!(devices(11).await, []);
}

pub(super) async fn a_handle_is_never_somebody_elses(store: &Subject) {
    let [ada, bob, mut carl] = people(store).await;
    let old = carl.handle.clone();
    carl.handle = user(9, "charles").handle;
    update(store, &carl).await.unwrap();
    let mut thief = bob.clone();
    thief.handle = user(9, "CARL").handle;
    let refused = update(store, &thief).await;
    assert!(matches!(refused, Err(AccountConflict::Handle)));
    let mut new = user(8, "Carl");
    new.email = Email::parse("new@example.org").unwrap();
    let refused = add(store, &new).await;
    assert!(matches!(refused, Err(AccountConflict::Handle)));
    assert_eq!(store.users().find(new.id).await.unwrap(), None);
    carl.handle = old;
    update(store, &carl).await.unwrap();
    assert_eq!(store.users().find(ada.id).await.unwrap(), Some(ada));
}

async fn mark_deleted(store: &Subject, user: UserId) -> bool {
    write(store, async |unit| {
        unit.users().mark_deleted(user, at(30)).await.unwrap()
    })
    .await
}

pub(super) async fn a_deleted_account_is_not_there(store: &Subject) {
    let [ada, bob, carl] = people(store).await;
    assert!(mark_deleted(store, carl.id).await);
    assert!(!mark_deleted(store, carl.id).await);
    assert!(mark_deleted(store, bob.id).await, "two at once");
    let users = store.users();
    assert_eq!(users.find(carl.id).await.unwrap(), None);
    assert_eq!(users.overview(carl.id).await.unwrap(), None);
    assert_eq!(users.find_by_email(&carl.email).await.unwrap(), None);
    for login in ["carl", "carl@example.org", &format!("deleted:{}", carl.id)] {
        assert_eq!(users.find_by_login(login).await.unwrap(), None, "{login}");
    }
    assert_eq!(users.count(&AccountFilter::default()).await.unwrap(), 1);
    assert_eq!(users.find_by_email(&ada.email).await.unwrap(), Some(ada));
    let mut again = user(8, "Carl");
    let refused = add(store, &again).await;
    assert!(matches!(refused, Err(AccountConflict::Handle)));
    again.handle = user(8, "charles").handle;
    add(store, &again).await.unwrap();
    let deleted = store.users().deleted(10).await.unwrap();
    assert_eq!(deleted.len(), 2);
    assert_eq!(store.users().deleted(1).await.unwrap().len(), 1);
}

async fn topics_of(store: &Subject, user: &User) -> usize {
    let system = Caller::system(user.id);
    store.topics().list(&system).await.unwrap().len()
}

pub(super) async fn a_deleted_account_goes_with_what_is_its_own(store: &Subject) {
    let [ada, _, carl] = people(store).await;
    let of = |owner: &User, topic: Topic| Topic {
        owner: owner.id,
        ..topic
    };
    let mut new = document(1).build();
    new.owner = carl.id;
    write(store, async |unit| {
        let topics = [of(&carl, topic(1, "Tax")), of(&ada, topic(2, "Tax"))];
        unit.topics().add(&topics).await.unwrap();
        unit.documents().add(&new).await.unwrap();
    })
    .await;
    let remove = async |user: UserId| {
        let unit = store.begin().await.unwrap();
        unit.users().remove(user).await?;
        unit.commit().await
    };
    remove(carl.id).await.unwrap();
    assert_eq!(topics_of(store, &carl).await, 1, "not marked");
    mark_deleted(store, carl.id).await;
    let has_documents = remove(carl.id).await.unwrap_err();
    assert_eq!(has_documents.kind, FaultKind::Conflict);
    write(store, async |unit| {
        unit.documents().remove(document_id(1)).await.unwrap();
    })
    .await;
    remove(carl.id).await.unwrap();
    assert_eq!(store.users().deleted(10).await.unwrap(), []);
    let left = (topics_of(store, &carl).await, topics_of(store, &ada).await);
    assert_eq!(left, (0, 1));
    // Nobody who is not marked is removed, whatever is asked.
    remove(ada.id).await.unwrap();
    assert!(store.users().find(ada.id).await.unwrap().is_some());
    assert_eq!(topics_of(store, &ada).await, 1);
}

/// Each of two administrators demotes the other: whoever comes second is none any more.
pub(super) async fn parallel_demotions_leave_an_administrator(store: &Subject) {
    let mut admins: Vec<User> = ["ada", "bob", "carl"]
        .iter()
        .zip(1..)
        .map(|(handle, n)| user(n, handle))
        .collect();
    for user in &mut admins {
        user.role = Role::Admin;
        add(store, user).await.unwrap();
    }
    let demotions = (0..3).map(|n| {
        let (store, by) = (Arc::clone(store), admins[n].id);
        let mut other = admins[(n + 1) % 3].clone();
        tokio::spawn(async move {
            let unit = store.begin().await.unwrap();
            let admins = unit.users().lock_administrators().await.unwrap();
            if !admins.contains(&by) {
                return false;
            }
            other.role = Role::User;
            unit.users().update(&other).await.unwrap();
            unit.commit().await.unwrap();
            true
        })
    });
    let done = join_all(demotions).await;
    assert!(done.iter().flatten().any(|done| *done));
    let unit = store.begin().await.unwrap();
    let left = unit.users().lock_administrators().await.unwrap();
    assert!(!left.is_empty());
    let done = done.iter().flatten().filter(|done| **done).count();
    assert_eq!(left.len(), 3 - done);
}
