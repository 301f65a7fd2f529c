//! One request, one answer, both bounded.

use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::ports::Clock;
use futures::StreamExt as _;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use url::Url;

use super::config::{ProviderConfig, ProviderError};
use super::failure::Failure;
use super::retry_after::retry_after;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// An answer is a few hundred bytes of JSON; thoughts may come with it.
const ANSWER_BYTES: usize = 256 * 1024;
/// Some servers list hundreds of models at length.
const LIST_BYTES: usize = 4 * 1024 * 1024;
/// Longer error bodies are cut.
const ERROR_BYTES: usize = 16 * 1024;
/// A list of models is no work for a server.
const LIST_TIMEOUT: Duration = Duration::from_secs(15);

/// The HTTP client of one server.
pub(super) struct Http {
    client: reqwest::Client,
    base: String,
    clock: Arc<dyn Clock>,
}

/// What came back, whole or, for an error, at least in part.
pub(super) enum Answer {
    Json(Value),
    Error {
        status: u16,
        retry_after: Option<Duration>,
        body: Vec<u8>,
    },
}

impl Http {
    /// A client that sends these headers with every request, to this server only.
    pub(super) fn new(
        config: &ProviderConfig,
        headers: HeaderMap,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ProviderError> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(config.timeout)
            .redirect(Policy::none())
            .default_headers(headers)
            .build()
            .map_err(ProviderError::Client)?;
        Ok(Self {
            client,
            base: base(&config.base_url)?,
            clock,
        })
    }

    /// Asks for an answer to `body`.
    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body.to_string());
        self.send(request, ANSWER_BYTES).await
    }

    /// Asks for a list.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, Failure> {
        let request = self.client.get(format!("{}{path}", self.base));
        self.send(request.timeout(LIST_TIMEOUT), LIST_BYTES).await
    }

    async fn send(&self, request: RequestBuilder, max_bytes: usize) -> Result<Answer, Failure> {
        let response = request.send().await.map_err(no_response)?;
        let status = response.status();
        if !status.is_success() {
            let retry_after = retry_after(response.headers(), self.clock.now().to_datetime());
            // The status tells enough when the rest does not come.
            let mut body = Vec::new();
            let _ = read(response, ERROR_BYTES, &mut body).await;
            return Ok(Answer::Error {
                status: status.as_u16(),
                retry_after,
                body,
            });
        }
        let mut body = Vec::new();
        if !read(response, max_bytes, &mut body)
            .await
            .map_err(no_response)?
        {
            return Err(Failure::no_answer("the answer is too long to be one"));
        }
        match serde_json::from_slice(&body) {
            Ok(answer) => Ok(Answer::Json(answer)),
            Err(_) => Err(Failure::unavailable("the answer is not JSON")),
        }
    }
}

/// Reads a body as far as `max_bytes` bytes; whether that was all.
async fn read(
    response: Response,
    max_bytes: usize,
    body: &mut Vec<u8>,
) -> Result<bool, reqwest::Error> {
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        let room = max_bytes - body.len();
        body.extend_from_slice(&piece[..piece.len().min(room)]);
        if piece.len() > room {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A request that got no whole answer.
fn no_response(error: reqwest::Error) -> Failure {
    Failure::unavailable(error.without_url())
}

/// The part of every URL that is the same.
fn base(base_url: &str) -> Result<String, ProviderError> {
    let url = Url::parse(base_url.trim()).map_err(|_| ProviderError::BaseUrl)?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !plain {
        return Err(ProviderError::BaseUrl);
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// A header whose value is never logged.
pub(super) fn secret(value: &str) -> Result<HeaderValue, ProviderError> {
    let mut value = HeaderValue::from_str(value).map_err(|_| ProviderError::ApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_with_credentials_query_or_fragment_is_refused() {
        assert_eq!(base("http://host:1234/v1/").unwrap(), "http://host:1234/v1");
        assert_eq!(base(" https://host ").unwrap(), "https://host");
        for wrong in [
            "",
            "host/v1",
            "ftp://host",
            "http://",
            "https://me:secret@host/v1",
            "https://host/v1?key=secret",
            "https://host/#x",
        ] {
            assert!(
                matches!(base(wrong), Err(ProviderError::BaseUrl)),
                "{wrong}"
            );
        }
    }
}
