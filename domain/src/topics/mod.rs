//! Topics: what documents are filed under.

mod manage;
mod starter;
mod topic;

pub use manage::{ManageTopics, TopicDraft, TopicEdits, TopicError};
pub use starter::starter_topics;
pub use topic::{Hue, InvalidTopicName, Topic, TopicName};
