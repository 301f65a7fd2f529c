//! One thing done to many documents.

use std::collections::HashSet;
use std::time::Duration;

use docuvault_domain::audit::Action;
use docuvault_domain::documents::{
    BulkAction, BulkError, BulkOutcome, BulkSelection, ChangeError, Status, TopicRef,
};
use docuvault_domain::ids::{DocumentId, TopicId};
use docuvault_domain::ports::{DocumentFilter, EventBody, Repos};
use tokio::time::timeout;
use uuid::Uuid;

use crate::support::{CALLER, World, by_name, unknown_id};

/// More than two batches.
const MANY: usize = 250;

/// Far longer than it takes.
const ENDS: Duration = Duration::from_secs(30);

fn all_but(except: HashSet<DocumentId>) -> BulkSelection {
    BulkSelection::Filter(Box::default(), except)
}

/// The ids, all of which must have been done.
fn done(outcomes: &[BulkOutcome]) -> Vec<DocumentId> {
    let done = |outcome: &BulkOutcome| {
        assert!(outcome.result.is_ok(), "{outcome:?}");
        outcome.id
    };
    outcomes.iter().map(done).collect()
}

/// Does it, and ends.
async fn in_bulk(world: &World, action: BulkAction, selection: BulkSelection) -> Vec<BulkOutcome> {
    let bulk = world.change.bulk(&CALLER, action, selection);
    timeout(ENDS, bulk).await.expect("it ends").unwrap()
}

async fn filed_under(world: &World, topic: TopicId) -> u64 {
    let found = world.store.topics().find(&CALLER, topic).await.unwrap();
    found.unwrap().documents
}

