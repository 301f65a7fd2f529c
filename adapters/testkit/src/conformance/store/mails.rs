use std::collections::BTreeSet;
use std::sync::Arc;

use docuvault_domain::accounts::Email;
use docuvault_domain::ids::MailId;
use docuvault_domain::ports::QueuedMail;
use futures::future::join_all;

use super::Subject;
use super::fixtures::{at, id, write};

fn mail(n: u64) -> QueuedMail {
    QueuedMail {
        id: MailId(id(n)),
        to: Email::parse(&format!("ada{n}@example.org")).unwrap(),
        sealed: vec![0, 255, u8::try_from(n).unwrap()],
    }
}

async fn enqueue(store: &Subject, n: u64, now: u64) {
    write(store, async |unit| {
        unit.mails().enqueue(&mail(n), at(now)).await.unwrap();
    })
    .await;
}

async fn claim(store: &Subject, now: u64, until: u64) -> Option<(QueuedMail, u32)> {
    write(store, async |unit| {
        unit.mails().claim(at(now), at(until)).await.unwrap()
    })
    .await
}

pub(super) async fn mails_are_claimed_in_turn_until_removed(store: &Subject) {
    assert!(!store.mails().any_due(at(50)).await.unwrap());
    enqueue(store, 2, 20).await;
    enqueue(store, 1, 30).await;
    assert!(!store.mails().any_due(at(19)).await.unwrap());
    assert!(store.mails().any_due(at(20)).await.unwrap());
    assert_eq!(claim(store, 19, 60).await, None);
    assert_eq!(claim(store, 30, 60).await, Some((mail(2), 1)));
    assert_eq!(claim(store, 30, 60).await, Some((mail(1), 1)));
    assert_eq!(claim(store, 59, 90).await, None);
    // A claim that nobody has ended is over in time.
    assert_eq!(claim(store, 60, 90).await, Some((mail(1), 2)));
    write(store, async |unit| {
        unit.mails().retry(mail(1).id, 1, at(0)).await.unwrap();
        unit.mails().retry(mail(2).id, 1, at(200)).await.unwrap();
    })
    .await;
    assert_eq!(
        claim(store, 89, 90).await,
        None,
        "the claim was lost before"
    );
    write(store, async |unit| {
        unit.mails().retry(mail(1).id, 2, at(70)).await.unwrap();
    })
    .await;
    assert_eq!(claim(store, 70, 90).await, Some((mail(1), 3)));
    write(store, async |unit| {
        unit.mails().remove(mail(1).id).await.unwrap();
        unit.mails().remove(mail(1).id).await.unwrap();
    })
    .await;
    assert_eq!(claim(store, 199, 250).await, None);
    assert_eq!(claim(store, 200, 250).await, Some((mail(2), 2)));
}

pub(super) async fn parallel_claims_get_distinct_mails(store: &Subject) {
    for n in 1..=6 {
        enqueue(store, n, 1).await;
    }
    let claims = (0..6).map(|_| {
        let store = Arc::clone(store);
        async move { claim(&store, 2, 60).await }
    });
    let claimed = join_all(claims).await;
    let ids: BTreeSet<_> = claimed
        .into_iter()
        .filter_map(|claim| claim.map(|(mail, _)| mail.id))
        .collect();
    // One that met another's lock may come back with nothing; never with the same.
    let mut left = 0;
    while claim(store, 2, 60).await.is_some() {
        left += 1;
    }
    assert_eq!(ids.len() + left, 6);
}
