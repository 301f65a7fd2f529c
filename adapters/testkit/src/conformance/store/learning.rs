use docuvault_domain::documents::{Filing, Source, TopicState};
use docuvault_domain::learning::{Concepts, Features, Learned, Similarity};
use docuvault_domain::ports::{Label, TrainingExample};
use futures::future::join_all;

use super::Subject;
use super::fixtures::{
    CALLER, add_n_documents, add_topics, another_user, at, document_id, topic, topic_id, write,
};

fn features(text: &str) -> Features {
    Features::of(&[text.to_owned()], "")
}

/// Learns one document that says `text`.
async fn learn(store: &Subject, n: u64, text: &str) {
    write(store, async |unit| {
        let learning = unit.learning();
        let mut vector = learning.lock(CALLER.owner(), topic_id(n)).await.unwrap();
        vector.learn(&features(text));
        learning.put(topic_id(n), &vector).await.unwrap();
    })
    .await;
}

async fn examples(store: &Subject, n: u64) -> u32 {
    let learned = store.learning().load(&CALLER).await.unwrap();
    learned.examples(topic_id(n))
}

pub(super) async fn vectors_are_kept_by_topic(store: &Subject) {
    add_topics(store, &[topic(1, "Choir"), topic(2, "Solar")]).await;
    learn(store, 1, "rehearsal").await;
    learn(store, 1, "concert").await;
    learn(store, 2, "inverter").await;
    let learned = store.learning().load(&CALLER).await.unwrap();
    assert_eq!(learned.examples(topic_id(1)), 2);
    let like = |learned: &Learned, n| {
        let asked = features("inverter");
        learned.similarity(topic_id(n), &Concepts::default(), &asked)
    };
    assert!(like(&learned, 2).ngram_similarity > like(&learned, 1).ngram_similarity);
    let foreign = store.learning().load(&another_user()).await.unwrap();
    assert_eq!(like(&foreign, 2), Similarity::default());
}

pub(super) async fn a_vector_goes_with_its_topic(store: &Subject) {
    add_topics(store, &[topic(1, "Choir")]).await;
    learn(store, 1, "rehearsal").await;
    write(store, async |unit| {
        unit.topics().remove(&CALLER, topic_id(1)).await.unwrap();
    })
    .await;
    let learned = store.learning().load(&CALLER).await.unwrap();
    assert_eq!(learned.examples(topic_id(1)), 0);
}

pub(super) async fn examples_remember_their_label(store: &Subject) {
    add_n_documents(store, 2).await;
    add_topics(store, &[topic(1, "Choir"), topic(2, "Solar")]).await;
    let (document, state) = (document_id(1), TopicState::Rejected);
    let assign = async |state, source| {
        let filing = Filing {
            source,
            ..Filing::by_person(state)
        };
        write(store, async |unit| {
            let topics = unit.topics();
            topics
                .assign(document, topic_id(2), &filing, at(1))
                .await
                .unwrap();
        })
        .await;
    };
    let example = TrainingExample {
        topic: topic_id(2),
        state,
        source: Source::User,
        trained: None,
    };
    assign(state, Source::User).await;
    assert_eq!(
        store.learning().examples(document).await.unwrap(),
        [example]
    );
    for trained in [
        Some(Label::Negative),
        Some(Label::Positive),
        None,
        Some(Label::Positive),
    ] {
        write(store, async |unit| {
            unit.learning()
                .set_trained(document, topic_id(2), trained)
                .await
                .unwrap();
        })
        .await;
        let example = TrainingExample { trained, ..example };
        assert_eq!(
            store.learning().examples(document).await.unwrap(),
            [example]
        );
    }
    assign(TopicState::Applied, Source::User).await;
    let changed = TrainingExample {
        state: TopicState::Applied,
        trained: Some(Label::Positive),
        ..example
    };
    assert_eq!(
        store.learning().examples(document).await.unwrap(),
        [changed]
    );
    assert_eq!(store.learning().examples(document_id(2)).await.unwrap(), []);
}

pub(super) async fn a_merge_keeps_what_was_taught(store: &Subject) {
    add_n_documents(store, 1).await;
    add_topics(store, &[topic(1, "Choir"), topic(2, "Singing")]).await;
    write(store, async |unit| {
        let (document, topic) = (document_id(1), topic_id(1));
        let filing = Filing::by_person(TopicState::Applied);
        unit.topics()
            .assign(document, topic, &filing, at(1))
            .await
            .unwrap();
        unit.learning()
            .set_trained(document, topic, Some(Label::Positive))
            .await
            .unwrap();
        unit.topics()
            .merge(&CALLER, topic, topic_id(2))
            .await
            .unwrap();
    })
    .await;
    let examples = store.learning().examples(document_id(1)).await.unwrap();
    let kept: Vec<_> = examples
        .iter()
        .map(|example| (example.topic, example.trained))
        .collect();
    assert_eq!(kept, [(topic_id(2), Some(Label::Positive))]);
}

pub(super) async fn no_training_example_is_lost(store: &Subject) {
    add_topics(store, &[topic(1, "Choir")]).await;
    let learnt = (0..8).map(|_| learn(store, 1, "rehearsal"));
    join_all(learnt).await;
    assert_eq!(examples(store, 1).await, 8);
}

pub(super) async fn the_sample_is_the_start(store: &Subject) {
    add_n_documents(store, 2).await;
    let pages = ["First page".to_owned(), "x".repeat(300_000)];
    write(store, async |unit| {
        unit.documents()
            .put_text(document_id(1), &pages)
            .await
            .unwrap();
    })
    .await;
    let sample = store.learning().sample(document_id(1)).await.unwrap();
    assert_eq!(sample[0], pages[0]);
    assert!(pages[1].starts_with(&sample[1]) && sample[1].len() > 8_000);
    let unread = store.learning().sample(document_id(2)).await.unwrap();
    assert_eq!(unread, [""; 0]);
}
