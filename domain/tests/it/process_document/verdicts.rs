//! What reading and filing come to.

use std::time::Duration;

use docuvault_domain::PortError;
use docuvault_domain::documents::{Document, Field, Source, Status, TopicState};
use docuvault_domain::ports::{
    Classification, ClassifierError, ExtractError, JobState, Prediction, Reading, Refusal,
    RefusalReason,
};
use time::macros::date;

use super::is_done;
use crate::support::{CALLER, World, a_reading, predictions, updated};

fn by_ai<T>(value: T) -> Field<T> {
    Field {
        value: Some(value),
        source: Some(Source::Ai),
    }
}

#[tokio::test]
async fn a_document_is_read_and_filed() {
    let world = World::new();
    let (home, work) = (world.topic("Home").await, world.topic("Work").await);
    let document = world.upload("bytes").await;
    world.extractor.answer(Ok(Reading {
        page_count: Some(2),
        language: Some("de".to_owned()),
        ..a_reading(&["Miete", "März"])
    }));
    world.classifier.answer(Ok(Classification {
        title: Some(" Miete\nMärz ".to_owned()),
        summary: Some("The rent is due".to_owned()),
        language: Some("en".to_owned()),
        date: Some(Prediction {
            value: date!(2026 - 03 - 01),
            confidence: 0.9,
            rationale: Some("Datum:\n1. März 2026".to_owned()),
        }),
        correspondent: Some("Landlord\u{0} & Co".to_owned()),
        ..predictions(&[(home, 0.6), (work, 0.59)])
    }));
    let mut events = world.listen().await;
    let now = world.clock.advance(Duration::from_secs(5));
    let lease = world.claim().await;
    is_done(&world.process.run(&lease).await);

    let read = world.document(document.id).await;
    assert_eq!((read.status, &read.status_detail), (Status::Ready, &None));
    assert_eq!(read.title.as_str(), "Miete März");
    assert_eq!(read.title_source, Source::Ai);
    assert_eq!(read.summary, by_ai("The rent is due".to_owned()));
    assert_eq!(read.language, by_ai("de".to_owned()), "as it was read");
    assert_eq!(read.document_date, by_ai(date!(2026 - 03 - 01)));
    let words = read.document_date_words.as_deref();
    assert_eq!(words, Some("Datum: 1. März 2026"));
    let reasons = read.topics.iter().map(|topic| topic.reason.as_deref());
    assert!(reasons.eq([Some("of its words"); 2]));
    assert_eq!(read.correspondent, by_ai("Landlord & Co".to_owned()));
    assert_eq!(read.page_count, Some(2));
    assert_eq!((read.revision, read.updated_at), (document.revision, now));
    let topics = read.topics.iter();
    let topics: Vec<_> = topics.map(|t| (t.id, t.state, t.source)).collect();
    let expected = [
        (home, TopicState::Applied, Source::Ai),
        (work, TopicState::Suggested, Source::Ai),
    ];
    assert_eq!(topics, expected);
    assert_eq!(world.text(document.id).await, ["Miete", "März"]);
    assert_eq!(world.job_state(&lease), JobState::Done);

    let begun = Document {
        status: Status::Processing,
        updated_at: now,
        ..document
    };
    assert_eq!(events.received(), [updated(&begun), updated(&read)]);
}

#[tokio::test]
async fn reader_and_classifier_are_given_what_they_need() {
    let world = World::new();
    let home = world.topic("Home").await;
    world.upload("bytes").await;
    world.extractor.answer(Ok(Reading {
        language: Some("de".to_owned()),
        ..a_reading(&["Miete"])
    }));
    is_done(&world.work().await);
    let read = world.extractor.seen();
    assert_eq!(read[0].1, b"bytes");
    let asked = world.classifier.seen();
    assert_eq!(asked[0].pages, ["Miete"]);
    assert_eq!(asked[0].filename, "Rent_2026.pdf");
    assert_eq!(asked[0].language.as_deref(), Some("de"));
    assert_eq!(asked[0].topics.len(), 1);
    assert_eq!(asked[0].topics[0].id, home);
}

#[tokio::test]
async fn a_document_is_shown_as_being_read_meanwhile() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let working = world.work_up_to_the_bytes().await;
    assert_eq!(world.document(document.id).await.status, Status::Processing);
    world.storage.release();
    is_done(&working.await.unwrap());
    assert_eq!(world.document(document.id).await.status, Status::Ready);
}

