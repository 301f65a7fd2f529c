//! A person's word.

use docuvault_domain::audit::Action;
use docuvault_domain::documents::{
    ChangeError, Document, Edits, Field, Patch, Source, Title, TopicRef, TopicState,
};
use docuvault_domain::ids::TopicId;
use docuvault_domain::jobs::Outcome;
use docuvault_domain::ports::{Classification, Prediction};
use time::macros::date;

use crate::support::{CALLER, World, by_name, no_database, unknown_id, updated};

fn filed_under(topics: Vec<TopicRef>) -> Edits {
    Edits {
        topics: Some(topics),
        ..Edits::default()
    }
}

fn theirs<T>(value: Option<T>) -> Field<T> {
    Field {
        value,
        source: Some(Source::User),
    }
}

/// What it is filed under, in the order of the names.
fn applied(document: &Document) -> Vec<&str> {
    let topics = document.topics.iter();
    let applied = topics.filter(|topic| topic.state == TopicState::Applied);
    let mut names: Vec<_> = applied.map(|topic| topic.name.as_str()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn an_edit_is_written_told_and_audited() {
    let world = World::new();
    let document = world.ready("Rent").await;
    let mut events = world.listen().await;
    let edits = Edits {
        title: Some(Title::parse("Rent in March").unwrap()),
        document_date: Patch::Set(date!(2026 - 03 - 01)),
        correspondent: Patch::Set("The landlord".to_owned()),
        expected_revision: Some(document.revision),
        ..Edits::default()
    };
    let edited = world
        .change
        .edit(&CALLER, document.id, edits)
        .await
        .unwrap();
    assert_eq!(edited.title.as_str(), "Rent in March");
    assert_eq!(edited.title_source, Source::User);
    assert_eq!(edited.document_date, theirs(Some(date!(2026 - 03 - 01))));
    let landlord = Some("The landlord".to_owned());
    assert_eq!(edited.correspondent, theirs(landlord));
    assert_eq!(edited.revision, document.revision + 1);
    assert_eq!(world.document(document.id).await, edited);
    assert_eq!(events.received(), [updated(&edited)]);
    assert_eq!(world.audit_since(1), [Action::DocumentEdited]);
}

#[tokio::test]
async fn an_edit_of_an_older_version_is_refused_with_the_present_one() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let edits = Edits {
        title: Some(Title::parse("Mine").unwrap()),
        expected_revision: Some(document.revision),
        ..Edits::default()
    };
    let change = &world.change;
    let first = change.edit(&CALLER, document.id, edits.clone()).await;
    let first = first.unwrap();
    let second = change.edit(&CALLER, document.id, edits).await;
    assert!(
        matches!(second, Err(ChangeError::RevisionMismatch(now)) if now == first.revision),
        "{second:?}"
    );
    assert_eq!(world.document(document.id).await, first);
    assert_eq!(world.audit_since(1), [Action::DocumentEdited], "one edit");
}

#[tokio::test]
async fn what_a_patch_does_not_mention_stays() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let set = Edits {
        document_date: Patch::Set(date!(2026 - 03 - 01)),
        correspondent: Patch::Set("The landlord".to_owned()),
        ..Edits::default()
    };
    let change = &world.change;
    change.edit(&CALLER, document.id, set).await.unwrap();
    let clear = Edits {
        correspondent: Patch::Clear,
        ..Edits::default()
    };
    let edited = change.edit(&CALLER, document.id, clear).await.unwrap();
    assert_eq!(edited.document_date, theirs(Some(date!(2026 - 03 - 01))));
    assert_eq!(edited.correspondent, theirs(None));
    assert_eq!(edited.title_source, Source::File);
}

