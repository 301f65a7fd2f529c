//! The audit trail and the installation's name.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use docuvault_domain::Caller;
use docuvault_domain::audit::{Action, AuditLine, Resource};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{AuditId, InstanceId};
use futures::future::join_all;

use super::Subject;
use super::fixtures::{LOCAL, add_n_documents, at, document_id, id, topic_id, write};

/// The port has no way to read the trail: that every line is taken is what can be seen of it.
pub(super) async fn append_every_action(store: &Subject) {
    let actions = [
        Action::DocumentUploaded,
        Action::DocumentEdited,
        Action::DocumentTrashed,
        Action::DocumentRestored,
        Action::DocumentDeleted,
        Action::DocumentReprocessed,
        Action::TopicCreated,
        Action::TopicEdited,
        Action::TopicDeleted,
        Action::TopicMerged,
        Action::AccountCreated,
        Action::AccountEdited,
        Action::PasswordChanged,
        Action::SecondFactorOn,
        Action::SecondFactorOff,
        Action::RecoveryCodesRenewed,
        Action::SignedIn,
        Action::SignedOut,
        Action::SignedOutEverywhere,
        Action::RefreshTokenReused,
    ];
    let caller = Caller {
        address: Some(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        request_id: Some(id(77)),
        ..LOCAL
    };
    let line = |(n, action): (u64, Action)| {
        let resource = if n.is_multiple_of(2) {
            Resource::Document(document_id(n))
        } else {
            Resource::Topic(topic_id(n))
        };
        AuditLine::new(AuditId(id(n)), at(n), &caller, action, resource)
    };
    let lines: Vec<_> = (1..).zip(actions).map(line).collect();
    write(store, async |unit| {
        unit.audit().append(&[]).await.unwrap();
        unit.audit().append(&lines).await.unwrap();
    })
    .await;
    let unit = store.begin().await.unwrap();
    let dropped = line((99, Action::DocumentEdited));
    unit.audit().append(&[dropped]).await.unwrap();
    drop(unit);
    // Not there after the roll-back: the same id is free.
    write(store, async |unit| {
        let kept = line((99, Action::DocumentEdited));
        unit.audit().append(&[kept]).await.unwrap();
    })
    .await;
}

pub(super) async fn instance_is_named_once(store: &Subject) {
    let (first, second) = (InstanceId(id(1)), InstanceId(id(2)));
    assert_eq!(store.instance().id().await.unwrap(), None);
    let claim = async |name| {
        write(store, async |unit| {
            unit.instance().claim(name, at(0)).await.unwrap()
        })
        .await
    };
    assert!(claim(first).await);
    assert!(!claim(first).await);
    assert!(!claim(second).await);
    assert_eq!(store.instance().id().await.unwrap(), Some(first));
}

pub(super) async fn the_setup_code_works_once(store: &Subject) {
    let digest = |digit: &str| Sha256::parse(digit.repeat(64)).unwrap();
    let take = async |digit: &str| {
        write(store, async |unit| {
            unit.instance()
                .take_setup_code(&digest(digit))
                .await
                .unwrap()
        })
        .await
    };
    assert!(!take("a").await, "before there is an instance");
    write(store, async |unit| {
        unit.instance()
            .claim(InstanceId(id(1)), at(0))
            .await
            .unwrap();
        unit.instance().set_setup_code(&digest("a")).await.unwrap();
        unit.instance().set_setup_code(&digest("b")).await.unwrap();
    })
    .await;
    assert_eq!(
        store.instance().setup_code().await.unwrap(),
        Some(digest("b"))
    );
    assert!(!take("a").await, "replaced");
    assert!(take("b").await);
    assert!(!take("b").await);
    assert_eq!(store.instance().setup_code().await.unwrap(), None);
}

pub(super) async fn one_replica_names_the_instance(store: &Subject) {
    let tasks = (1..=8).map(|n| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let unit = store.begin().await.unwrap();
            let named = unit
                .instance()
                .claim(InstanceId(id(n)), at(0))
                .await
                .unwrap();
            unit.commit().await.unwrap();
            named.then_some(InstanceId(id(n)))
        })
    });
    let named: Vec<_> = join_all(tasks)
        .await
        .into_iter()
        .filter_map(Result::unwrap)
        .collect();
    assert_eq!(named.len(), 1, "{named:?}");
    assert_eq!(store.instance().id().await.unwrap(), named.first().copied());
}

pub(super) async fn has_documents(store: &Subject) {
    assert!(!store.instance().has_documents().await.unwrap());
    add_n_documents(store, 1).await;
    assert!(store.instance().has_documents().await.unwrap());
}
