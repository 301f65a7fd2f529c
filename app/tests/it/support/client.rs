use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, multipart};
use serde_json::Value;

/// The administrator that each vault of a test begins with.
pub(crate) const HANDLE: &str = "owner";
pub(crate) const PASSWORD: &str = "a quiet harbour at dawn";

/// Talks to one vault, as somebody who is signed in unless it is said otherwise.
#[derive(Clone)]
pub(crate) struct Client {
    base: String,
    http: reqwest::Client,
    token: Option<String>,
}

/// An answer that was read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.bytes)))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body, if the status is the expected one.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(
            self.status,
            status,
            "{}",
            String::from_utf8_lossy(&self.bytes)
        );
        if self.bytes.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// The code of a problem, if it is one with the expected status.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> String {
        let body = self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(body["status"], status);
        assert!(!body["detail"].as_str().unwrap().is_empty());
        body["code"].as_str().unwrap().to_owned()
    }
}

impl Client {
    pub(crate) fn new(base: String) -> Self {
        let http = reqwest::Client::builder()
            .timeout(Duration::from_mins(2))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            base,
            http,
            token: None,
        }
    }

    /// The same vault, asked by nobody in particular.
    pub(crate) fn anonymous(&self) -> Self {
        self.with_token(None)
    }

    /// The same vault, asked with this token.
    pub(crate) fn with_token(&self, token: Option<&str>) -> Self {
        Self {
            token: token.map(str::to_owned),
            ..self.clone()
        }
    }

    /// The access token.
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    /// Makes an account.
    pub(crate) async fn register(&self, handle: &str, setup_code: Option<&str>) -> Answer {
        let account = serde_json::json!({
            "email": format!("{handle}@example.org"),
            "handle": handle,
            "password": PASSWORD,
            "setup_code": setup_code,
        });
        self.anonymous().post("/api/auth/register", account).await
    }

    /// The same vault, asked by the person with this name.
    pub(crate) async fn sign_in(&self, handle: &str) -> Self {
        let credentials = serde_json::json!({ "login": handle, "password": PASSWORD });
        let answer = self.anonymous().post("/api/auth/login", credentials).await;
        let token = answer.expect(200)["access_token"].clone();
        self.with_token(token.as_str())
    }

    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request; panics where there is no answer.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        self.try_send(request).await.unwrap()
    }

    pub(crate) async fn try_send(&self, request: RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await?.to_vec();
        Ok(Answer {
            status,
            headers,
            bytes,
        })
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body))
            .await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body))
            .await
    }

    pub(crate) fn upload_request(&self, name: &str, bytes: impl Into<Vec<u8>>) -> RequestBuilder {
        let part = multipart::Part::bytes(bytes.into()).file_name(name.to_owned());
        let form = multipart::Form::new().part("file", part);
        self.request(Method::POST, "/api/documents/upload")
            .multipart(form)
    }

    pub(crate) async fn upload(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Answer {
        self.send(self.upload_request(name, bytes)).await
    }

    /// Uploads and returns the id.
    pub(crate) async fn add(&self, name: &str, bytes: impl Into<Vec<u8>>) -> String {
        let answer = self.upload(name, bytes).await;
        answer.expect(201)["id"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn document(&self, id: &str) -> Value {
        self.get(&format!("/api/documents/{id}")).await.expect(200)
    }

    /// The document once it is `ready` or `failed`.
    pub(crate) async fn wait_until_processed(&self, id: &str) -> Value {
        let wait = async {
            loop {
                let document = self.document(id).await;
                if matches!(document["status"].as_str(), Some("ready" | "failed")) {
                    return document;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(90), wait).await;
        waited.unwrap_or_else(|_| panic!("document {id} did not become ready"))
    }

    /// Uploads and waits until it is read.
    pub(crate) async fn add_and_process(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Value {
        let id = self.add(name, bytes).await;
        self.wait_until_processed(&id).await
    }
}
