use std::fmt;

use thiserror::Error;

use crate::ids::{TopicId, UserId};
use crate::timestamp::Timestamp;

/// What a topic is called: 1 to 80 characters on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicName(String);

/// The name was empty, too long or had control characters.
#[derive(Debug, PartialEq, Eq, Error)]
#[error(
    "A topic name has 1 to {} characters on one line.",
    TopicName::MAX_CHARS
)]
pub struct InvalidTopicName;

impl TopicName {
    /// The longest name, in characters.
    pub const MAX_CHARS: usize = 80;

    /// Checks a name.
    pub fn parse(text: &str) -> Result<Self, InvalidTopicName> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= Self::MAX_CHARS;
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidTopicName)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What must be unique per owner: the name without regard to case.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for TopicName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One of the eight hues that the design system gives a light and a dark form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hue(u8);

impl Hue {
    /// `None` outside 1 to 8.
    pub fn parse(hue: u8) -> Option<Self> {
        (1..=8).contains(&hue).then_some(Self(hue))
    }

    /// The next free-looking hue for the `n`-th topic.
    pub fn nth(n: usize) -> Self {
        Self(u8::try_from(n % 8).unwrap_or(0) + 1)
    }

    /// 1 to 8.
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// Whose it is.
    pub owner: UserId,
    /// What it is called.
    pub name: TopicName,
    /// What belongs there, in the owner's words; at most 500 characters.
    pub description: String,
    /// How it is coloured.
    pub hue: Hue,
    /// The starter topic it came from: the built-in rules file by this, whatever its name is now.
    pub starter: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}
