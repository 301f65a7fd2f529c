use serde::{Deserialize, Serialize};

/// A language that the vault writes in: its mails, and the names of starter topics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German.
    #[serde(rename = "de")]
    German,
}

impl Language {
    /// The one for a person with this locale: English for locales that are not supported, `None`
    /// without one.
    pub fn of_locale(locale: Option<&str>) -> Option<Self> {
        let language = locale?.split('-').next()?.to_ascii_lowercase();
        Some(if language == "de" {
            Self::German
        } else {
            Self::English
        })
    }
}