#[tokio::test]
async fn a_kind_without_a_reader_is_kept_and_says_so() {
    let world = World::new();
    let (document, lease) = world.leased("Rent").await;
    world.extractor.answer(Err(ExtractError::Unsupported));
    is_done(&world.process.run(&lease).await);
    let read = world.document(document.id).await;
    assert_eq!(read.status, Status::Ready);
    let detail = read.status_detail.unwrap();
    assert!(detail.contains("cannot be read yet"), "{detail}");
    assert_eq!(world.text(document.id).await, [""; 0]);
    assert_eq!(world.classifier.seen(), [], "nothing to file by");
    assert_eq!(world.job_state(&lease), JobState::Done);
}

#[tokio::test]
async fn a_refused_document_has_failed_with_the_readers_sentence() {
    let world = World::new();
    let (document, lease) = world.leased("Rent").await;
    let sentence = "This document needs a password.";
    world.extractor.answer(Err(ExtractError::Refused(Refusal {
        reason: RefusalReason::Encrypted,
        sentence: sentence.to_owned(),
    })));
    is_done(&world.process.run(&lease).await);
    let read = world.document(document.id).await;
    assert_eq!(read.status, Status::Failed);
    assert_eq!(read.status_detail.as_deref(), Some(sentence));
    assert_eq!(world.job_state(&lease), JobState::Done, "a no stays a no");
}

#[tokio::test]
async fn a_document_without_text_or_with_too_much_says_so() {
    let cut = Reading {
        truncated: true,
        ..a_reading(&["Rent"])
    };
    for (reading, says) in [
        (a_reading(&[]), "No text was found"),
        (a_reading(&[" \n", ""]), "No text was found"),
        (cut, "only the first part"),
    ] {
        let world = World::new();
        let document = world.upload("Rent").await;
        world.extractor.answer(Ok(reading));
        is_done(&world.work().await);
        let read = world.document(document.id).await;
        assert_eq!(read.status, Status::Ready);
        let detail = read.status_detail.unwrap();
        assert!(detail.contains(says), "{detail}");
    }
}

#[tokio::test]
async fn a_classifier_that_does_not_answer_costs_the_filing_only() {
    let error = || PortError::transient("asking", "away");
    for (answer, says) in [
        (
            ClassifierError::Unavailable {
                retry_after: None,
                source: error(),
            },
            "as soon as the AI provider answers",
        ),
        (ClassifierError::Misconfigured(error()), "administrator"),
        (ClassifierError::NoAnswer(error()), "no usable answer"),
    ] {
        let world = World::new();
        let document = world.upload("Rent").await;
        world.classifier.answer(Err(answer));
        is_done(&world.work().await);
        let read = world.document(document.id).await;
        assert_eq!(read.status, Status::Ready);
        let detail = read.status_detail.unwrap();
        assert!(detail.contains(says), "{detail}");
        assert_eq!(world.text(document.id).await, ["Rent"]);
    }
}

#[tokio::test]
async fn a_classifier_that_does_not_answer_takes_no_topic_away() {
    let world = World::new();
    let home = world.topic("Home").await;
    world.classifier.answer(Ok(predictions(&[(home, 0.9)])));
    let document = world.ready("Rent").await;
    let again = world.change.reprocess(&CALLER, document.id).await;
    again.unwrap();
    let unavailable = ClassifierError::Unavailable {
        retry_after: None,
        source: PortError::transient("asking", "away"),
    };
    world.classifier.answer(Err(unavailable));
    is_done(&world.work().await);
    assert_eq!(world.document(document.id).await.topics, document.topics);

    // A classifier that answers and knows none has spoken.
    let again = world.change.reprocess(&CALLER, document.id).await;
    again.unwrap();
    is_done(&world.work().await);
    assert_eq!(world.document(document.id).await.topics, []);
}

#[tokio::test]
async fn a_document_is_read_though_nobody_can_be_told() {
    let world = World::new();
    let document = world.upload("Rent").await;
    world.transport.disconnect();
    is_done(&world.work().await);
    assert_eq!(world.document(document.id).await.status, Status::Ready);
}
