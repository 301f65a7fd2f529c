//! Topics: what documents are filed under.

mod starter;
mod topic;

pub use starter::{StarterLanguage, starter_topics};
pub use topic::{Hue, InvalidTopicName, Topic, TopicName};
