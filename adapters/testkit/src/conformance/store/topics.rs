use docuvault_domain::FaultKind;
use docuvault_domain::documents::{DocumentTopic, Filing, Source, TopicState};
use docuvault_domain::ports::DocumentQuery;
use docuvault_domain::topics::{Hue, Topic, TopicName};

use super::Subject;
use super::fixtures::{
    CALLER, add_documents, add_n_documents, add_topics, at, document, document_id, file, found,
    topic, topic_id, write,
};

async fn assign(
    store: &Subject,
    (document, topic): (u64, u64),
    state: TopicState,
    confidence: Option<f32>,
    source: Source,
) {
    write(store, async |unit| {
        let (document, topic) = (document_id(document), topic_id(topic));
        let filing = Filing {
            state,
            source,
            confidence,
            reason: reason(source),
        };
        unit.topics()
            .assign(document, topic, &filing, at(1))
            .await
            .unwrap();
    })
    .await;
}

/// Whoever is no person gives one.
fn reason(source: Source) -> Option<String> {
    (source != Source::User).then(|| "It says \"rent\" – twice.".to_owned())
}

fn name(text: &str) -> TopicName {
    TopicName::parse(text).unwrap()
}

pub(super) async fn add_and_list(store: &Subject) {
    assert_eq!(store.topics().list(&CALLER).await.unwrap(), []);
    add_topics(store, &[]).await;
    let starter = Topic {
        starter: Some("tax".to_owned()),
        description: String::new(),
        updated_at: at(99),
        ..topic(1, "Taxes")
    };
    let (bank, home) = (topic(2, "bank"), topic(3, "Home"));
    add_topics(store, &[starter.clone(), bank.clone()]).await;
    add_topics(store, std::slice::from_ref(&home)).await;
    let listed = store.topics().list(&CALLER).await.unwrap();
    assert_eq!(listed, [bank, home, starter], "by name, whatever its case");
}

pub(super) async fn names_are_unique_without_case(store: &Subject) {
    add_topics(store, &[topic(1, "Ärzte"), topic(2, "Bank")]).await;
    for (n, taken) in [(3, "ÄRZTE"), (4, "bank"), (5, "Bank")] {
        let unit = store.begin().await.unwrap();
        let new = [topic(9, "Fine"), topic(n, taken)];
        let error = unit.topics().add(&new).await.unwrap_err();
        assert_eq!(error.kind, FaultKind::Conflict, "add {taken}");
    }
    let unit = store.begin().await.unwrap();
    let renamed = Topic {
        name: name("ärzte"),
        ..topic(2, "Bank")
    };
    let error = unit.topics().update(&renamed).await.unwrap_err();
    assert_eq!(error.kind, FaultKind::Conflict, "update");
    drop(unit);

    let listed = store.topics().list(&CALLER).await.unwrap();
    assert_eq!(listed.len(), 2, "{listed:?}");
    let found = store.topics().find_by_name(&CALLER, &name("äRZTE")).await;
    assert_eq!(found.unwrap(), Some(topic(1, "Ärzte")));
    let absent = store.topics().find_by_name(&CALLER, &name("Home")).await;
    assert_eq!(absent.unwrap(), None);
}

pub(super) async fn update_and_find(store: &Subject) {
    add_topics(store, &[topic(1, "Bank"), topic(2, "Home")]).await;
    let changed = Topic {
        name: name("BANK"),
        description: "Anything with money".to_owned(),
        hue: Hue::parse(8).unwrap(),
        updated_at: at(50),
        ..topic(1, "Bank")
    };
    write(store, async |unit| {
        unit.topics().update(&changed).await.unwrap();
    })
    .await;
    let found = store.topics().find(&CALLER, topic_id(1)).await.unwrap();
    let found = found.unwrap();
    assert_eq!((found.topic, found.documents), (changed, 0));
    let other = store.topics().find(&CALLER, topic_id(2)).await.unwrap();
    assert_eq!(other.unwrap().topic, topic(2, "Home"), "no other row");
    let none = store.topics().find(&CALLER, topic_id(9)).await.unwrap();
    assert_eq!(none, None);
}

