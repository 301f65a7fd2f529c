//! `POST {base}/v1/messages`.

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::config::{ProviderConfig, ProviderError};
use super::dialect::{Dialect, Question, model_names, sum};
use super::failure::Failure;
use super::http;
use super::rejection::Rejection;

const VERSION: HeaderValue = HeaderValue::from_static("2023-06-01");

pub(super) struct Anthropic {
    model: String,
    /// Older models cannot be held to a schema.
    plain: AtomicBool,
}

impl Anthropic {
    pub(super) fn new(config: &ProviderConfig) -> Self {
        Self {
            model: config.model.clone(),
            plain: AtomicBool::new(false),
        }
    }
}

pub(super) fn headers(config: &ProviderConfig) -> Result<HeaderMap, ProviderError> {
    let mut headers = HeaderMap::new();
    headers.insert("anthropic-version", VERSION);
    if let Some(key) = &config.api_key {
        headers.insert("x-api-key", http::secret(key.expose())?);
    }
    Ok(headers)
}

impl Dialect for Anthropic {
    fn path(&self) -> &'static str {
        "/v1/messages"
    }

    fn body(&self, question: &Question) -> Value {
        let mut body = json!({
            "model": self.model,
            "max_tokens": question.max_tokens,
            "system": question.system,
            "messages": question.messages(),
        });
        if !self.plain.load(Ordering::Relaxed) {
            let format = json!({ "type": "json_schema", "schema": question.schema });
            body["output_config"] = json!({ "format": format });
        }
        body
    }

    fn reply(&self, _: &Value, answer: &Value) -> Result<String, Failure> {
        match answer.get("stop_reason").and_then(Value::as_str) {
            Some("end_turn") => {
                let parts = answer.get("content").and_then(Value::as_array);
                let text = parts
                    .into_iter()
                    .flatten()
                    .find(|part| part.get("type").is_some_and(|kind| kind == "text"))
                    .and_then(|part| part.get("text")?.as_str());
                Ok(text.unwrap_or_default().to_owned())
            }
            Some("max_tokens") => Err(Failure::CutShort),
            Some("model_context_window_exceeded") => {
                Err(Failure::TooLong("the model's window is full".into()))
            }
            Some("refusal") => Err(Failure::no_answer("the model refuses")),
            _ => Err(Failure::no_answer("the model stopped before its answer")),
        }
    }

    fn tokens(&self, answer: &Value) -> Option<u64> {
        let kinds = [
            "input_tokens",
            "output_tokens",
            "cache_creation_input_tokens",
            "cache_read_input_tokens",
        ];
        sum(answer.get("usage"), &kinds)
    }

    fn refused(&self, sent: &Value, rejection: Rejection) -> Failure {
        let no_credit = rejection.status == 400 && rejection.says(&["credit balance"]);
        let must_be_mended = [
            "authentication_error",
            "billing_error",
            "permission_error",
            "not_found_error",
        ];
        if no_credit || rejection.is(&must_be_mended) {
            Failure::Misconfigured(rejection.cause())
        } else if rejection.is_too_long() {
            Failure::TooLong(rejection.cause())
        } else if rejection.status == 400
            && sent.get("output_config").is_some()
            && ["output_config", "output_format", "json_schema"]
                .iter()
                .any(|field| rejection.concerns(field))
        {
            self.plain.store(true, Ordering::Relaxed);
            Failure::UnsupportedParameter(rejection.cause())
        } else {
            rejection.by_status()
        }
    }

    fn models_path(&self) -> &'static str {
        "/v1/models?limit=1000"
    }

    fn models(&self, list: &Value) -> Vec<String> {
        model_names(list.get("data"), "id")
    }
}
