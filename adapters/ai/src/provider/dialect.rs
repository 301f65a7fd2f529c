//! What differs between vendors.

use serde_json::{Value, json};

use super::failure::Failure;
use super::rejection::Rejection;

/// How much of an invalid answer is shown to the model again.
const ECHO_CHARS: usize = 2_000;

/// One request for an answer.
pub(super) struct Question {
    pub(super) system: String,
    pub(super) user: String,
    pub(super) schema: Value,
    pub(super) max_tokens: u32,
    pub(super) repair: Option<Repair>,
}

/// What came instead of an answer, and what was wrong with it.
pub(super) struct Repair {
    pub(super) answer: String,
    pub(super) problem: &'static str,
}

impl Question {
    /// The messages after the system prompt, which all vendors write alike. Roles alternate and none is
    /// empty: some servers insist on it.
    pub(super) fn messages(&self) -> Vec<Value> {
        let mut messages = vec![json!({ "role": "user", "content": self.user })];
        if let Some(Repair { answer, problem }) = &self.repair {
            let answer: String = answer.chars().take(ECHO_CHARS).collect();
            let answer = if answer.trim().is_empty() {
                "{}"
            } else {
                answer.trim()
            };
            messages.push(json!({ "role": "assistant", "content": answer }));
            let again = format!(
                "That is no valid answer. {problem} Answer again, about the same document and \
                 with nothing but the JSON object that was asked for."
            );
            messages.push(json!({ "role": "user", "content": again }));
        }
        messages
    }
}

/// How a vendor puts questions and answers.
pub(super) trait Dialect: Send + Sync {
    /// Where to ask, under the base URL.
    fn path(&self) -> &'static str;
    /// The body of a request.
    fn body(&self, question: &Question) -> Value;
    /// What the model said; blank when it said nothing.
    fn reply(&self, sent: &Value, answer: &Value) -> Result<String, Failure>;
    /// Tokens of question and answer together.
    fn tokens(&self, answer: &Value) -> Option<u64>;
    /// What a rejection means. May remember what the server does not support.
    fn refused(&self, sent: &Value, rejection: Rejection) -> Failure;
    /// Where models are listed.
    fn models_path(&self) -> &'static str;
    /// Their names.
    fn models(&self, list: &Value) -> Vec<String>;
    /// Whether a list without the configured model shows that it is not there.
    fn lists_every_name(&self) -> bool {
        false
    }
}

/// The texts under `key` in a list of objects.
pub(super) fn model_names(list: Option<&Value>, key: &str) -> Vec<String> {
    let list = list.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|model| model.get(key)?.as_str())
        .filter_map(|name| super::text::line(name, 200))
        .collect()
}

/// The sum of numbers, where at least one of them is there.
pub(super) fn sum(usage: Option<&Value>, keys: &[&str]) -> Option<u64> {
    let usage = usage?;
    keys.iter()
        .filter_map(|key| usage.get(*key)?.as_u64())
        .reduce(u64::saturating_add)
}
