use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::accounts::{Session, User};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{SessionId, UserId};
use docuvault_domain::ports::{Lifetimes, Rotation};
use futures::future::join_all;

use super::Subject;
use super::fixtures::{at, id, write};
use super::users::{add, user};

const LIFETIMES: Lifetimes = Lifetimes {
    idle: Duration::from_secs(100),
    absolute: Duration::from_secs(250),
};

fn token(n: u64) -> Sha256 {
    Sha256::parse(format!("{n:064x}")).unwrap()
}

fn session(n: u64, user: &User) -> Session {
    Session {
        id: SessionId(id(n)),
        user: user.id,
        user_agent: Some(format!("Browser {n} „x“")),
        address: Some("2001:db8::1".parse().unwrap()),
        created_at: at(n),
        last_used_at: at(n),
        confirmed_at: at(n),
        expires_at: at(n + 100),
        single_sign_on: n.is_multiple_of(2),
    }
}

/// Somebody with sessions 1 to `sessions`, begun at seconds 1, 2 …, with tokens of the same numbers.
async fn signed_in(store: &Subject, sessions: u64) -> User {
    let ada = user(1, "ada");
    add(store, &ada).await.unwrap();
    for n in 1..=sessions {
        begin(store, &session(n, &ada), n).await;
    }
    ada
}

async fn begin(store: &Subject, session: &Session, first: u64) {
    write(store, async |unit| {
        unit.sessions().begin(session, &token(first)).await.unwrap();
    })
    .await;
}

async fn rotate(store: &Subject, presented: u64, next: u64, now: u64) -> Rotation {
    let address: IpAddr = "192.0.2.7".parse().unwrap();
    write(store, async |unit| {
        let (presented, next) = (token(presented), token(next));
        let sessions = unit.sessions();
        let rotation = sessions.rotate(&presented, &next, at(now), LIFETIMES, Some(address));
        rotation.await.unwrap()
    })
    .await
}

async fn is_live(store: &Subject, n: u64, now: u64) -> bool {
    let live = store
        .sessions()
        .live(SessionId(id(n)), at(now))
        .await
        .unwrap();
    live.is_some()
}

pub(super) async fn a_session_that_began_is_found(store: &Subject) {
    let ada = signed_in(store, 1).await;
    let mut bare = session(2, &ada);
    (bare.user_agent, bare.address) = (None, None);
    begin(store, &bare, 2).await;
    let live = store
        .sessions()
        .live(SessionId(id(1)), at(2))
        .await
        .unwrap();
    assert_eq!(live, Some((session(1, &ada), ada.clone())));
    let live = store.sessions().live(bare.id, at(3)).await.unwrap();
    assert_eq!(live, Some((bare.clone(), ada.clone())));
    let listed = store.sessions().list(ada.id, at(3)).await.unwrap();
    assert_eq!(listed, [bare, session(1, &ada)]);
    assert_eq!(
        store.sessions().list(UserId(id(9)), at(3)).await.unwrap(),
        []
    );
}

/// A second before its end it is there, at its end it is not.
pub(super) async fn a_session_ends_by_idleness_and_by_age(store: &Subject) {
    let ada = signed_in(store, 1).await;
    assert!(is_live(store, 1, 100).await);
    assert!(!is_live(store, 1, 101).await);
    assert_eq!(store.sessions().list(ada.id, at(101)).await.unwrap(), []);
    assert_eq!(rotate(store, 1, 2, 101).await, Rotation::Unknown);
}

pub(super) async fn use_prolongs_it_up_to_a_day(store: &Subject) {
    let ada = signed_in(store, 1).await;
    let used = |last: u64, end: u64| Session {
        address: Some("192.0.2.7".parse().unwrap()),
        last_used_at: at(last),
        expires_at: at(end),
        ..session(1, &ada)
    };
    assert_eq!(
        rotate(store, 1, 2, 90).await,
        Rotation::Rotated(used(90, 190))
    );
    assert_eq!(
        rotate(store, 2, 3, 180).await,
        Rotation::Rotated(used(180, 251))
    );
    assert!(is_live(store, 1, 250).await);
    assert!(!is_live(store, 1, 251).await);
    let listed = store.sessions().list(ada.id, at(200)).await.unwrap();
    assert_eq!(listed, [used(180, 251)]);
}

