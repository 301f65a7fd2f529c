//! How each vendor puts things, seen from its side.

use docuvault_ai::provider::ProviderKind;
use serde_json::{Value, json};

use super::emulator::Canned;
use super::spec::Spec;

/// All of them.
pub(crate) const ALL: [Vendor; 3] = [Vendor::OpenAi, Vendor::Anthropic, Vendor::Ollama];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vendor {
    OpenAi,
    Anthropic,
    Ollama,
}

/// Why a model stopped.
#[derive(Clone, Copy)]
pub(crate) enum Stop {
    Done,
    TooManyTokens,
    Other(&'static str),
}

impl Vendor {
    pub(crate) fn kind(self) -> ProviderKind {
        match self {
            Self::OpenAi => ProviderKind::OpenAi,
            Self::Anthropic => ProviderKind::Anthropic,
            Self::Ollama => ProviderKind::Ollama,
        }
    }

    pub(crate) fn spec(self) -> Spec {
        Spec::of(match self {
            Self::OpenAi => include_str!("../../specs/openai.json"),
            Self::Anthropic => include_str!("../../specs/anthropic.json"),
            Self::Ollama => include_str!("../../specs/ollama.json"),
        })
    }

    pub(crate) fn chat_path(self) -> &'static str {
        match self {
            Self::OpenAi => "/v1/chat/completions",
            Self::Anthropic => "/v1/messages",
            Self::Ollama => "/api/chat",
        }
    }

    pub(crate) fn models_path(self) -> &'static str {
        match self {
            Self::OpenAi | Self::Anthropic => "/v1/models",
            Self::Ollama => "/api/tags",
        }
    }

    /// The type of a request, of an answer and of an error in its schemas.
    pub(crate) fn types(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Self::OpenAi => (
                "CreateChatCompletionRequest",
                "CreateChatCompletionResponse",
                Some("ErrorResponse"),
            ),
            Self::Anthropic => ("MessageCreate", "Message", Some("ErrorResponse")),
            Self::Ollama => ("ChatRequest", "ChatResponse", None),
        }
    }

    /// A model's words.
    pub(crate) fn says(self, text: &str, stop: Stop) -> Canned {
        let body = match self {
            Self::OpenAi => {
                let stop = match stop {
                    Stop::Done => "stop",
                    Stop::TooManyTokens => "length",
                    Stop::Other(why) => why,
                };
                json!({
                    "id": "c1", "object": "chat.completion", "created": 1, "model": "model-1",
                    "choices": [{
                        "index": 0, "finish_reason": stop, "logprobs": null,
                        "message": { "role": "assistant", "content": text, "refusal": null },
                    }],
                    "usage": { "prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100 },
                })
            }
            Self::Anthropic => {
                let stop = match stop {
                    Stop::Done => "end_turn",
                    Stop::TooManyTokens => "max_tokens",
                    Stop::Other(why) => why,
                };
                json!({
                    "id": "m1", "type": "message", "role": "assistant", "model": "model-1",
                    "content": [{ "type": "text", "text": text }],
                    "stop_reason": stop, "stop_sequence": null,
                    "usage": { "input_tokens": 90, "output_tokens": 10 },
                })
            }
            Self::Ollama => {
                let stop = match stop {
                    Stop::Done => "stop",
                    Stop::TooManyTokens => "length",
                    Stop::Other(why) => why,
                };
                json!({
                    "model": "model-1", "created_at": "2026-03-01T12:00:00Z",
                    "message": { "role": "assistant", "content": text },
                    "done": true, "done_reason": stop,
                    "prompt_eval_count": 90, "eval_count": 10,
                })
            }
        };
        Canned::answer(body)
    }

    /// An answer that holds the schema it was asked for.
    pub(crate) fn files(self, answer: &Value) -> Canned {
        self.says(&answer.to_string(), Stop::Done).strict(answer)
    }

    /// A no. `code` is what the vendor calls it.
    pub(crate) fn refuses(self, status: u16, code: &str, message: &str) -> Canned {
        let body = match self {
            Self::OpenAi => json!({
                "error": { "message": message, "type": code, "param": null, "code": code },
            }),
            Self::Anthropic => json!({
                "type": "error", "request_id": "r1",
                "error": { "type": code, "message": message },
            }),
            Self::Ollama => json!({ "error": message }),
        };
        Canned::error(status, body)
    }

    /// The system prompt in a request, and the turns after it.
    pub(crate) fn prompts(self, request: &Value) -> (String, Vec<Value>) {
        let mut turns = request["messages"].as_array().unwrap().clone();
        let system = match self {
            Self::Anthropic => request["system"].clone(),
            Self::OpenAi | Self::Ollama => {
                let first = turns.remove(0);
                assert_eq!(first["role"], "system");
                first["content"].clone()
            }
        };
        (system.as_str().unwrap().to_owned(), turns)
    }

    /// The schema in a request.
    pub(crate) fn schema(self, request: &Value) -> Option<&Value> {
        request.pointer(match self {
            Self::OpenAi => "/response_format/json_schema/schema",
            Self::Anthropic => "/output_config/format/schema",
            Self::Ollama => "/format",
        })
    }

    /// The most tokens of an answer in a request.
    pub(crate) fn max_tokens(self, request: &Value) -> Option<u64> {
        let field = match self {
            Self::OpenAi => "/max_completion_tokens",
            Self::Anthropic => "/max_tokens",
            Self::Ollama => "/options/num_predict",
        };
        request.pointer(field)?.as_u64()
    }
}