#[tokio::test]
async fn reading_again_never_overwrites_a_persons_word() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let edits = Edits {
        title: Some(Title::parse("Mine").unwrap()),
        document_date: Patch::Clear,
        correspondent: Patch::Set("The landlord".to_owned()),
        ..Edits::default()
    };
    let edited = world.change.edit(&CALLER, document.id, edits).await;
    let edited = edited.unwrap();
    world.classifier.answer(Ok(Classification {
        title: Some("Theirs".to_owned()),
        date: Some(Prediction {
            value: date!(1999 - 12 - 31),
            confidence: 1.0,
            rationale: Some("1999-12-31".to_owned()),
        }),
        correspondent: Some("Somebody".to_owned()),
        summary: Some("A letter".to_owned()),
        ..Classification::default()
    }));
    assert!(matches!(world.work().await, Outcome::Done));

    let read = world.document(document.id).await;
    assert_eq!(read.title.as_str(), "Mine");
    assert_eq!(read.title_source, Source::User);
    assert_eq!(read.document_date, theirs(None));
    assert_eq!(read.document_date_words, None);
    assert_eq!(read.correspondent, edited.correspondent);
    assert_eq!(read.summary.value.as_deref(), Some("A letter"));
    assert_eq!(read.revision, edited.revision, "no change by a person");
}

#[tokio::test]
async fn topics_are_replaced_by_id_and_by_name() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let (home, work) = (world.topic("Home").await, world.topic("Work").await);
    let change = &world.change;
    let first = filed_under(vec![TopicRef::Id(home), TopicRef::Id(work)]);
    let edited = change.edit(&CALLER, document.id, first).await.unwrap();
    assert_eq!(applied(&edited), ["Home", "Work"]);

    // One by id, one by its name in another case, one that is new, and that one twice.
    let names = vec![
        TopicRef::Id(home),
        by_name("HOME"),
        by_name("Miete"),
        by_name("miete"),
    ];
    let edited = change.edit(&CALLER, document.id, filed_under(names)).await;
    let edited = edited.unwrap();
    assert_eq!(applied(&edited), ["Home", "Miete"]);
    assert!(edited.topics.iter().all(|t| t.source == Source::User));
    assert_eq!(world.topic_names().await, ["Home", "Miete", "Work"]);
    assert_eq!(world.rejected(document.id).await, [work]);

    let none = change.edit(&CALLER, document.id, filed_under(vec![])).await;
    assert_eq!(none.unwrap().topics, []);
    let back = filed_under(vec![TopicRef::Id(work)]);
    let back = change.edit(&CALLER, document.id, back).await.unwrap();
    assert_eq!(applied(&back), ["Work"], "a no may be taken back");
}

#[tokio::test]
async fn an_unknown_topic_changes_nothing_at_all() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let edits = Edits {
        title: Some(Title::parse("Mine").unwrap()),
        ..filed_under(vec![by_name("New"), TopicRef::Id(TopicId(unknown_id()))])
    };
    let edited = world.change.edit(&CALLER, document.id, edits).await;
    assert!(
        matches!(edited, Err(ChangeError::UnknownTopic(_))),
        "{edited:?}"
    );
    assert_eq!(world.document(document.id).await, document);
    assert_eq!(world.topic_names().await, [""; 0]);
    assert_eq!(world.audit_since(1), []);
}

#[tokio::test]
async fn an_edit_that_is_not_committed_changes_nothing() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let mut events = world.listen().await;
    world.store.fail_next_commit(no_database());
    let edits = filed_under(vec![by_name("New")]);
    let edited = world.change.edit(&CALLER, document.id, edits).await;
    assert!(matches!(edited, Err(ChangeError::Port(_))), "{edited:?}");
    assert_eq!(world.document(document.id).await, document);
    assert_eq!(events.received(), []);
}

#[test]
fn a_topic_is_named_by_id_or_by_name() {
    let id = TopicId(unknown_id());
    assert_eq!(TopicRef::parse(&id.to_string()).unwrap(), TopicRef::Id(id));
    assert_eq!(TopicRef::parse(" Home ").unwrap(), by_name("Home"));
    for bad in ["", "  ", "a\nb"] {
        let parsed = TopicRef::parse(bad);
        assert!(
            matches!(parsed, Err(ChangeError::InvalidTopic(_))),
            "{bad:?}"
        );
    }
}
