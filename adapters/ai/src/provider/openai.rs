//! `POST {base}/chat/completions`, as `OpenAI` and many others answer it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::header::{AUTHORIZATION, HeaderMap};
use serde_json::{Value, json};

use super::config::{ProviderConfig, ProviderError};
use super::dialect::{Dialect, Question, model_names, sum};
use super::failure::Failure;
use super::http;
use super::rejection::Rejection;

/// How the server can be told to answer in JSON, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Format {
    Schema,
    Object,
    Plain,
}

/// What the server calls the most tokens of an answer, in the order of trying.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Limit {
    MaxCompletionTokens,
    MaxTokens,
    Omitted,
}

impl Limit {
    const fn field(self) -> Option<&'static str> {
        match self {
            Self::MaxCompletionTokens => Some("max_completion_tokens"),
            Self::MaxTokens => Some("max_tokens"),
            Self::Omitted => None,
        }
    }
}

/// What the server is known to support. Only ever shrinks.
#[derive(Clone, Copy)]
struct Capabilities {
    format: Format,
    limit: Limit,
    temperature: bool,
}

pub(super) struct OpenAi {
    model: String,
    /// A broker that would otherwise choose servers that ignore the format or keep the data.
    openrouter: bool,
    capabilities: Mutex<Capabilities>,
}

impl OpenAi {
    pub(super) fn new(config: &ProviderConfig) -> Self {
        let capabilities = Capabilities {
            format: Format::Schema,
            limit: Limit::MaxCompletionTokens,
            temperature: true,
        };
        let host = url::Url::parse(config.base_url.trim()).ok();
        let host = host.as_ref().and_then(|url| url.host_str());
        Self {
            model: config.model.clone(),
            openrouter: host == Some("openrouter.ai"),
            capabilities: Mutex::new(capabilities),
        }
    }

    fn capabilities(&self) -> MutexGuard<'_, Capabilities> {
        self.capabilities
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the next request goes without something that was sent and is complained about. What
    /// was sent counts, not what is known: requests run side by side, and each of them may fail for
    /// the same reason.
    fn drop_unsupported_parameter(&self, sent: &Value, rejection: &Rejection) -> bool {
        let mut known = self.capabilities();
        let limit = [Limit::MaxCompletionTokens, Limit::MaxTokens]
            .into_iter()
            .find(|limit| limit.field().is_some_and(|field| sent.get(field).is_some()));
        if let Some(limit) = limit
            && limit.field().is_some_and(|field| rejection.concerns(field))
        {
            let next = match limit {
                Limit::MaxCompletionTokens => Limit::MaxTokens,
                Limit::MaxTokens | Limit::Omitted => Limit::Omitted,
            };
            known.limit = known.limit.max(next);
            return true;
        }
        if sent.get("temperature").is_some() && rejection.concerns("temperature") {
            known.temperature = false;
            return true;
        }
        let format = ["response_format", "json_schema", "json_object", "grammar"];
        if let Some(sent) = sent.pointer("/response_format/type")
            && format.iter().any(|word| rejection.concerns(word))
        {
            let next = if sent == "json_schema" {
                Format::Object
            } else {
                Format::Plain
            };
            known.format = known.format.max(next);
            return true;
        }
        false
    }
}

pub(super) fn headers(config: &ProviderConfig) -> Result<HeaderMap, ProviderError> {
    let mut headers = HeaderMap::new();
    if let Some(key) = &config.api_key {
        let bearer = http::secret(&format!("Bearer {}", key.expose()))?;
        headers.insert(AUTHORIZATION, bearer);
    }
    Ok(headers)
}