pub(super) async fn counts(store: &Subject) {
    let trashed = document(4).trashed_at(at(9)).build();
    add_n_documents(store, 3).await;
    add_documents(store, &[trashed]).await;
    add_topics(store, &[topic(1, "Bank"), topic(2, "Home")]).await;
    file(store, 1, 1, TopicState::Applied).await;
    file(store, 2, 1, TopicState::Applied).await;
    file(store, 3, 1, TopicState::Suggested).await;
    file(store, 3, 2, TopicState::Rejected).await;
    file(store, 4, 1, TopicState::Applied).await;
    let counted = store.topics().list_with_counts(&CALLER).await.unwrap();
    let counts: Vec<_> = counted
        .iter()
        .map(|counted| (counted.topic.name.as_str(), counted.documents))
        .collect();
    assert_eq!(counts, [("Bank", 2), ("Home", 0)]);
    let bank = store.topics().find(&CALLER, topic_id(1)).await.unwrap();
    assert_eq!(bank.unwrap().documents, 2);
}

pub(super) async fn on_a_document_surest_first(store: &Subject) {
    add_n_documents(store, 2).await;
    let topics = [
        topic(1, "Bank"),
        topic(2, "Home"),
        topic(3, "Taxes"),
        topic(4, "Work"),
    ];
    add_topics(store, &topics).await;
    let (applied, suggested) = (TopicState::Applied, TopicState::Suggested);
    assign(store, (1, 1), suggested, Some(0.25), Source::Rule).await;
    assign(store, (1, 2), applied, None, Source::User).await;
    assign(store, (1, 3), applied, Some(0.9), Source::Ai).await;
    assign(store, (1, 4), TopicState::Rejected, None, Source::User).await;

    let expected = |n: u64, state, confidence, source| {
        let topic = &topics[usize::try_from(n).unwrap() - 1];
        DocumentTopic {
            id: topic.id,
            name: topic.name.to_string(),
            hue: topic.hue.get(),
            state,
            confidence,
            source,
            reason: reason(source),
        }
    };
    let filed = found(&**store, 1).await;
    let expected = [
        expected(2, applied, None, Source::User),
        expected(3, applied, Some(0.9), Source::Ai),
        expected(1, suggested, Some(0.25), Source::Rule),
    ];
    assert_eq!(filed.topics, expected);
    assert_eq!(found(&**store, 2).await.topics, [], "no other document");

    // Every way to a document brings them along.
    let ids = [document_id(1)];
    let documents = store.documents();
    let many = documents.find_many(&CALLER, &ids).await.unwrap();
    assert_eq!(many.as_slice(), std::slice::from_ref(&filed));
    let page = documents
        .list(&CALLER, &DocumentQuery::default())
        .await
        .unwrap();
    assert_eq!(page.items[1], filed);
    write(store, async |unit| {
        let locked = unit.documents().lock(&CALLER, ids[0]).await.unwrap();
        assert_eq!(locked, Some(filed));
    })
    .await;
}

pub(super) async fn assign_again_changes(store: &Subject) {
    add_n_documents(store, 1).await;
    add_topics(store, &[topic(1, "Bank")]).await;
    let suggested = TopicState::Suggested;
    assign(store, (1, 1), suggested, Some(0.5), Source::Ai).await;
    assign(store, (1, 1), TopicState::Applied, None, Source::User).await;
    let filed = found(&**store, 1).await.topics;
    assert_eq!(filed.len(), 1);
    assert_eq!(filed[0].state, TopicState::Applied);
    assert_eq!(filed[0].confidence, None);
    assert_eq!(filed[0].source, Source::User);
    assert_eq!(filed[0].reason, None);

    let unit = store.begin().await.unwrap();
    let (document, absent) = (document_id(1), topic_id(9));
    let topics = unit.topics();
    let error = topics
        .assign(document, absent, &Filing::by_person(suggested), at(1))
        .await
        .unwrap_err();
    assert_eq!(error.kind, FaultKind::Conflict, "there is no such topic");
}

pub(super) async fn remove_leaves_documents(store: &Subject) {
    add_n_documents(store, 1).await;
    add_topics(store, &[topic(1, "Bank"), topic(2, "Home")]).await;
    file(store, 1, 1, TopicState::Applied).await;
    file(store, 1, 2, TopicState::Applied).await;
    write(store, async |unit| {
        unit.topics().remove(&CALLER, topic_id(1)).await.unwrap();
    })
    .await;
    let left = store.topics().list(&CALLER).await.unwrap();
    assert_eq!(left, [topic(2, "Home")]);
    let filed = found(&**store, 1).await.topics;
    assert_eq!(filed.len(), 1);
    assert_eq!(filed[0].id, topic_id(2));
}

