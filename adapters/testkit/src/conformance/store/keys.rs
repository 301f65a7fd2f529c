use docuvault_domain::ports::SealedKey;

use super::Subject;
use super::fixtures::{at, id, write};

fn key(n: u64, number: u64) -> SealedKey {
    SealedKey {
        id: id(n),
        number,
        sealed: n.to_be_bytes().to_vec(),
        signs_from: at(n + 120),
        created_at: at(n),
    }
}

pub(super) async fn the_newest_comes_first_and_numbers_are_unique(store: &Subject) {
    let add = async |key: SealedKey| {
        write(store, async |unit| {
            unit.signing_keys().add(&key).await.unwrap()
        })
        .await
    };
    assert!(add(key(1, 1)).await);
    assert!(add(key(2, 2)).await);
    assert!(!add(key(3, 2)).await, "another replica was faster");
    assert!(add(key(4, 11)).await);
    let list = async || store.signing_keys().list().await.unwrap();
    assert!(list().await == [key(4, 11), key(2, 2), key(1, 1)]);
    write(store, async |unit| {
        unit.signing_keys().remove(id(2)).await.unwrap();
    })
    .await;
    assert!(list().await == [key(4, 11), key(1, 1)]);
}