pub(super) async fn a_token_shown_twice_ends_the_session(store: &Subject) {
    let ada = signed_in(store, 2).await;
    assert!(matches!(
        rotate(store, 1, 11, 10).await,
        Rotation::Rotated(_)
    ));
    assert!(matches!(
        rotate(store, 11, 12, 20).await,
        Rotation::Rotated(_)
    ));
    let Rotation::Reused(ended) = rotate(store, 1, 13, 21).await else {
        panic!("a used token was not noticed");
    };
    assert_eq!((ended.id, ended.user), (SessionId(id(1)), ada.id));
    assert!(!is_live(store, 1, 22).await);
    for presented in [1, 11, 12, 13, 99] {
        assert_eq!(
            rotate(store, presented, 14, 23).await,
            Rotation::Unknown,
            "{presented}"
        );
    }
    assert!(is_live(store, 2, 22).await, "another session");
}

pub(super) async fn of_many_rotations_one_wins(store: &Subject) {
    signed_in(store, 1).await;
    let tries = (0..20).map(|n| {
        let store = Arc::clone(store);
        async move { rotate(&store, 1, 100 + n, 10).await }
    });
    let all = join_all(tries).await;
    let won = all.iter().filter(|one| matches!(one, Rotation::Rotated(_)));
    assert_eq!(won.count(), 1);
    let reused = all.iter().filter(|one| matches!(one, Rotation::Reused(_)));
    assert_eq!(reused.count(), 1, "it ends once");
    assert!(!is_live(store, 1, 11).await);
}

pub(super) async fn people_end_their_own_sessions(store: &Subject) {
    let ada = signed_in(store, 4).await;
    let bob = user(2, "bob");
    add(store, &bob).await.unwrap();
    begin(store, &session(9, &bob), 9).await;
    let end = async |user: UserId, n: u64| {
        write(store, async |unit| {
            unit.sessions()
                .end(user, SessionId(id(n)), at(20))
                .await
                .unwrap()
        })
        .await
    };
    assert!(!end(bob.id, 1).await, "somebody else's");
    assert!(end(ada.id, 1).await);
    assert!(!end(ada.id, 1).await, "a second time");
    assert!(!is_live(store, 1, 20).await);
    assert_eq!(rotate(store, 1, 50, 20).await, Rotation::Unknown);
    let end_by = async |presented: u64| {
        write(store, async |unit| {
            let sessions = unit.sessions();
            sessions
                .end_by_token(&token(presented), at(20))
                .await
                .unwrap()
        })
        .await
    };
    begin(store, &session(5, &ada), 5).await;
    assert!(matches!(
        rotate(store, 5, 55, 19).await,
        Rotation::Rotated(_)
    ));
    assert_eq!(end_by(77).await, None, "nobody's");
    // Signing out works with a token that was just traded as well.
    let ended = end_by(5).await.map(|session| session.id);
    assert_eq!(ended, Some(SessionId(id(5))));
    assert_eq!(end_by(55).await, None, "it is over");
    assert!(!is_live(store, 5, 20).await);
    let end_all = async |kept: Option<u64>| {
        let kept = kept.map(|n| SessionId(id(n)));
        write(store, async |unit| {
            unit.sessions().end_all(ada.id, kept, at(21)).await.unwrap()
        })
        .await
    };
    assert_eq!(end_all(Some(3)).await, 2);
    assert!(is_live(store, 3, 21).await && !is_live(store, 2, 21).await);
    assert_eq!(end_all(None).await, 1);
    assert_eq!(end_all(None).await, 0);
    assert!(is_live(store, 9, 21).await, "another person's");
}

pub(super) async fn a_disabled_account_has_no_live_session(store: &Subject) {
    let mut ada = signed_in(store, 1).await;
    ada.disabled_at = Some(at(5));
    write(store, async |unit| unit.users().update(&ada).await.unwrap()).await;
    assert!(!is_live(store, 1, 6).await);
    assert_eq!(rotate(store, 1, 2, 6).await, Rotation::Unknown);
}

pub(super) async fn sessions_are_purged_when_long_over(store: &Subject) {
    let ada = signed_in(store, 3).await;
    write(store, async |unit| {
        unit.sessions()
            .end(ada.id, SessionId(id(3)), at(50))
            .await
            .unwrap()
    })
    .await;
    let purge = async |before: u64| {
        write(store, async |unit| {
            unit.sessions().purge(at(before)).await.unwrap()
        })
        .await
    };
    assert_eq!(purge(50).await, 0);
    assert_eq!(purge(51).await, 1);
    assert_eq!(purge(102).await, 1);
    assert!(is_live(store, 2, 101).await);
    assert!(matches!(
        rotate(store, 2, 20, 101).await,
        Rotation::Rotated(_)
    ));
}
