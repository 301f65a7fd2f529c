//! Nobody reaches the rows of another owner: for them there is no such thing.

use docuvault_domain::documents::{
    BulkAction, BulkSelection, ChangeError, DownloadError, Edits, MimeType, TopicRef,
};
use docuvault_domain::ports::{DocumentQuery, Quota, Repos};
use docuvault_domain::topics::{TopicDraft, TopicEdits, TopicError, TopicName};
use docuvault_testkit::builders::bytes;

use crate::support::{CALLER, World, a_file, a_key, another_user};

#[tokio::test]
async fn another_owner_finds_no_document() {
    let world = World::new();
    let document = world.ready("Rent").await;
    let topic = world.topic("Home").await;
    let lines = world.audit().len();
    let (somebody, change, id) = (another_user(), &world.change, document.id);

    let tried = [
        change.edit(&somebody, id, Edits::default()).await,
        change.trash(&somebody, id).await,
        change.restore(&somebody, id).await,
        change.reprocess(&somebody, id).await,
        change.confirm_topic(&somebody, id, topic).await,
        change.reject_topic(&somebody, id, topic).await,
    ];
    for (n, tried) in tried.into_iter().enumerate() {
        assert!(
            matches!(tried, Err(ChangeError::NotFound)),
            "{n}: {tried:?}"
        );
    }
    let deleted = change.delete(&somebody, id).await;
    assert!(matches!(deleted, Err(ChangeError::NotFound)), "{deleted:?}");
    let located = world.download.locate(&somebody, id).await;
    assert!(
        matches!(located, Err(DownloadError::NotFound)),
        "{located:?}"
    );

    let documents = world.store.documents();
    assert_eq!(documents.find(&somebody, id).await.unwrap(), None);
    assert_eq!(documents.text(&somebody, id).await.unwrap(), None);
    let listed = documents.list(&somebody, &DocumentQuery::default()).await;
    assert_eq!(listed.unwrap().items, []);

    assert_eq!(world.document(id).await, document);
    assert_eq!(world.audit_since(lines), []);
}

#[tokio::test]
async fn another_owner_changes_nothing_in_bulk() {
    let world = World::new();
    let document = world.ready("Rent").await;
    let lines = world.audit().len();
    for action in [
        BulkAction::Trash,
        BulkAction::Restore,
        BulkAction::Delete,
        BulkAction::Reprocess,
    ] {
        let ids = BulkSelection::Ids(vec![document.id]);
        let outcomes = world
            .change
            .bulk(&another_user(), action.clone(), ids)
            .await;
        let outcomes = outcomes.unwrap();
        assert_eq!(outcomes.len(), 1);
        assert!(matches!(outcomes[0].result, Err(ChangeError::NotFound)));

        let all = BulkSelection::Filter(Box::default(), [].into());
        let outcomes = world.change.bulk(&another_user(), action, all).await;
        assert!(outcomes.unwrap().is_empty());
    }
    assert_eq!(world.document(document.id).await, document);
    assert_eq!(world.audit_since(lines), []);
}

#[tokio::test]
async fn another_owners_topic_cannot_be_used() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let draft = TopicDraft {
        name: TopicName::parse("Secret").unwrap(),
        description: String::new(),
        hue: None,
    };
    let theirs = world.topics.create(&another_user(), draft).await.unwrap();
    let theirs = theirs.topic.id;

    let confirmed = world.change.confirm_topic(&CALLER, document.id, theirs);
    let confirmed = confirmed.await;
    assert!(
        matches!(confirmed, Err(ChangeError::UnknownTopic(_))),
        "{confirmed:?}"
    );
    let edits = Edits {
        topics: Some(vec![TopicRef::Id(theirs)]),
        ..Edits::default()
    };
    let edited = world.change.edit(&CALLER, document.id, edits);
    let edited = edited.await;
    assert!(
        matches!(edited, Err(ChangeError::UnknownTopic(_))),
        "{edited:?}"
    );
    assert_eq!(world.document(document.id).await, document);
}

#[tokio::test]
async fn another_owner_finds_no_topic() {
    let world = World::new();
    let (home, work) = (world.topic("Home").await, world.topic("Work").await);
    let (somebody, topics) = (another_user(), &world.topics);
    let edited = topics.edit(&somebody, home, TopicEdits::default()).await;
    assert!(matches!(edited, Err(TopicError::NotFound)), "{edited:?}");
    let deleted = topics.delete(&somebody, home).await;
    assert!(matches!(deleted, Err(TopicError::NotFound)), "{deleted:?}");
    let merged = topics.merge(&somebody, home, work).await;
    assert!(matches!(merged, Err(TopicError::NotFound)), "{merged:?}");
    assert_eq!(world.topic_names().await, ["Home", "Work"]);
}

#[tokio::test]
async fn the_same_bytes_of_another_owner_are_nobodys_business() {
    let world = World::new();
    world.upload("Rent").await;
    let (somebody, uploads) = (another_user(), &world.uploads);
    let quota = Quota {
        used_bytes: 0,
        limit_bytes: 100,
    };
    world.store.set_quota(somebody.owner(), quota);
    let key = Some(a_key("k"));
    let begun = uploads.begin(&somebody, MimeType::Pdf, key);
    let ticket = begun.await.unwrap();
    let content = bytes(b"Rent");
    let stored = uploads.store(&ticket, content, None).await.unwrap();
    let new = a_file("a.pdf");
    let document = uploads
        .finish(&somebody, ticket, &stored, new)
        .await
        .unwrap();
    assert_eq!(document.duplicate_of, None);
    assert_eq!(document.owner, somebody.owner());
    assert_eq!(world.find(document.id).await, None);
    assert_eq!(world.document_count().await, 1);
}
