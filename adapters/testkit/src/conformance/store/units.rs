use docuvault_domain::FaultKind;

use super::Subject;
use super::fixtures::{CALLER, add_n_documents, add_owner, document, document_id, found, write};

pub(super) async fn commit_writes(store: &Subject) {
    add_owner(&**store).await;
    write(store, async |unit| {
        let new = document(1).build();
        unit.documents().add(&new).await.unwrap();
        assert_eq!(found(unit, 1).await, new, "a unit sees its own writes");
    })
    .await;
    assert_eq!(found(&**store, 1).await, document(1).build());
}

pub(super) async fn drop_rolls_back(store: &Subject) {
    add_owner(&**store).await;
    let unit = store.begin().await.unwrap();
    unit.documents().add(&document(1).build()).await.unwrap();
    drop(unit);
    let gone = store.documents().find(&CALLER, document_id(1)).await;
    assert_eq!(gone.unwrap(), None);

    // The next unit is not hindered, and does not see it either.
    write(store, async |unit| {
        let gone = unit.documents().find(&CALLER, document_id(1)).await;
        assert_eq!(gone.unwrap(), None);
        unit.documents().add(&document(1).build()).await.unwrap();
    })
    .await;
    found(&**store, 1).await;
}

pub(super) async fn readers_see_committed_rows_only(store: &Subject) {
    add_owner(&**store).await;
    let unit = store.begin().await.unwrap();
    unit.documents().add(&document(1).build()).await.unwrap();
    let documents = store.documents();
    let early = documents.find(&CALLER, document_id(1)).await.unwrap();
    assert_eq!(early, None, "not committed yet");
    unit.commit().await.unwrap();
    let late = documents.find(&CALLER, document_id(1)).await.unwrap();
    assert!(late.is_some(), "committed");
}

pub(super) async fn a_failed_write_leaves_nothing(store: &Subject) {
    add_n_documents(store, 1).await;
    let unit = store.begin().await.unwrap();
    unit.documents().add(&document(2).build()).await.unwrap();
    let twice = unit.documents().add(&document(1).build()).await;
    assert_eq!(twice.unwrap_err().kind, FaultKind::Conflict);
    drop(unit);
    let other = store.documents().find(&CALLER, document_id(2)).await;
    assert_eq!(other.unwrap(), None);
    found(&**store, 1).await;
}

pub(super) async fn check_answers(store: &Subject) {
    store.check().await.unwrap();
    assert!(!store.engine().is_empty());
}
