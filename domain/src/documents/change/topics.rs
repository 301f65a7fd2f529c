use std::collections::HashSet;

use super::{ChangeDocuments, ChangeError, PostCommit, locked};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::documents::{Document, Filing, TopicState};
use crate::ids::{DocumentId, TopicId};
use crate::learning::train;
use crate::ports::{Ids, Repos};
use crate::timestamp::Timestamp;
use crate::topics::{Hue, Topic, TopicName};

/// A topic as a request names it: by id, or by a name that may be new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicRef {
    /// By id.
    Id(TopicId),
    /// By name, without regard to case.
    Name(TopicName),
}

impl TopicRef {
    /// Reads `<id or name>`.
    pub fn parse(text: &str) -> Result<Self, ChangeError> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        let name = TopicName::parse(text);
        name.map(Self::Name)
            .map_err(|_| ChangeError::InvalidTopic(text.to_owned()))
    }
}

impl ChangeDocuments {
    /// Files the document under the topic, or confirms that it belongs there.
    pub async fn confirm_topic(
        &self,
        caller: &Caller,
        id: DocumentId,
        topic: TopicId,
    ) -> Result<Document, ChangeError> {
        self.decide_topic(caller, id, topic, TopicState::Applied)
            .await
    }

    /// Takes the topic away, or turns the suggestion down; it will not be suggested again.
    pub async fn reject_topic(
        &self,
        caller: &Caller,
        id: DocumentId,
        topic: TopicId,
    ) -> Result<Document, ChangeError> {
        self.decide_topic(caller, id, topic, TopicState::Rejected)
            .await
    }

    async fn decide_topic(
        &self,
        caller: &Caller,
        id: DocumentId,
        topic: TopicId,
        state: TopicState,
    ) -> Result<Document, ChangeError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        let mut document = locked(&*unit, caller, id).await?;
        decide(&*unit, caller, &document, topic, state, now).await?;
        train(&*unit, &document).await?;
        document.topic_proposals.clear();
        document.touch(now);
        unit.documents().update(&document).await?;
        self.core
            .audit_line(caller, Action::DocumentEdited, Resource::Document(id))
            .write(&*unit)
            .await?;
        let document = locked(&*unit, caller, id).await?;
        unit.commit().await?;
        let mut post_commit = PostCommit::default();
        post_commit.updated(&document);
        self.publish(post_commit).await;
        Ok(document)
    }
}

/// A person's word on one topic of one document.
pub(super) async fn decide(
    repos: &dyn Repos,
    caller: &Caller,
    document: &Document,
    topic: TopicId,
    state: TopicState,
    now: Timestamp,
) -> Result<(), ChangeError> {
    let known = repos.topics().find(caller, topic).await?;
    let known = known.ok_or_else(|| ChangeError::UnknownTopic(topic.to_string()))?;
    let topics = repos.topics();
    topics
        .assign(document.id, known.topic.id, &Filing::by_person(state), now)
        .await?;
    Ok(())
}

/// Makes `wanted` the document's topics: what is missing is filed, what is too many is rejected.
pub(super) async fn replace_topics(
    repos: &dyn Repos,
    ids: &dyn Ids,
    caller: &Caller,
    document: &Document,
    wanted: &[TopicRef],
    now: Timestamp,
) -> Result<(), ChangeError> {
    let mut keep = HashSet::new();
    for topic in wanted {
        keep.insert(resolve(repos, ids, caller, topic, now).await?);
    }
    for topic in document
        .topics
        .iter()
        .filter(|topic| !keep.contains(&topic.id))
    {
        decide(repos, caller, document, topic.id, TopicState::Rejected, now).await?;
    }
    for topic in keep {
        decide(repos, caller, document, topic, TopicState::Applied, now).await?;
    }
    Ok(train(repos, document).await?)
}

/// The id of the topic a request names, making the topic where the name is new.
pub(super) async fn resolve(
    repos: &dyn Repos,
    ids: &dyn Ids,
    caller: &Caller,
    topic: &TopicRef,
    now: Timestamp,
) -> Result<TopicId, ChangeError> {
    let name = match topic {
        TopicRef::Id(id) => return Ok(*id),
        TopicRef::Name(name) => name,
    };
    if let Some(topic) = repos.topics().find_by_name(caller, name).await? {
        return Ok(topic.id);
    }
    let topic = Topic {
        id: TopicId(ids.v7()),
        owner: caller.owner(),
        name: name.clone(),
        description: String::new(),
        hue: Hue::nth(repos.topics().list(caller).await?.len()),
        starter: None,
        created_at: now,
        updated_at: now,
    };
    let id = topic.id;
    repos.topics().add(&[topic]).await?;
    Ok(id)
}
