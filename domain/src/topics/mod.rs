//! Topics: what documents are filed under.

mod manage;
mod starter;
mod topic;

pub use crate::language::Language as StarterLanguage;
pub use manage::{ManageTopics, TopicDraft, TopicEdits, TopicError};
pub use starter::starter_topics;
pub use topic::{Hue, InvalidTopicName, Topic, TopicName};
