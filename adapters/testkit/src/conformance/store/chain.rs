//! The chain that seals the audit trail.

use std::sync::Arc;

use docuvault_domain::audit::{
    Action, AuditLine, ChainEnd, ChainPosition, Link, Resource, StoredLine,
};
use docuvault_domain::ids::AuditId;
use docuvault_domain::ports::Mac;
use futures::future::join_all;

use super::Subject;
use super::fixtures::{CALLER, OWNER, add_n_documents, at, document_id, id, write};

fn link(position: u64, line: u64) -> Link {
    Link {
        place: ChainPosition {
            position,
            mac: Mac(format!("mac {position}")),
        },
        line: AuditId(id(line)),
        sealed_at: at(100 + position),
    }
}

/// Lines of the seconds 1 to `n`, written in the opposite order.
async fn add_lines(store: &Subject, n: u64) {
    add_n_documents(store, 0).await;
    let line = |n| {
        let document = Resource::Document(document_id(n));
        AuditLine::new(
            AuditId(id(n)),
            at(n),
            &CALLER,
            Action::DocumentEdited,
            document,
        )
        .refused()
    };
    let lines: Vec<_> = (1..=n).rev().map(line).collect();
    write(store, async |unit| {
        unit.audit().append(&lines).await.unwrap();
    })
    .await;
}

async fn seal(store: &Subject, links: &[Link]) -> bool {
    let unit = store.begin().await.unwrap();
    let sealed = unit.audit_chain().append(links).await.unwrap();
    if sealed {
        unit.commit().await.unwrap();
    }
    sealed
}

/// Lines get links, and are found with them.
pub(super) async fn links_follow_each_other(store: &Subject) {
    let chain = store.audit_chain();
    assert_eq!(chain.end().await.unwrap(), None);
    assert_eq!(chain.count_unsealed().await.unwrap().oldest, None);
    assert_eq!(chain.links(0, 10).await.unwrap(), []);
    add_lines(store, 5).await;
    let numbers = |lines: &[StoredLine]| -> Vec<_> {
        let number = |line: &StoredLine| (1..=5).find(|n| id(*n) == line.id).unwrap();
        lines.iter().map(number).collect()
    };
    let unsealed = async |since, limit| {
        let lines = store.audit_chain().unsealed(since, limit).await.unwrap();
        numbers(&lines)
    };
    assert_eq!(unsealed(None, 3).await, [1, 2, 3], "oldest first");
    assert_eq!(unsealed(Some(at(4)), 3).await, [4, 5]);
    assert!(seal(store, &[]).await);
    assert!(seal(store, &[link(1, 2), link(2, 4)]).await);
    assert_eq!(unsealed(None, 10).await, [1, 3, 5]);
    let counted = store.audit_chain().count_unsealed().await.unwrap();
    assert_eq!((counted.lines, counted.oldest), (3, Some(at(1))));
    let end = ChainEnd {
        place: ChainPosition {
            position: 2,
            mac: Mac("mac 2".to_owned()),
        },
        line_at: Some(at(4)),
    };
    assert_eq!(store.audit_chain().end().await.unwrap(), Some(end));

    for taken in [link(2, 1), link(3, 2)] {
        assert!(!seal(store, &[link(4, 5), taken]).await);
    }
    assert_eq!(unsealed(None, 10).await, [1, 3, 5], "all or nothing");
    assert!(seal(store, &[link(3, 1)]).await);
    let found = store.audit_chain().links(1, 2).await.unwrap();
    let sealed: Vec<_> = found.iter().map(|(link, _)| link.clone()).collect();
    assert_eq!(sealed, [link(2, 4), link(3, 1)]);
    let lines: Vec<_> = found.into_iter().filter_map(|(_, line)| line).collect();
    assert_eq!(numbers(&lines), [4, 1]);
    let expected = StoredLine {
        id: id(1),
        at: at(1).as_micros(),
        actor_id: Some(OWNER.0),
        actor_kind: "person".to_owned(),
        owner_id: Some(CALLER.owner().0),
        action: "document.edited".to_owned(),
        resource_kind: "document".to_owned(),
        resource_id: document_id(1).0,
        outcome: "refused".to_owned(),
        address: CALLER.address.map(|address| address.to_string()),
        request_id: CALLER.request_id,
    };
    assert_eq!(lines[1], expected);
    let last = store.audit_chain().links(2, 10).await.unwrap();
    assert_eq!(last.len(), 1);
}

/// However many seal at once, each place is given once.
pub(super) async fn of_many_that_seal_at_once_one_gets_a_place(store: &Subject) {
    add_lines(store, 16).await;
    let tasks = (1..=16).map(|line| {
        let store = Arc::clone(store);
        tokio::spawn(async move { seal(&store, &[link(1, line)]).await })
    });
    let sealed = join_all(tasks).await;
    assert_eq!(
        sealed
            .into_iter()
            .filter(|it| *it.as_ref().unwrap())
            .count(),
        1
    );
    assert_eq!(store.audit_chain().links(0, 10).await.unwrap().len(), 1);
    assert_eq!(
        store.audit_chain().count_unsealed().await.unwrap().lines,
        15
    );
}
