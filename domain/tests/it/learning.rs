//! What people file teaches, at once and once.

use docuvault_domain::ids::{DocumentId, TopicId};
use docuvault_domain::learning::{Concepts, Features};
use docuvault_domain::ports::Repos;

use crate::support::{CALLER, World, a_reading, predictions};

const REHEARSAL: &str = "Choir rehearsal on Monday evening";

impl World {
    async fn similarity(&self, topic: TopicId) -> f32 {
        let learned = self.store.learning().load(&CALLER).await.unwrap();
        let asked = Features::of(&[REHEARSAL.to_owned()], "");
        learned
            .similarity(topic, &Concepts::default(), &asked)
            .ngram_similarity
    }

    async fn examples(&self, topic: TopicId) -> u32 {
        let learned = self.store.learning().load(&CALLER).await.unwrap();
        learned.examples(topic)
    }

    async fn confirm(&self, document: DocumentId, topic: TopicId) {
        let confirmed = self.change.confirm_topic(&CALLER, document, topic).await;
        confirmed.unwrap();
    }
}

#[tokio::test]
async fn a_decision_teaches_at_once_and_once() {
    let world = World::new();
    let choir = world.topic("Choir").await;
    let document = world.ready(REHEARSAL).await.id;
    assert!(world.similarity(choir).await.abs() < 1e-3);
    world.confirm(document, choir).await;
    assert!(world.similarity(choir).await > 0.4);
    world.confirm(document, choir).await;
    assert_eq!(world.examples(choir).await, 1);
}

#[tokio::test]
async fn a_changed_mind_takes_the_lesson_back() {
    let world = World::new();
    let choir = world.topic("Choir").await;
    let document = world.ready(REHEARSAL).await.id;
    world.confirm(document, choir).await;
    let rejected = world.change.reject_topic(&CALLER, document, choir).await;
    rejected.unwrap();
    assert_eq!(world.examples(choir).await, 0);
    assert!(world.similarity(choir).await < 0.0);
    world.confirm(document, choir).await;
    assert!(world.similarity(choir).await > 0.4);
}

#[tokio::test]
async fn what_was_decided_before_the_reading_teaches_with_it() {
    let world = World::new();
    let choir = world.topic("Choir").await;
    let document = world.upload(REHEARSAL).await.id;
    world.confirm(document, choir).await;
    assert_eq!(world.examples(choir).await, 0);
    world.work().await;
    assert_eq!(world.examples(choir).await, 1);
    world.change.reprocess(&CALLER, document).await.unwrap();
    world.work().await;
    assert_eq!(world.examples(choir).await, 1);
}

#[tokio::test]
async fn a_text_that_reads_differently_takes_its_old_words_back() {
    let world = World::new();
    let choir = world.topic("Choir").await;
    let document = world.ready(REHEARSAL).await.id;
    world.confirm(document, choir).await;
    world.change.reprocess(&CALLER, document).await.unwrap();
    world.extractor.answer(Ok(a_reading(&["Tax bill"])));
    world.work().await;
    assert_eq!(world.examples(choir).await, 1);
    assert!(world.similarity(choir).await.abs() < 1e-3);
}

#[tokio::test]
async fn predictions_train_nothing() {
    let world = World::new();
    let choir = world.topic("Choir").await;
    world.classifier.answer(Ok(predictions(&[(choir, 0.99)])));
    let document = world.ready(REHEARSAL).await;
    assert_eq!(document.topics.len(), 1);
    assert_eq!(world.examples(choir).await, 0);
}

#[tokio::test]
async fn topics_that_become_one_know_what_both_knew() {
    let world = World::new();
    let (choir, singing) = (world.topic("Choir").await, world.topic("Singing").await);
    for (content, topic) in [(REHEARSAL, choir), ("Concert programme", singing)] {
        let document = world.ready(content).await.id;
        world.confirm(document, topic).await;
    }
    world.topics.merge(&CALLER, choir, singing).await.unwrap();
    assert_eq!(world.examples(singing).await, 2);
    assert!(world.similarity(singing).await > 0.4);
}

#[tokio::test]
async fn the_classifier_is_given_what_was_learned() {
    let world = World::new();
    let choir = world.topic("Choir").await;
    let document = world.ready(REHEARSAL).await.id;
    world.confirm(document, choir).await;
    world.ready("Another").await;
    assert_eq!(world.classifier.seen()[0].examples, 0);
    assert_eq!(world.classifier.seen()[1].examples, 1);
}
