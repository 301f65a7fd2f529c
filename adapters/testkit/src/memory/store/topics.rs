use async_trait::async_trait;
use docuvault_domain::documents::{Filing, Source, TopicState};
use docuvault_domain::ids::{DocumentId, TopicId};
use docuvault_domain::ports::{TopicRepo, TopicWithCount};
use docuvault_domain::topics::{Topic, TopicName};
use docuvault_domain::{Caller, PortError, Timestamp};

use super::Tables;
use super::state::{FilingEntry, State, conflict};

#[async_trait]
impl TopicRepo for Tables {
    async fn add(&self, topics: &[Topic]) -> Result<(), PortError> {
        const CONTEXT: &str = "adding topics";
        self.write(CONTEXT, |state| {
            for topic in topics {
                if state.topics.contains_key(&topic.id) || is_name_taken(state, topic) {
                    return Err(conflict(CONTEXT, "the id or name is taken"));
                }
                state.topics.insert(topic.id, topic.clone());
            }
            Ok(())
        })
    }

    async fn list(&self, caller: &Caller) -> Result<Vec<Topic>, PortError> {
        let topics = self.list_with_counts(caller).await?;
        Ok(topics.into_iter().map(|counted| counted.topic).collect())
    }

    async fn list_with_counts(&self, caller: &Caller) -> Result<Vec<TopicWithCount>, PortError> {
        Ok(self.read(|state| {
            let topics = state.topics.values();
            let mine = topics.filter(|topic| topic.owner == caller.owner());
            let mut counted: Vec<_> = mine.map(|topic| with_count(state, topic)).collect();
            counted.sort_by_key(|counted| counted.topic.name.key());
            counted
        }))
    }

    async fn find(
        &self,
        caller: &Caller,
        id: TopicId,
    ) -> Result<Option<TopicWithCount>, PortError> {
        Ok(self.read(|state| owned_topic(state, caller, id).map(|topic| with_count(state, topic))))
    }

    async fn find_by_name(
        &self,
        caller: &Caller,
        name: &TopicName,
    ) -> Result<Option<Topic>, PortError> {
        Ok(self.read(|state| {
            let mut topics = state.topics.values();
            topics
                .find(|topic| topic.owner == caller.owner() && topic.name.key() == name.key())
                .cloned()
        }))
    }

    async fn update(&self, topic: &Topic) -> Result<(), PortError> {
        const CONTEXT: &str = "updating a topic";
        self.write(CONTEXT, |state| {
            if is_name_taken(state, topic) {
                return Err(conflict(CONTEXT, "the name is taken"));
            }
            if let Some(row) = state.topics.get_mut(&topic.id) {
                row.name = topic.name.clone();
                row.description.clone_from(&topic.description);
                row.hue = topic.hue;
                row.updated_at = topic.updated_at;
            }
            Ok(())
        })
    }

    async fn remove(&self, caller: &Caller, id: TopicId) -> Result<(), PortError> {
        self.write("removing a topic", |state| {
            if owned_topic(state, caller, id).is_some() {
                state.topics.remove(&id);
                state.vectors.remove(&id);
                state.filings.retain(|(_, topic), _| *topic != id);
            }
            Ok(())
        })
    }

    async fn merge(&self, caller: &Caller, from: TopicId, into: TopicId) -> Result<(), PortError> {
        self.write("merging topics", |state| {
            let both_mine = owned_topic(state, caller, from).is_some()
                && owned_topic(state, caller, into).is_some();
            if from == into || !both_mine {
                return Ok(());
            }
            let moved: Vec<_> = state
                .filings
                .extract_if(.., |(_, topic), _| *topic == from)
                .collect();
            for ((document, _), filing) in moved {
                let there = state.filings.get(&(document, into));
                if there.is_none_or(|there| strength(&filing) > strength(there)) {
                    state.filings.insert((document, into), filing);
                }
            }
            state.topics.remove(&from);
            state.vectors.remove(&from);
            Ok(())
        })
    }

    async fn assign(
        &self,
        document: DocumentId,
        topic: TopicId,
        filing: &Filing,
        _now: Timestamp,
    ) -> Result<(), PortError> {
        const CONTEXT: &str = "filing a document";
        self.write(CONTEXT, |state| {
            let owners = (
                state.documents.get(&document).map(|row| row.owner),
                state.topics.get(&topic).map(|row| row.owner),
            );
            match owners {
                (Some(a), Some(b)) if a == b => {}
                _ => return Err(conflict(CONTEXT, "no such document and topic of one owner")),
            }
            let before = state.filings.get(&(document, topic));
            let filing = FilingEntry {
                row: filing.clone(),
                trained: before.and_then(|filing| filing.trained),
            };
            state.filings.insert((document, topic), filing);
            Ok(())
        })
    }

    async fn clear_predictions(&self, document: DocumentId) -> Result<(), PortError> {
        self.write("clearing predictions", |state| {
            state.filings.retain(|(of, _), filing| {
                *of != document
                    || filing.row.source == Source::User
                    || filing.row.state == TopicState::Rejected
            });
            Ok(())
        })
    }

    async fn rejected(&self, document: DocumentId) -> Result<Vec<TopicId>, PortError> {
        Ok(self.read(|state| {
            let filings = state.filings.iter();
            filings
                .filter(|((of, _), filing)| {
                    *of == document && filing.row.state == TopicState::Rejected
                })
                .map(|((_, topic), _)| *topic)
                .collect()
        }))
    }
}

fn owned_topic<'a>(state: &'a State, caller: &Caller, id: TopicId) -> Option<&'a Topic> {
    let topic = state.topics.get(&id);
    topic.filter(|topic| topic.owner == caller.owner())
}

fn is_name_taken(state: &State, topic: &Topic) -> bool {
    state.topics.values().any(|other| {
        other.id != topic.id && other.owner == topic.owner && other.name.key() == topic.name.key()
    })
}

fn with_count(state: &State, topic: &Topic) -> TopicWithCount {
    let filed = |(document, of): &(DocumentId, TopicId), filing: &FilingEntry| {
        let row = state.documents.get(document);
        *of == topic.id
            && filing.row.state == TopicState::Applied
            && row.is_some_and(|row| row.trashed_at.is_none())
    };
    let filings = state.filings.iter();
    TopicWithCount {
        topic: topic.clone(),
        documents: filings.filter(|(key, filing)| filed(key, filing)).count() as u64,
    }
}

/// A filing outweighs a no, and a no outweighs a perhaps.
fn strength(filing: &FilingEntry) -> u8 {
    match filing.row.state {
        TopicState::Applied => 2,
        TopicState::Rejected => 1,
        TopicState::Suggested => 0,
    }
}
