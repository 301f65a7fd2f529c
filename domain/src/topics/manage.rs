use thiserror::Error;

use super::{Hue, Topic, TopicName};
use crate::audit::{Action, Resource};
use crate::caller::Caller;
use crate::core::Core;
use crate::fault::{FaultKind, PortError};
use crate::ids::{TopicId, UserId};
use crate::learning::TopicVector;
use crate::ports::{TopicWithCount, UnitOfWork};

/// Makes, changes, merges and deletes topics. Documents stay, whatever happens to their topics.
pub struct ManageTopics {
    /// Database, clock and ids.
    pub core: Core,
}

/// A topic to be made.
#[derive(Clone, Debug)]
pub struct TopicDraft {
    /// Its name.
    pub name: TopicName,
    /// What belongs there.
    pub description: String,
    /// Its hue; the next one round when left open.
    pub hue: Option<Hue>,
}

/// Changes to a topic; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct TopicEdits {
    /// A new name.
    pub name: Option<TopicName>,
    /// A new description.
    pub description: Option<String>,
    /// A new hue.
    pub hue: Option<Hue>,
}

/// Why a topic was not made or changed.
#[derive(Debug, Error)]
pub enum TopicError {
    /// The caller has no such topic.
    #[error("no such topic")]
    NotFound,
    /// The caller has a topic of that name.
    #[error("the name is taken")]
    NameTaken,
    /// A topic cannot be merged into itself.
    #[error("a topic cannot be merged into itself")]
    SameTopic,
    /// The database failed.
    #[error(transparent)]
    Port(PortError),
}

impl From<PortError> for TopicError {
    fn from(error: PortError) -> Self {
        if error.kind == FaultKind::Conflict {
            Self::NameTaken
        } else {
            Self::Port(error)
        }
    }
}

impl ManageTopics {
    /// Makes a topic.
    pub async fn create(
        &self,
        caller: &Caller,
        draft: TopicDraft,
    ) -> Result<TopicWithCount, TopicError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        let hue = match draft.hue {
            Some(hue) => hue,
            None => Hue::nth(unit.topics().list(caller).await?.len()),
        };
        let topic = Topic {
            id: TopicId(self.core.ids.v7()),
            owner: caller.owner(),
            name: draft.name,
            description: draft.description,
            hue,
            starter: None,
            created_at: now,
            updated_at: now,
        };
        unit.topics().add(std::slice::from_ref(&topic)).await?;
        self.core
            .audit_line(caller, Action::TopicCreated, Resource::Topic(topic.id))
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(TopicWithCount {
            topic,
            documents: 0,
        })
    }

    /// Renames, describes or recolours a topic.
    pub async fn edit(
        &self,
        caller: &Caller,
        id: TopicId,
        edits: TopicEdits,
    ) -> Result<TopicWithCount, TopicError> {
        let now = self.core.now();
        let unit = self.core.begin().await?;
        let mut found = unit
            .topics()
            .find(caller, id)
            .await?
            .ok_or(TopicError::NotFound)?;
        if let Some(name) = edits.name {
            found.topic.name = name;
        }
        if let Some(description) = edits.description {
            found.topic.description = description;
        }
        if let Some(hue) = edits.hue {
            found.topic.hue = hue;
        }
        found.topic.updated_at = now;
        unit.topics().update(&found.topic).await?;
        self.core
            .audit_line(caller, Action::TopicEdited, Resource::Topic(id))
            .write(&*unit)
            .await?;
        unit.commit().await?;
        Ok(found)
    }

    /// Deletes a topic; its documents stay.
    pub async fn delete(&self, caller: &Caller, id: TopicId) -> Result<(), TopicError> {
        let unit = self.core.begin().await?;
        unit.topics()
            .find(caller, id)
            .await?
            .ok_or(TopicError::NotFound)?;
        unit.topics().remove(caller, id).await?;
        self.core
            .audit_line(caller, Action::TopicDeleted, Resource::Topic(id))
            .write(&*unit)
            .await?;
        Ok(unit.commit().await?)
    }

    /// Files everything of `from` under `into` and deletes `from`.
    pub async fn merge(
        &self,
        caller: &Caller,
        from: TopicId,
        into: TopicId,
    ) -> Result<TopicWithCount, TopicError> {
        if from == into {
            return Err(TopicError::SameTopic);
        }
        let unit = self.core.begin().await?;
        unit.topics()
            .find(caller, from)
            .await?
            .ok_or(TopicError::NotFound)?;
        unit.topics()
            .find(caller, into)
            .await?
            .ok_or(TopicError::NotFound)?;
        let (mut vector, other) = lock_both(&*unit, caller.owner(), into, from).await?;
        vector.merge(&other);
        unit.learning().put(into, &vector).await?;
        unit.topics().merge(caller, from, into).await?;
        self.core
            .audit_line(caller, Action::TopicMerged, Resource::Topic(from))
            .write(&*unit)
            .await?;
        let merged = unit
            .topics()
            .find(caller, into)
            .await?
            .ok_or(TopicError::NotFound)?;
        unit.commit().await?;
        Ok(merged)
    }
}

/// The vectors of both topics, locked in the order in which everybody locks them.
async fn lock_both(
    unit: &dyn UnitOfWork,
    owner: UserId,
    one: TopicId,
    other: TopicId,
) -> Result<(TopicVector, TopicVector), PortError> {
    let first = unit.learning().lock(owner, one.min(other)).await?;
    let second = unit.learning().lock(owner, one.max(other)).await?;
    Ok(if one < other {
        (first, second)
    } else {
        (second, first)
    })
}
