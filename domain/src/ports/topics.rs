//! Topics and what is filed under them.

use async_trait::async_trait;

use crate::caller::Caller;
use crate::documents::Filing;
use crate::fault::PortError;
use crate::ids::{DocumentId, TopicId};
use crate::timestamp::Timestamp;
use crate::topics::{Topic, TopicName};

/// A topic and how many documents outside the trash are filed under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicWithCount {
    /// The topic.
    pub topic: Topic,
    /// Documents filed under it.
    pub documents: u64,
}

/// Topics. Names are unique per owner without regard to case.
#[async_trait]
pub trait TopicRepo: Send + Sync {
    /// Adds topics; a taken name is a `Conflict`.
    async fn add(&self, topics: &[Topic]) -> Result<(), PortError>;
    /// All of the caller's topics by name.
    async fn list(&self, caller: &Caller) -> Result<Vec<Topic>, PortError>;
    /// All of the caller's topics by name, with counts.
    async fn list_with_counts(&self, caller: &Caller) -> Result<Vec<TopicWithCount>, PortError>;
    /// The caller's topic.
    async fn find(&self, caller: &Caller, id: TopicId)
    -> Result<Option<TopicWithCount>, PortError>;
    /// The caller's topic of that name, without regard to case.
    async fn find_by_name(
        &self,
        caller: &Caller,
        name: &TopicName,
    ) -> Result<Option<Topic>, PortError>;
    /// Writes name, description and hue; a taken name is a `Conflict`.
    async fn update(&self, topic: &Topic) -> Result<(), PortError>;
    /// Removes the topic and what it says of documents; the documents stay.
    async fn remove(&self, caller: &Caller, id: TopicId) -> Result<(), PortError>;
    /// Files everything of `from` under `into`, then removes `from`. Where a document has both, the
    /// stronger state wins: applied, then rejected (a person's no), then suggested.
    async fn merge(&self, caller: &Caller, from: TopicId, into: TopicId) -> Result<(), PortError>;

    /// Files a document under a topic, or changes how; both must be of one owner.
    async fn assign(
        &self,
        document: DocumentId,
        topic: TopicId,
        filing: &Filing,
        now: Timestamp,
    ) -> Result<(), PortError>;
    /// Takes away what rules or AI said of a document and nobody confirmed or rejected.
    async fn clear_predictions(&self, document: DocumentId) -> Result<(), PortError>;
    /// The topics a person took away from a document: not to be suggested again.
    async fn rejected(&self, document: DocumentId) -> Result<Vec<TopicId>, PortError>;
}
