//! The audit trail and the installation's name.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use docuvault_domain::Caller;
use docuvault_domain::accounts::Handle;
use docuvault_domain::audit::{
    Action, Actor, AuditEntry, AuditFilter, AuditLine, AuditOutcome, AuditQuery, Resource,
};
use docuvault_domain::documents::Sha256;
use docuvault_domain::ids::{AuditId, InstanceId};
use docuvault_domain::page::Limit;
use futures::future::join_all;

use super::Subject;
use super::fixtures::{CALLER, add_n_documents, at, document_id, id, topic_id, write};

/// Every line is taken.
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
        Action::SigningKeyReplaced,
        Action::ApiTokenCreated,
        Action::ApiTokenRevoked,
        Action::AccountRoleChanged,
        Action::AccountDisabled,
        Action::AccountEnabled,
        Action::AccountQuotaChanged,
        Action::PasswordResetRequested,
        Action::PasswordResetOffered,
        Action::PasswordReset,
        Action::InviteCreated,
        Action::InviteRevoked,
        Action::InviteUsed,
        Action::EnrolmentBegun,
        Action::PersonConfirmed,
        Action::AccountDeleted,
        Action::AccountRemoved,
        Action::MailTried,
        Action::AuditExported,
    ];
    let caller = Caller {
        address: Some(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        request_id: Some(id(77)),
        ..CALLER
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

/// Newest first, page by page, and by each condition.
pub(super) async fn the_audit_trail_is_read_by_filter_and_page(store: &Subject) {
    add_n_documents(store, 0).await;
    let asked = |n: u64, address: u8, refused: bool| {
        let caller = Caller {
            address: Some(IpAddr::from([192, 0, 2, address])),
            request_id: Some(id(n)),
            ..CALLER
        };
        let at = at(n / 2);
        let document = Resource::Document(document_id(n % 2 + 1));
        let action = if n.is_multiple_of(3) {
            Action::DocumentTrashed
        } else {
            Action::DocumentEdited
        };
        let line = AuditLine::new(AuditId(id(n)), at, &caller, action, document);
        if refused { line.refused() } else { line }
    };
    let lines: Vec<_> = (1..=9)
        .map(|n| asked(n, u8::from(!n.is_multiple_of(2)), n == 4))
        .collect();
    write(store, async |unit| {
        unit.audit().append(&lines).await.unwrap();
    })
    .await;
    let all = async |filter: AuditFilter| {
        let mut query = AuditQuery {
            filter,
            limit: Limit::parse(2).unwrap(),
            after: None,
        };
        let mut found = Vec::new();
        loop {
            let page = store.audit().list(&query).await.unwrap();
            assert!(page.items.len() <= 2);
            found.extend(page.items);
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        found
    };
    let ids = |entries: &[AuditEntry]| -> Vec<_> { entries.iter().map(|it| it.id).collect() };
    let expect = |numbers: &[u64]| -> Vec<_> { numbers.iter().map(|n| AuditId(id(*n))).collect() };
    let found = all(AuditFilter::default()).await;
    assert_eq!(ids(&found), expect(&[9, 8, 7, 6, 5, 4, 3, 2, 1]));
    let fourth = &found[5];
    assert_eq!(fourth.outcome, AuditOutcome::Refused);
    assert_eq!(fourth.action, "document.edited");
    assert_eq!(fourth.actor, lines[3].actor);
    assert_eq!(
        (fourth.resource_kind.as_str(), fourth.resource),
        lines[3].resource.parts()
    );
    assert_eq!(fourth.request_id, Some(id(4)));
    let cases = [
        (
            AuditFilter {
                action: Some("document.trashed".to_owned()),
                ..AuditFilter::default()
            },
            &[9, 6, 3][..],
        ),
        (
            AuditFilter {
                outcome: Some(AuditOutcome::Refused),
                ..AuditFilter::default()
            },
            &[4],
        ),
        (
            AuditFilter {
                address: Some("192.0.2.0".to_owned()),
                ..AuditFilter::default()
            },
            &[8, 6, 4, 2],
        ),
        (
            AuditFilter {
                resource: Some(document_id(1).0),
                ..AuditFilter::default()
            },
            &[8, 6, 4, 2],
        ),
        (
            AuditFilter {
                from: Some(at(3)),
                to: Some(at(3)),
                ..AuditFilter::default()
            },
            &[7, 6],
        ),
        (
            AuditFilter {
                actor: Some(Actor::Handle(Handle::parse("nobody").unwrap())),
                ..AuditFilter::default()
            },
            &[],
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(
            ids(&all(filter.clone()).await),
            expect(expected),
            "{filter:?}"
        );
    }
}
