//! Sealing the trail and reading what was done to a document. What changing it by hand leads to is tried on
//! real databases.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::audit::{
    Action, AuditLine, ChainFault, ChainPosition, LookBack, ReadActivity, ReadActivityError,
    Resource, SealAudit, VerifyAudit,
};
use docuvault_domain::ids::{AuditId, UserId};
use docuvault_domain::page::Limit;
use docuvault_domain::ports::{Clock as _, Ids as _, Store as _};
use docuvault_domain::{Caller, Timestamp};
use docuvault_testkit::memory::FakeMacKey;
use futures::future::join_all;

use crate::support::{CALLER, World};

const HOUR: Duration = Duration::from_hours(1);

impl World {
    fn sealer(&self) -> Arc<SealAudit> {
        Arc::new(SealAudit {
            core: self.core.clone(),
            key: Arc::new(FakeMacKey("key")),
        })
    }

    fn verifier(&self, key: &'static str) -> VerifyAudit {
        VerifyAudit {
            store: self.store.clone(),
            key: Arc::new(FakeMacKey(key)),
        }
    }

    async fn note(&self, at: Timestamp, count: usize) {
        let resource = Resource::Account(UserId::NOBODY);
        let line = |_| {
            let id = AuditId(self.ids.v7());
            AuditLine::new(id, at, &CALLER, Action::SignedIn, resource)
        };
        let lines: Vec<_> = (0..count).map(line).collect();
        let unit = self.store.begin().await.unwrap();
        unit.audit().append(&lines).await.unwrap();
        unit.commit().await.unwrap();
    }
}

#[tokio::test]
async fn all_lines_are_sealed_once() {
    let world = World::new();
    let (sealer, now) = (world.sealer(), world.clock.now());
    assert_eq!(sealer.run(LookBack::Recent).await.unwrap(), 0);
    world.note(now, 1203).await;
    let unsealed = world.verifier("key").run(None).await.unwrap().unsealed;
    assert_eq!((unsealed.lines, unsealed.oldest), (1203, Some(now)));
    assert_eq!(sealer.run(LookBack::Recent).await.unwrap(), 1203);
    assert_eq!(sealer.run(LookBack::Recent).await.unwrap(), 0);
    let found = world.verifier("key").run(None).await.unwrap();
    assert_eq!((found.intact, found.unsealed.lines), (1203, 0));
    assert_eq!((found.faults, found.late), (vec![], 0));
    assert_eq!(found.end.map(|end| end.position), Some(1203));

    // Whoever does not have the key cannot make links.
    let found = world.verifier("another key").run(None).await.unwrap();
    assert_eq!((found.intact, found.fault_count), (0, 1203));
    assert_eq!(found.faults.len(), 100);
    assert!(matches!(
        found.faults[0],
        ChainFault::Changed { position: 1, .. }
    ));
}

#[tokio::test]
async fn a_line_that_comes_late_is_sealed_too() {
    let world = World::new();
    let (sealer, now) = (world.sealer(), world.clock.now());
    world.note(now, 3).await;
    sealer.run(LookBack::Recent).await.unwrap();
    world.note(now.minus(HOUR / 2), 2).await;
    assert_eq!(sealer.run(LookBack::Recent).await.unwrap(), 2);
    // The newest link's line is half an hour old now. Further back than an hour before it only a whole
    // sweep looks.
    world.note(now.minus(2 * HOUR), 1).await;
    assert_eq!(sealer.run(LookBack::Recent).await.unwrap(), 0);
    assert_eq!(sealer.run(LookBack::Whole).await.unwrap(), 1);
    assert_eq!(world.verifier("key").run(None).await.unwrap().intact, 6);
}

#[tokio::test]
async fn replicas_that_seal_at_once_make_one_chain() {
    let world = World::new();
    let sealer = world.sealer();
    world.note(world.clock.now(), 700).await;
    let tasks = (0..8).map(|_| {
        let sealer = sealer.clone();
        tokio::spawn(async move { sealer.run(LookBack::Recent).await.unwrap() })
    });
    let lines: u64 = join_all(tasks).await.into_iter().map(Result::unwrap).sum();
    assert_eq!(lines, 700);
    let found = world.verifier("key").run(None).await.unwrap();
    assert_eq!((found.intact, found.fault_count), (700, 0));
}

#[tokio::test]
async fn a_noted_end_is_found_again() {
    let world = World::new();
    let (sealer, verifier) = (world.sealer(), world.verifier("key"));
    world.note(world.clock.now(), 2).await;
    sealer.run(LookBack::Recent).await.unwrap();
    let noted = verifier.run(None).await.unwrap().end.unwrap();
    assert_eq!(noted.to_string().parse(), Ok(noted.clone()));
    world.clock.advance(25 * HOUR);
    world.note(world.clock.now().minus(25 * HOUR), 2).await;
    world.note(world.clock.now(), 1).await;
    sealer.run(LookBack::Whole).await.unwrap();
    let found = verifier.run(Some(&noted)).await.unwrap();
    assert_eq!((found.intact, found.fault_count), (5, 0));
    assert_eq!((found.late, found.first_late), (2, Some(3)));
    for other in ["2:0000000000000000", "99:0000000000000000"] {
        let other: ChainPosition = other.parse().unwrap();
        let position = other.position;
        let found = verifier.run(Some(&other)).await.unwrap();
        assert_eq!(found.faults, [ChainFault::Elsewhere { position }]);
    }
    for nonsense in ["", "1", ":", "x:y", "0:ab", "1:"] {
        assert!(nonsense.parse::<ChainPosition>().is_err(), "{nonsense}");
    }
}

#[tokio::test]
async fn an_owner_sees_what_was_done_to_a_document() {
    let world = World::new();
    let activity = ReadActivity {
        store: world.store.clone(),
    };
    let (first, second) = (world.upload("one").await, world.upload("two").await);
    world.change.trash(&CALLER, first.id).await.unwrap();
    let two = Limit::parse(1).unwrap();
    let page = activity.page(&CALLER, first.id, two, None).await.unwrap();
    assert_eq!(page.items[0].action, "document.trashed");
    let page = activity.page(&CALLER, first.id, two, page.next).await;
    let page = page.unwrap();
    assert_eq!(page.items[0].action, "document.uploaded");
    assert_eq!(page.next, None);
    let all = activity.page(&CALLER, second.id, Limit::default(), None);
    assert_eq!(all.await.unwrap().items.len(), 1);

    let another_user = Caller::system(UserId(world.ids.v7()));
    let refused = activity.page(&another_user, first.id, two, None).await;
    assert!(matches!(refused, Err(ReadActivityError::NotFound)));
}