pub(super) async fn merge_keeps_the_stronger(store: &Subject) {
    use TopicState::{Applied, Suggested};
    add_n_documents(store, 5).await;
    let topics = [topic(1, "Old"), topic(2, "New"), topic(3, "Other")];
    add_topics(store, &topics).await;
    assign(store, (1, 1), Applied, Some(0.75), Source::Rule).await;
    assign(store, (2, 1), Applied, None, Source::User).await;
    assign(store, (2, 2), Suggested, Some(0.5), Source::Ai).await;
    assign(store, (3, 1), Suggested, Some(0.5), Source::Ai).await;
    assign(store, (3, 2), Applied, None, Source::User).await;
    assign(store, (4, 2), Applied, None, Source::User).await;
    assign(store, (5, 3), Applied, None, Source::User).await;
    write(store, async |unit| {
        let topics = unit.topics();
        topics
            .merge(&CALLER, topic_id(1), topic_id(2))
            .await
            .unwrap();
    })
    .await;

    let left = store.topics().list(&CALLER).await.unwrap();
    assert_eq!(left, [topic(2, "New"), topic(3, "Other")]);
    let expected = [
        (1, 2, Some(0.75), Source::Rule),
        (2, 2, None, Source::User),
        (3, 2, None, Source::User),
        (4, 2, None, Source::User),
        (5, 3, None, Source::User),
    ];
    for (n, topic, confidence, source) in expected {
        let filed = found(&**store, n).await.topics;
        assert_eq!(filed.len(), 1, "document {n}");
        assert_eq!(filed[0].id, topic_id(topic), "document {n}");
        assert_eq!(filed[0].state, Applied, "document {n}");
        assert_eq!(filed[0].confidence, confidence, "document {n}");
        assert_eq!(filed[0].source, source, "document {n}");
    }
}

pub(super) async fn clear_predictions_keeps_decisions_of_people(store: &Subject) {
    use TopicState::{Applied, Rejected, Suggested};
    add_n_documents(store, 2).await;
    let names = ["A", "B", "C", "D", "E"];
    let topics: Vec<_> = (1..).zip(names).map(|(n, name)| topic(n, name)).collect();
    add_topics(store, &topics).await;
    assign(store, (1, 1), Applied, Some(0.9), Source::Ai).await;
    assign(store, (1, 2), Suggested, Some(0.5), Source::Rule).await;
    assign(store, (1, 3), Applied, None, Source::User).await;
    assign(store, (1, 4), Rejected, None, Source::User).await;
    assign(store, (1, 5), Rejected, Some(0.5), Source::Ai).await;
    assign(store, (2, 1), Applied, Some(0.9), Source::Ai).await;
    write(store, async |unit| {
        unit.topics()
            .clear_predictions(document_id(1))
            .await
            .unwrap();
    })
    .await;

    let filed = found(&**store, 1).await.topics;
    assert_eq!(filed.len(), 1);
    assert_eq!(filed[0].id, topic_id(3));
    let mut rejected = store.topics().rejected(document_id(1)).await.unwrap();
    rejected.sort();
    assert_eq!(rejected, [topic_id(4), topic_id(5)]);
    let other = found(&**store, 2).await.topics;
    assert_eq!(other.len(), 1, "no other document");
}

pub(super) async fn rejected_are_remembered(store: &Subject) {
    add_n_documents(store, 2).await;
    add_topics(store, &[topic(1, "Bank"), topic(2, "Home")]).await;
    file(store, 1, 1, TopicState::Rejected).await;
    file(store, 1, 2, TopicState::Suggested).await;
    let topics = store.topics();
    let rejected = topics.rejected(document_id(1)).await.unwrap();
    assert_eq!(rejected, [topic_id(1)]);
    assert_eq!(topics.rejected(document_id(2)).await.unwrap(), []);

    file(store, 1, 1, TopicState::Applied).await;
    assert_eq!(topics.rejected(document_id(1)).await.unwrap(), []);
}
