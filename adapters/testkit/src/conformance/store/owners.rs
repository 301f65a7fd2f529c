use docuvault_domain::Caller;
use docuvault_domain::documents::TopicState;
use docuvault_domain::ports::{DocumentFilter, DocumentQuery};

use super::Subject;
use super::fixtures::{
    CALLER, OWNER, a_guess, add_n_documents, add_topics, another_user, at, document, document_id,
    file, found, topic, topic_id, write,
};

pub(super) async fn foreign_rows_are_not_there(store: &Subject) {
    add_n_documents(store, 2).await;
    let (another_user, documents) = (another_user(), store.documents());
    let page = ["secret".to_owned()];
    write(store, async |unit| {
        let documents = unit.documents();
        documents.put_text(document_id(1), &page).await.unwrap();
        let locked = documents.lock(&another_user, document_id(1)).await.unwrap();
        assert_eq!(locked, None, "lock");
    })
    .await;

    let one = documents.find(&another_user, document_id(1)).await.unwrap();
    assert_eq!(one, None, "find");
    let ids = [document_id(1), document_id(2)];
    let many = documents.find_many(&another_user, &ids).await.unwrap();
    assert_eq!(many, [], "find_many");
    let page = documents
        .list(&another_user, &DocumentQuery::default())
        .await;
    let page = page.unwrap();
    assert_eq!((page.items, page.next), (Vec::new(), None), "list");
    let all = DocumentFilter::default();
    assert_eq!(
        documents.count(&another_user, &all).await.unwrap(),
        0,
        "count"
    );
    let ids = documents.ids(&another_user, &all, None, 100).await.unwrap();
    assert_eq!(ids, [], "ids");
    let hash = document(1).build().sha256;
    let known = documents.find_by_hash(&another_user, &hash).await.unwrap();
    assert_eq!(known, None, "find_by_hash");
    let text = documents.text(&another_user, document_id(1)).await.unwrap();
    assert_eq!(text, None, "text");
}

pub(super) async fn foreign_topics_are_not_there(store: &Subject) {
    add_n_documents(store, 1).await;
    let (rent, tax) = (topic(1, "Rent"), topic(2, "Taxes"));
    add_topics(store, &[rent.clone(), tax.clone()]).await;
    file(store, 1, 1, TopicState::Applied).await;
    let (another_user, topics) = (another_user(), store.topics());
    assert_eq!(topics.list(&another_user).await.unwrap(), [], "list");
    let counted = topics.list_with_counts(&another_user).await.unwrap();
    assert_eq!(counted, [], "list_with_counts");
    let one = topics.find(&another_user, rent.id).await.unwrap();
    assert_eq!(one, None, "find");
    let named = topics
        .find_by_name(&another_user, &rent.name)
        .await
        .unwrap();
    assert_eq!(named, None, "find_by_name");

    // Whether these fail or do nothing is left open; they must not touch the rows.
    let unit = store.begin().await.unwrap();
    if unit.topics().remove(&another_user, rent.id).await.is_ok() {
        unit.commit().await.unwrap();
    }
    let unit = store.begin().await.unwrap();
    let merged = unit.topics().merge(&another_user, rent.id, tax.id).await;
    if merged.is_ok() {
        unit.commit().await.unwrap();
    }
    let mine = store.topics().list(&CALLER).await.unwrap();
    assert_eq!(mine, [rent, tax]);
    assert_eq!(found(&**store, 1).await.topics[0].id, topic_id(1));
}

pub(super) async fn system_acts_for_its_owner(store: &Subject) {
    add_n_documents(store, 1).await;
    add_topics(store, &[topic(1, "Rent")]).await;
    let system = Caller::system(OWNER);
    write(store, async |unit| {
        let (document, topic) = (document_id(1), topic_id(1));
        let topics = unit.topics();
        topics
            .assign(document, topic, &a_guess(), at(1))
            .await
            .unwrap();
        let locked = unit.documents().lock(&system, document).await.unwrap();
        assert!(locked.is_some());
    })
    .await;
    let seen = store.documents().find(&system, document_id(1)).await;
    assert_eq!(seen.unwrap(), Some(found(&**store, 1).await));
    assert_eq!(store.topics().list(&system).await.unwrap().len(), 1);
}