impl Dialect for OpenAi {
    fn path(&self) -> &'static str {
        "/chat/completions"
    }

    fn body(&self, question: &Question) -> Value {
        let capabilities = *self.capabilities();
        let mut messages = vec![json!({ "role": "system", "content": question.system })];
        messages.extend(question.messages());
        let mut body = json!({ "model": self.model, "messages": messages });
        match capabilities.format {
            Format::Schema => {
                body["response_format"] = json!({
                    "type": "json_schema",
                    "json_schema": {
                        "name": "classification",
                        "strict": true,
                        "schema": question.schema,
                    },
                });
            }
            Format::Object => body["response_format"] = json!({ "type": "json_object" }),
            Format::Plain => {}
        }
        if let Some(field) = capabilities.limit.field() {
            body[field] = question.max_tokens.into();
        }
        if capabilities.temperature {
            body["temperature"] = 0.into();
        }
        if self.openrouter {
            body["provider"] = json!({
                "require_parameters": capabilities.format != Format::Plain,
                "data_collection": "deny",
            });
        }
        body
    }

    fn reply(&self, _: &Value, answer: &Value) -> Result<String, Failure> {
        let Some(choice) = answer.pointer("/choices/0") else {
            return Ok(String::new());
        };
        let refusal = choice.pointer("/message/refusal").and_then(Value::as_str);
        if refusal.is_some_and(|refusal| !refusal.is_empty()) {
            return Err(Failure::no_answer("the model refuses"));
        }
        match choice.get("finish_reason").and_then(Value::as_str) {
            Some("content_filter") => Err(Failure::no_answer("the provider's filter stepped in")),
            Some("length") => Err(Failure::CutShort),
            _ => Ok(content(choice.pointer("/message/content"))),
        }
    }

    fn tokens(&self, answer: &Value) -> Option<u64> {
        sum(answer.get("usage"), &["prompt_tokens", "completion_tokens"])
    }

    fn refused(&self, sent: &Value, rejection: Rejection) -> Failure {
        let misconfiguration_codes = [
            "insufficient_quota",
            "billing_hard_limit_reached",
            "billing_not_active",
            "invalid_api_key",
            "model_not_found",
        ];
        if rejection.is(&misconfiguration_codes) {
            Failure::Misconfigured(rejection.cause())
        } else if rejection.is(&["content_filter", "content_policy_violation"]) {
            Failure::NoAnswer(rejection.cause())
        } else if rejection.is(&["json_validate_failed"]) {
            Failure::InvalidOutput
        } else if rejection.is_too_long() {
            Failure::TooLong(rejection.cause())
        } else if matches!(rejection.status, 400 | 422)
            && self.drop_unsupported_parameter(sent, &rejection)
        {
            Failure::UnsupportedParameter(rejection.cause())
        } else {
            rejection.by_status()
        }
    }

    fn models_path(&self) -> &'static str {
        "/models"
    }

    fn models(&self, list: &Value) -> Vec<String> {
        model_names(list.get("data"), "id")
    }
}

/// A text, or the texts of a list of parts.
fn content(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(parts)) => parts
            .iter()
            .filter_map(|part| part.get("text")?.as_str())
            .collect(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::config::ProviderKind;
    use super::*;

    fn asked(base_url: &str) -> (OpenAi, Value) {
        let mut config = ProviderConfig::new(ProviderKind::OpenAi, "m");
        base_url.clone_into(&mut config.base_url);
        let dialect = OpenAi::new(&config);
        let question = Question {
            system: String::new(),
            user: String::new(),
            schema: json!({}),
            max_tokens: 1,
            repair: None,
        };
        let body = dialect.body(&question);
        (dialect, body)
    }

    #[test]
    fn a_broker_is_told_to_deny_the_data() {
        let (_, body) = asked("https://openrouter.ai/api/v1");
        assert_eq!(body["provider"]["data_collection"], "deny");
        let (_, body) = asked("https://openrouter.ai.example/api/v1");
        assert_eq!(body.get("provider"), None);
    }

    #[test]
    fn requests_side_by_side_take_one_step_together() {
        let (dialect, sent) = asked("https://host/v1");
        let no = br#"{"error":{"message":"'response_format' is not supported"}}"#;
        for _ in 0..4 {
            let no = Rejection::read(400, None, no);
            assert_eq!(dialect.refused(&sent, no).name(), "unsupported parameter");
        }
        assert!(dialect.capabilities().format == Format::Object);
    }

    #[test]
    fn errors_come_with_status_200_too() {
        let (dialect, sent) = asked("https://host/v1");
        let failure = |answer: Value| {
            let rejection = Rejection::in_answer(&answer).unwrap();
            dialect.refused(&sent, rejection).name()
        };
        let no_credit = json!({ "error": { "message": "no", "code": 402 } });
        assert_eq!(failure(no_credit), "misconfigured");
        assert_eq!(failure(json!({ "error": { "code": 429 } })), "unavailable");
        assert_eq!(
            failure(json!({ "error": "Unexpected endpoint" })),
            "unavailable"
        );
    }
}
