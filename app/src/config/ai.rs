use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::Secret;
use super::validate::Problems;

/// Who files documents. With anything but `builtin` the start of each document's text leaves this
/// process for `base_url`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Ai {
    /// `builtin`: what is known of papers and learned from people's filing, on this machine. `openai`: any
    /// OpenAI-compatible server. `anthropic`. `ollama`.
    pub provider: AiProvider,
    /// Where the provider answers, such as `http://localhost:11434`; its vendor's address unless set.
    pub base_url: Option<String>,
    /// The provider's API key.
    pub api_key: Option<Secret>,
    /// The model, as the provider names it. A small one will do: "mini", "haiku", or 3 to 8 billion
    /// parameters on a machine of one's own.
    pub model: Option<String>,
    /// How long one answer may take, in seconds; 60 unless set, 300 with `ollama`.
    pub timeout_seconds: Option<u64>,
    /// Documents asked about at the same time; 4 unless set, 1 with `ollama`.
    pub max_in_flight: Option<u32>,
    /// Tokens of questions and answers a day for each process; what comes later is filed the next
    /// day. No limit unless set.
    pub daily_tokens: Option<u64>,
}

impl Ai {
    pub(super) fn check(&self, problems: &mut Problems) {
        let has =
            |value: &Option<String>| value.as_ref().is_some_and(|value| !value.trim().is_empty());
        if self.provider == AiProvider::Builtin {
            if self.base_url.is_some() || self.api_key.is_some() || self.model.is_some() {
                problems.push(
                    "ai.provider: is builtin, which has no address, key or model. Name a \
                     provider, or remove those.",
                );
            }
            return;
        }
        if !has(&self.model) {
            problems.push("ai.model: is missing, although ai.provider is set");
        }
        let cloud = self.base_url.is_none() && self.provider != AiProvider::Ollama;
        if cloud && self.api_key.is_none() {
            problems.push("ai.api_key: is missing; the vendor answers nobody without one");
        }
        let http = |url: &String| {
            Url::parse(url).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https")
                    && url.username().is_empty()
                    && url.query().is_none()
            })
        };
        if self.base_url.as_ref().is_some_and(|url| !http(url)) {
            problems.push("ai.base_url: must be like https://host/path, without a query");
        }
        problems.at_least_one("ai.timeout_seconds", self.timeout_seconds.unwrap_or(1));
        let at_once = self.max_in_flight.unwrap_or(1);
        problems.at_least_one("ai.max_in_flight", at_once.into());
    }
}

/// A kind of AI provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AiProvider {
    /// No provider: rules and learning.
    #[default]
    Builtin,
    /// Every server that speaks the protocol of `OpenAI`.
    Openai,
    /// Anthropic.
    Anthropic,
    /// Ollama.
    Ollama,
}
