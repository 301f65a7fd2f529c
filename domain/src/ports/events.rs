//! Telling open pages and scripts what happened. The bus may lose events; the database does not.

use std::fmt;
use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;
use serde::{Deserialize, Serialize};

use crate::documents::Document;
use crate::fault::PortError;
use crate::ids::{DocumentId, UserId};

/// An event's place in its bus: opaque to clients, sent back as `Last-Event-ID`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub String);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EventBody {
    /// A document was taken in.
    DocumentCreated {
        /// As it is now.
        document: Box<Document>,
    },
    /// A document changed; into and out of the trash are changes too.
    DocumentUpdated {
        /// As it is now.
        document: Box<Document>,
    },
    /// A document was deleted for ever.
    DocumentDeleted {
        /// Which.
        id: DocumentId,
    },
    /// A job was given up.
    JobFailed {
        /// The document it worked on.
        document: DocumentId,
        /// What people are told.
        sentence: String,
    },
}

/// Something that happened to somebody's rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Whose rows: nobody else hears of it.
    pub owner: UserId,
    /// What.
    pub body: EventBody,
}

/// What a subscriber is handed.
#[derive(Clone, Debug, PartialEq)]
pub enum Delivery {
    /// An event.
    Event(EventId, Event),
    /// Events may be missing: fetch again.
    Resync,
}

/// What a subscriber listens to. Ends only when the bus is closed.
pub type EventStream = Pin<Box<dyn Stream<Item = Delivery> + Send>>;

/// Fan-out to all subscribers of all replicas.
#[async_trait]
pub trait EventBus: Send + Sync {
    /// Sends `event` to the subscribers of its owner, after the commit that made it true. An error
    /// means that some subscribers may not hear of it, nothing worse.
    async fn publish(&self, event: &Event) -> Result<(), PortError>;
    /// Events of `owner` from now on, or from just after `last` where the bus still has them. When
    /// it does not, and whenever a slow subscriber was outrun, one `Resync` comes in their place.
    async fn subscribe(
        &self,
        owner: UserId,
        last: Option<EventId>,
    ) -> Result<EventStream, PortError>;
}
