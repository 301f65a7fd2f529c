use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::{Answer, Client, PASSWORD};

/// Keeps cookies, as browsers do.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    /// One that knows nothing yet.
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.anonymous(),
            cookies: BTreeMap::new(),
        }
    }

    /// Signs in.
    pub(crate) async fn sign_in(client: &Client, handle: &str) -> (Self, Answer) {
        let mut browser = Self::new(client);
        let credentials = json!({ "login": handle, "password": PASSWORD });
        let answer = browser.client.post("/api/auth/login", credentials).await;
        answer.expect(200);
        browser.remember(&answer);
        (browser, answer)
    }

    /// Keeps and forgets what the answer says.
    pub(crate) fn remember(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// A request with the cookies, and with nothing that scripts add.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies = self.cookies.iter();
        let cookies: Vec<_> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self.client.request(method, path);
        request.header("cookie", cookies.join("; "))
    }

    /// A request as the vault's own page makes it.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let csrf = self.cookie("docuvault_csrf").unwrap_or_default();
        self.bare(method, path).header("x-csrf-token", csrf)
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        self.client.send(request).await
    }

    /// Renews the session.
    pub(crate) async fn refresh(&mut self) -> Answer {
        let answer = self
            .send(self.request(Method::POST, "/api/auth/refresh"))
            .await;
        self.remember(&answer);
        answer
    }

    /// Somebody with this access token.
    pub(crate) fn holding(&self, token: &str) -> Client {
        self.client.with_token(Some(token))
    }
}
