//! The topics a model may choose from.

use docuvault_domain::ids::TopicId;
use docuvault_domain::ports::KnownTopic;
use serde_json::{Value, json};

use super::text;

/// The longest name: as long as people may type.
const NAME_CHARS: usize = 80;
/// What a model learns about a topic.
const DESCRIPTION_CHARS: usize = 200;
/// Strict servers take this many choices and no more.
const MAX_TOPICS: usize = 500;

/// The topics of one person, by names that differ in more than case.
pub(super) struct ClosedList(Vec<Choice>);

struct Choice {
    id: TopicId,
    name: String,
    key: String,
    description: Option<String>,
}

impl ClosedList {
    pub(super) fn of(topics: &[KnownTopic]) -> Self {
        let mut choices: Vec<Choice> = Vec::with_capacity(topics.len());
        for topic in topics {
            let Some(name) = text::line(&topic.name, NAME_CHARS) else {
                continue;
            };
            let key = key(&name);
            if choices.len() < MAX_TOPICS && choices.iter().all(|choice| choice.key != key) {
                choices.push(Choice {
                    id: topic.id,
                    name,
                    key,
                    description: text::line(&topic.description, DESCRIPTION_CHARS),
                });
            }
        }
        Self(choices)
    }

    pub(super) fn find(&self, name: &str) -> Option<TopicId> {
        let key = key(&text::line(name, NAME_CHARS)?);
        self.0
            .iter()
            .find(|choice| choice.key == key)
            .map(|choice| choice.id)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|choice| choice.name.as_str())
    }

    /// Names and descriptions, as data.
    pub(super) fn described(&self) -> Value {
        let choice = |choice: &Choice| match &choice.description {
            Some(description) => json!({ "name": choice.name, "description": description }),
            None => json!({ "name": choice.name }),
        };
        self.0.iter().map(choice).collect()
    }
}

fn key(name: &str) -> String {
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn names_are_found_whatever_their_case() {
        let topic = |id, name: &str| KnownTopic {
            id: TopicId(Uuid::from_u128(id)),
            name: name.to_owned(),
            description: String::new(),
            starter: None,
        };
        let list = ClosedList::of(&[topic(1, "Öl & Gas"), topic(2, "öl & gas"), topic(3, " ")]);
        assert_eq!(list.names().collect::<Vec<_>>(), ["Öl & Gas"]);
        assert_eq!(list.find(" ÖL &  GAS"), Some(TopicId(Uuid::from_u128(1))));
        assert_eq!(list.find("Gas"), None);
        assert_eq!(list.find(""), None);
    }
}
