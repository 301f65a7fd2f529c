//! `POST {base}/api/chat`: Ollama's own protocol. Through its OpenAI-compatible one the window cannot
//! be set, and long prompts are cut without a word.

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::config::{ProviderConfig, ProviderError};
use super::dialect::{Dialect, Question, model_names, sum};
use super::failure::Failure;
use super::openai;
use super::rejection::Rejection;

/// The window that most questions fit in.
const WINDOW: u64 = 8_192;
/// Longer lists of topics get a larger one; not larger than this, memory grows with it.
const LARGEST_WINDOW: u64 = 32_768;
/// Windows grow in such steps: each new size loads the model anew.
const STEP: u64 = 4_096;

pub(super) struct Ollama {
    model: String,
    /// Old servers do not know the switch.
    sends_think_switch: AtomicBool,
}

impl Ollama {
    pub(super) fn new(config: &ProviderConfig) -> Self {
        Self {
            model: config.model.clone(),
            sends_think_switch: AtomicBool::new(true),
        }
    }
}

/// The same as `OpenAI`'s: a key is asked for by its cloud and by proxies.
pub(super) fn headers(config: &ProviderConfig) -> Result<HeaderMap, ProviderError> {
    openai::headers(config)
}

/// Tokens for a question: a third of its bytes and a quarter to spare, and the answer.
fn window(question: &Question) -> u64 {
    let bytes = question.system.len() + question.user.len();
    let tokens = u64::try_from(bytes).unwrap_or(u64::MAX) / 3;
    let needed = tokens.saturating_add(tokens / 4) + u64::from(question.max_tokens);
    needed
        .div_ceil(STEP)
        .saturating_mul(STEP)
        .clamp(WINDOW, LARGEST_WINDOW)
}

impl Dialect for Ollama {
    fn path(&self) -> &'static str {
        "/api/chat"
    }

    fn body(&self, question: &Question) -> Value {
        let mut messages = vec![json!({ "role": "system", "content": question.system })];
        messages.extend(question.messages());
        let mut body = json!({
            "model": self.model,
            "messages": messages,
            "stream": false,
            "format": question.schema,
            "options": {
                "temperature": 0,
                "num_ctx": window(question),
                "num_predict": question.max_tokens,
            },
            "keep_alive": "5m",
        });
        if self.sends_think_switch.load(Ordering::Relaxed) {
            body["think"] = false.into();
        }
        body
    }

    fn reply(&self, sent: &Value, answer: &Value) -> Result<String, Failure> {
        // A prompt that fills its window was cut to fit it.
        let window = sent.pointer("/options/num_ctx").and_then(Value::as_u64);
        let read = answer.get("prompt_eval_count").and_then(Value::as_u64);
        if let (Some(window), Some(read)) = (window, read)
            && read >= window / 20 * 19
        {
            return Err(Failure::TooLong(
                "the prompt fills the model's window".into(),
            ));
        }
        if answer.get("done_reason").is_some_and(|why| why == "length") {
            return Err(Failure::CutShort);
        }
        let reply = answer.pointer("/message/content").and_then(Value::as_str);
        Ok(reply.unwrap_or_default().to_owned())
    }

    fn tokens(&self, answer: &Value) -> Option<u64> {
        sum(Some(answer), &["prompt_eval_count", "eval_count"])
    }

    fn refused(&self, sent: &Value, rejection: Rejection) -> Failure {
        if rejection.is_too_long() {
            Failure::TooLong(rejection.cause())
        } else if rejection.status == 400
            && sent.get("think").is_some()
            && rejection.says(&["think"])
        {
            self.sends_think_switch.store(false, Ordering::Relaxed);
            Failure::UnsupportedParameter(rejection.cause())
        } else {
            rejection.by_status()
        }
    }

    fn models_path(&self) -> &'static str {
        "/api/tags"
    }

    fn models(&self, list: &Value) -> Vec<String> {
        model_names(list.get("models"), "name")
    }

    /// A model that was not pulled is not there.
    fn lists_every_name(&self) -> bool {
        true
    }
}
