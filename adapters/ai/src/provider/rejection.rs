//! An error response of a server. Vendors agree on little and gateways on nothing, so every shape is read and none
//! is relied on: the status decides where words do not.

use std::time::Duration;

use serde_json::Value;

use super::failure::{Cause, Failure};

/// Bytes of a body that is no JSON.
const MESSAGE_BYTES: usize = 2_048;

/// Words that may stand in logs. Others are left out: a server may repeat keys or documents.
const LOGGABLE_CODES: &[&str] = &[
    "api_error",
    "authentication_error",
    "billing_error",
    "billing_hard_limit_reached",
    "billing_not_active",
    "content_filter",
    "content_policy_violation",
    "context_length_exceeded",
    "exceed_context_size_error",
    "insufficient_quota",
    "invalid_api_key",
    "invalid_request_error",
    "json_validate_failed",
    "model_not_found",
    "not_found_error",
    "overloaded_error",
    "permission_error",
    "rate_limit_error",
    "rate_limit_exceeded",
    "request_too_large",
    "server_error",
    "timeout_error",
    "unsupported_parameter",
    "unsupported_value",
];

/// Its parts, as far as there are any, in lower case.
#[derive(Debug, Default)]
pub(super) struct Rejection {
    pub(super) status: u16,
    pub(super) retry_after: Option<Duration>,
    code: String,
    kind: String,
    param: String,
    message: String,
}

impl Rejection {
    /// `{"error":{…}}`, `{"error":"…"}`, `{"message":…}`, `{"detail":…}` or anything else.
    pub(super) fn read(status: u16, retry_after: Option<Duration>, body: &[u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            let start = &body[..body.len().min(MESSAGE_BYTES)];
            return Self {
                status,
                retry_after,
                message: String::from_utf8_lossy(start).to_lowercase(),
                ..Self::default()
            };
        };
        let error = body.get("error").filter(|error| !error.is_null());
        let error = error.unwrap_or(&body);
        let part = |name: &str| error.get(name).map(words).unwrap_or_default();
        let message = ["message", "detail"].into_iter().map(part);
        Self {
            status,
            retry_after,
            code: part("code"),
            kind: part("type"),
            param: part("param"),
            message: message
                .into_iter()
                .find(|message| !message.is_empty())
                .unwrap_or_else(|| error.as_str().unwrap_or_default().to_lowercase()),
        }
    }

    /// An error that came with status 200. A status may stand in its code.
    pub(super) fn in_answer(answer: &Value) -> Option<Self> {
        let error = answer.get("error").filter(|error| !error.is_null())?;
        let code = error.get("code").map(words).unwrap_or_default();
        let status = code
            .parse()
            .ok()
            .filter(|status| (400..600).contains(status));
        let body = answer.to_string();
        Some(Self::read(status.unwrap_or(500), None, body.as_bytes()))
    }

    /// Whether its code or type is one of these.
    pub(super) fn is(&self, codes: &[&str]) -> bool {
        codes.contains(&self.code.as_str()) || codes.contains(&self.kind.as_str())
    }

    /// Whether it says one of these anywhere.
    pub(super) fn says(&self, words: &[&str]) -> bool {
        let parts = [&self.code, &self.kind, &self.param, &self.message];
        words
            .iter()
            .any(|word| parts.iter().any(|part| part.contains(word)))
    }

    /// Whether it complains about this field of the request.
    pub(super) fn concerns(&self, field: &str) -> bool {
        if self.param.is_empty() {
            self.message.contains(field)
        } else {
            self.param.contains(field)
        }
    }

    /// Whether the text was too long for the model.
    pub(super) fn is_too_long(&self) -> bool {
        self.status == 413
            || self.is(&[
                "context_length_exceeded",
                "exceed_context_size_error",
                "request_too_large",
            ])
            || (self.status < 500
                && self.status != 429
                && self.says(&[
                    "context length",
                    "context_length",
                    "context window",
                    "context size",
                    "maximum context",
                    "prompt is too long",
                ]))
    }

    /// The failure that the status stands for.
    pub(super) fn by_status(self) -> Failure {
        match self.status {
            408 | 409 | 425 | 429 | 500..=599 => Failure::Unavailable {
                retry_after: self.retry_after,
                cause: self.cause(),
            },
            300..=399 | 401..=405 | 410 => Failure::Misconfigured(self.cause()),
            413 => Failure::TooLong(self.cause()),
            _ => Failure::NoAnswer(self.cause()),
        }
    }

    /// Status and code.
    pub(super) fn cause(&self) -> Cause {
        let known = |word: &String| LOGGABLE_CODES.iter().find(|known| *known == word);
        let status = self.status;
        match known(&self.code).or_else(|| known(&self.kind)) {
            Some(code) => format!("HTTP {status}, {code}").into(),
            None => format!("HTTP {status}").into(),
        }
    }
}

/// A text as it is, anything else as JSON.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_lowercase(),
        value => value.to_string().to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejection(body: &str) -> Rejection {
        Rejection::read(400, None, body.as_bytes())
    }

    #[test]
    fn error_bodies_of_every_shape_are_read() {
        assert!(
            rejection(r#"{"error":{"message":"No","code":"model_not_found"}}"#)
                .is(&["model_not_found"])
        );
        assert!(rejection(r#"{"type":"error","error":{"type":"api_error"}}"#).is(&["api_error"]));
        assert!(rejection(r#"{"error":"Model not pulled"}"#).says(&["not pulled"]));
        assert!(
            rejection(r#"{"detail":[{"loc":["body","temperature"]}]}"#).concerns("temperature")
        );
        assert!(rejection(r#"{"message":"temperature"}"#).concerns("temperature"));
        assert!(rejection("<html>Bad Gateway</html>").says(&["bad gateway"]));
        for odd in [
            "",
            "null",
            "7",
            "[]",
            "{}",
            r#"{"error":7}"#,
            r#"{"error":{"message":7}}"#,
        ] {
            assert!(!rejection(odd).says(&["temperature"]), "{odd}");
        }
    }

    #[test]
    fn a_cause_repeats_no_text_of_the_server() {
        let secret = r#"{"error":{"message":"key sk-1 is wrong","type":"sk-1","code":"sk-1"}}"#;
        assert_eq!(rejection(secret).cause().to_string(), "HTTP 400");
        let known = r#"{"error":{"message":"sk-1","type":"insufficient_quota"}}"#;
        assert_eq!(
            rejection(known).cause().to_string(),
            "HTTP 400, insufficient_quota"
        );
    }

    #[test]
    fn a_status_without_a_known_code_decides_the_failure() {
        let kind = |status| Rejection::read(status, None, b"").by_status().name();
        for status in [408, 429, 500, 502, 503, 504, 529] {
            assert_eq!(kind(status), "unavailable", "{status}");
        }
        for status in [302, 401, 402, 403, 404, 405] {
            assert_eq!(kind(status), "misconfigured", "{status}");
        }
        assert_eq!(kind(400), "no answer");
        assert_eq!(kind(413), "too long");
    }
}