#[tokio::test]
async fn each_id_answers_once_for_itself() {
    let world = World::new();
    let ids = world.upload_many(3).await;
    let unknown = DocumentId(unknown_id());
    let named = vec![ids[2], unknown, ids[0], ids[2], unknown, ids[0]];
    let (mut events, lines) = (world.listen().await, world.audit().len());
    let outcomes = world
        .change
        .bulk(&CALLER, BulkAction::Trash, BulkSelection::Ids(named))
        .await
        .unwrap();

    let (known, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(|o| o.id != unknown);
    assert_eq!(done(&known), [ids[0], ids[2]]);
    assert_eq!(lost.len(), 1);
    assert!(matches!(lost[0].result, Err(ChangeError::NotFound)));
    assert_eq!(world.document_count().await, 1);
    assert_eq!(world.audit_since(lines), [Action::DocumentTrashed; 2]);
    assert_eq!(events.received().len(), 2);
}

#[tokio::test]
async fn more_ids_than_allowed_are_refused_before_anything_is_done() {
    let world = World::new();
    let document = world.upload("Rent").await;
    let mut ids = vec![document.id];
    ids.extend((0..BulkSelection::MAX_IDS as u128).map(|n| DocumentId(Uuid::from_u128(n))));
    for action in [
        BulkAction::Delete,
        BulkAction::AddTopics(vec![by_name("New")]),
    ] {
        let selection = BulkSelection::Ids(ids.clone());
        let refused = world.change.bulk(&CALLER, action, selection).await;
        assert!(matches!(refused, Err(BulkError::TooMany)), "{refused:?}");
    }
    assert_eq!(world.document(document.id).await, document);
    assert_eq!(world.topic_names().await, [""; 0]);

    ids.pop();
    let selection = BulkSelection::Ids(ids);
    let most = world
        .change
        .bulk(&CALLER, BulkAction::Trash, selection)
        .await;
    assert_eq!(most.unwrap().len(), BulkSelection::MAX_IDS);
}

#[tokio::test]
async fn a_filter_reaches_all_but_the_excepted_over_many_batches() {
    let world = World::new();
    let ids = world.upload_many(MANY).await;
    // At the edges of the batches, and a whole batch.
    let except: HashSet<_> = [0, 99, 249].into_iter().chain(100..200).collect();
    let except: HashSet<_> = except.into_iter().map(|n| ids[n]).collect();
    let rest = ids.iter().copied().filter(|id| !except.contains(id));
    let rest: Vec<_> = rest.collect();

    let selection = all_but(except.clone());
    let trashed = in_bulk(&world, BulkAction::Trash, selection).await;
    assert_eq!(done(&trashed), rest);
    let everything = DocumentFilter::default();
    let left = world.store.documents();
    let left = left.ids(&CALLER, &everything, None, 1_000);
    let left: HashSet<_> = left.await.unwrap().into_iter().collect();
    assert_eq!(left, except);

    let trash = DocumentFilter {
        trashed: true,
        ..DocumentFilter::default()
    };
    let selection = BulkSelection::Filter(Box::new(trash), HashSet::new());
    let restored = in_bulk(&world, BulkAction::Restore, selection).await;
    assert_eq!(done(&restored), rest);
    assert_eq!(world.document_count().await, MANY as u64);
}

#[tokio::test]
async fn deleting_by_filter_ends_and_leaves_nothing() {
    let world = World::new();
    let ids = world.upload_many(MANY).await;
    let (mut events, lines) = (world.listen().await, world.audit().len());
    let selection = all_but([ids[7]].into());
    let deleted = done(&in_bulk(&world, BulkAction::Delete, selection).await);
    assert_eq!(deleted.len(), MANY - 1);
    assert!(!deleted.contains(&ids[7]));
    assert_eq!(world.document_count().await, 1);
    assert_eq!(world.storage.keys().len(), 1);
    assert_eq!(world.object_states().len(), 1);
    assert_eq!(world.open_jobs().await, 1);
    let expected = deleted
        .iter()
        .map(|id| EventBody::DocumentDeleted { id: *id });
    assert_eq!(events.received(), expected.collect::<Vec<_>>());
    let acts = world.audit_since(lines);
    assert_eq!(acts, vec![Action::DocumentDeleted; MANY - 1]);
}

#[tokio::test]
async fn topics_are_added_beside_those_there_and_taken_away() {
    let world = World::new();
    let (home, work) = (world.topic("Home").await, world.topic("Work").await);
    let ids = world.upload_many(3).await;
    let change = &world.change;
    change.confirm_topic(&CALLER, ids[0], work).await.unwrap();
    let revision = world.document(ids[0]).await.revision;

    let both = vec![TopicRef::Id(home), by_name("New")];
    let selection = || BulkSelection::Ids(ids[..2].to_vec());
    let added = change.bulk(&CALLER, BulkAction::AddTopics(both), selection());
    assert_eq!(done(&added.await.unwrap()), ids[..2]);
    assert_eq!(world.topic_names().await, ["Home", "New", "Work"]);
    let first = world.document(ids[0]).await;
    assert_eq!(first.topics.len(), 3);
    assert_eq!(first.revision, revision + 1);
    assert_eq!(filed_under(&world, home).await, 2);

    let taken = vec![by_name("home"), TopicRef::Id(work)];
    let taken = change.bulk(&CALLER, BulkAction::RemoveTopics(taken), selection());
    done(&taken.await.unwrap());
    let first = world.document(ids[0]).await;
    let left: Vec<_> = first.topics.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(left, ["New"]);
    assert_eq!(world.rejected(ids[0]).await, [home, work]);
    assert_eq!(world.document(ids[2]).await.revision, 1, "not asked for");
}

#[tokio::test]
async fn an_unknown_topic_stops_it_before_the_first_document() {
    let world = World::new();
    let ids = world.upload_many(2).await;
    let lines = world.audit().len();
    let unknown = TopicRef::Id(TopicId(unknown_id()));
    for action in [
        BulkAction::AddTopics(vec![by_name("New"), unknown.clone()]),
        BulkAction::RemoveTopics(vec![unknown]),
        // To take away what is not there must not make it.
        BulkAction::RemoveTopics(vec![by_name("New")]),
    ] {
        let selection = BulkSelection::Ids(ids.clone());
        let refused = world.change.bulk(&CALLER, action, selection).await;
        assert!(
            matches!(refused, Err(BulkError::Topic(ChangeError::UnknownTopic(_)))),
            "{refused:?}"
        );
    }
    assert_eq!(world.topic_names().await, [""; 0]);
    assert_eq!(world.audit_since(lines), []);
}

#[tokio::test]
async fn many_are_read_again() {
    let world = World::new();
    let ids = world.upload_many(2).await;
    for _ in 0..2 {
        world.work().await;
    }
    world.transport.published();
    let selection = all_but(HashSet::new());
    let asked = in_bulk(&world, BulkAction::Reprocess, selection).await;
    assert_eq!(done(&asked), ids);
    assert_eq!(world.open_jobs().await, 2);
    assert_eq!(world.transport.published().len(), 2);
    assert_eq!(world.document(ids[1]).await.status, Status::Pending);
}
