//! What has been learned from how people file.

use async_trait::async_trait;

use crate::caller::Caller;
use crate::documents::{Source, TopicState};
use crate::fault::PortError;
use crate::ids::{DocumentId, TopicId, UserId};
use crate::learning::{Learned, TopicVector};

/// What a document has taught about a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// It belongs there.
    Positive,
    /// It does not.
    Negative,
}

/// How a document stands to a topic, and what it has taught so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrainingExample {
    /// The topic.
    pub topic: TopicId,
    /// How the document stands to it.
    pub state: TopicState,
    /// Who says so.
    pub source: Source,
    /// What is in the topic's vector already.
    pub trained: Option<Label>,
}

/// Topic vectors. A topic without one has an empty one; it goes with its topic.
#[async_trait]
pub trait LearningRepo: Send + Sync {
    /// Everything that the caller's filing has taught.
    async fn load(&self, caller: &Caller) -> Result<Learned, PortError>;
    /// The topic's vector, held until the unit of work ends; two units never both see it empty.
    async fn lock(&self, owner: UserId, topic: TopicId) -> Result<TopicVector, PortError>;
    /// Replaces the vector of a topic that was locked in this unit of work.
    async fn put(&self, topic: TopicId, vector: &TopicVector) -> Result<(), PortError>;
    /// How the document stands to all topics, rejected ones as well.
    async fn examples(&self, document: DocumentId) -> Result<Vec<TrainingExample>, PortError>;
    /// Notes what the document has taught about a topic that it stands to in some way.
    async fn set_trained(
        &self,
        document: DocumentId,
        topic: TopicId,
        trained: Option<Label>,
    ) -> Result<(), PortError>;
    /// The start of the document's text as stored; empty before it was read.
    async fn sample(&self, document: DocumentId) -> Result<Vec<String>, PortError>;
}
