//! How to reach a provider.

use std::fmt;
use std::time::Duration;

use thiserror::Error;

/// How long an answer from the cloud may take.
pub const CLOUD_TIMEOUT: Duration = Duration::from_mins(1);
/// How long an answer of a server at hand may take: the first one waits for the model to load.
pub const LOCAL_TIMEOUT: Duration = Duration::from_mins(5);

/// The protocol a provider speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// `POST {base}/chat/completions`: `OpenAI` and everything compatible with it.
    OpenAi,
    /// `POST {base}/v1/messages`.
    Anthropic,
    /// `POST {base}/api/chat`.
    Ollama,
}

impl ProviderKind {
    /// Its name in configuration and logs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Ollama => "ollama",
        }
    }

    /// Where its vendor, or a fresh installation, answers.
    pub const fn base_url(self) -> &'static str {
        match self {
            Self::OpenAi => "https://api.openai.com/v1",
            Self::Anthropic => "https://api.anthropic.com",
            Self::Ollama => "http://localhost:11434",
        }
    }
}

/// The secret that a provider knows us by. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes the key as it was configured.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    pub(super) fn expose(&self) -> &str {
        self.0.trim()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A provider, its model and what it may cost.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// The protocol.
    pub kind: ProviderKind,
    /// `http(s)://host[:port][/path]`, without the path of a call.
    pub base_url: String,
    /// The key; servers at hand often have none.
    pub api_key: Option<ApiKey>,
    /// The model, as the provider names it.
    pub model: String,
    /// How long one answer may take, from connecting to its last byte.
    pub timeout: Duration,
    /// Documents asked about at the same time; at least one.
    pub max_in_flight: usize,
    /// Tokens of questions and answers a day (UTC). What is under way is not broken off: with
    /// several in flight a day may end a little above it.
    pub daily_tokens: Option<u64>,
}

impl ProviderConfig {
    /// A provider at its usual place with the usual patience.
    pub fn new(kind: ProviderKind, model: impl Into<String>) -> Self {
        let (timeout, max_in_flight) = match kind {
            ProviderKind::OpenAi | ProviderKind::Anthropic => (CLOUD_TIMEOUT, 4),
            ProviderKind::Ollama => (LOCAL_TIMEOUT, 1),
        };
        Self {
            kind,
            base_url: kind.base_url().to_owned(),
            api_key: None,
            model: model.into(),
            timeout,
            max_in_flight,
            daily_tokens: None,
        }
    }
}

/// A configuration that cannot work. Names the setting, never its value.
#[derive(Debug, Error)]
pub enum ProviderError {
    /// The base URL is not one, or has a user, a query or a fragment.
    #[error("the base URL must be http(s)://host[:port][/path]")]
    BaseUrl,
    /// The key cannot be sent in a header.
    #[error("the API key has characters that keys do not have")]
    ApiKey,
    /// There is no model.
    #[error("no model is named")]
    Model,
    /// The HTTP client could not be built.
    #[error("the HTTP client could not be built")]
    Client(#[source] reqwest::Error),
}
