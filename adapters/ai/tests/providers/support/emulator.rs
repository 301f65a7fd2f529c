//! A server of a vendor's kind with prepared answers. Whatever breaks the vendor's rules, on either
//! side, fails the test.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::thread::panicking;

use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::vendor::Vendor;
use super::{KEY, config};

/// An answer, prepared.
pub(crate) struct Canned {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Body,
    /// What the model says, when it is to hold the schema that it was given.
    strict: Option<Value>,
}

enum Body {
    Answer(Value),
    Error(Value),
    Raw(String),
}

impl Canned {
    pub(crate) fn answer(body: Value) -> Self {
        Self::new(200, Body::Answer(body))
    }

    pub(crate) fn error(status: u16, body: Value) -> Self {
        Self::new(status, Body::Error(body))
    }

    /// What a vendor never answers: gateways and broken servers do.
    pub(crate) fn raw(status: u16, body: &str) -> Self {
        Self::new(status, Body::Raw(body.to_owned()))
    }

    fn new(status: u16, body: Body) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body,
            strict: None,
        }
    }

    pub(crate) fn with(mut self, header: &'static str, value: &str) -> Self {
        self.headers.push((header, value.to_owned()));
        self
    }

    pub(crate) fn strict(mut self, said: &Value) -> Self {
        self.strict = Some(said.clone());
        self
    }

    /// Changes the body.
    pub(crate) fn with_body_value(mut self, pointer: &str, value: Value) -> Self {
        if let Body::Answer(body) | Body::Error(body) = &mut self.body {
            *body.pointer_mut(pointer).unwrap() = value;
        }
        self
    }
}

#[derive(Default)]
struct Exchange {
    answers: VecDeque<Canned>,
    requests: Vec<Value>,
    faults: Vec<String>,
}

pub(crate) struct Emulator {
    vendor: Vendor,
    server: MockServer,
    exchange: Arc<Mutex<Exchange>>,
}

impl Emulator {
    /// A server that gives these answers in turn, one to a request.
    pub(crate) async fn with(vendor: Vendor, answers: Vec<Canned>) -> Self {
        let exchange = Exchange {
            answers: answers.into(),
            ..Exchange::default()
        };
        let exchange = Arc::new(Mutex::new(exchange));
        let server = MockServer::start().await;
        let respond = Responder {
            vendor,
            exchange: Arc::clone(&exchange),
        };
        Mock::given(any())
            .respond_with(respond)
            .mount(&server)
            .await;
        Self {
            vendor,
            server,
            exchange,
        }
    }

    pub(crate) fn uri(&self) -> String {
        self.server.uri()
    }

    pub(crate) fn config(&self) -> docuvault_ai::provider::ProviderConfig {
        config(self.vendor, &self.uri())
    }

    /// One more answer, after those that are left.
    pub(crate) fn add(&self, answer: Canned) {
        self.exchange.lock().unwrap().answers.push_back(answer);
    }

    /// The bodies of the requests so far.
    pub(crate) fn requests(&self) -> Vec<Value> {
        self.exchange.lock().unwrap().requests.clone()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        if !panicking() {
            let exchange = self.exchange.lock().unwrap();
            assert_eq!(exchange.faults, [""; 0], "the vendor's rules were broken");
            assert_eq!(exchange.answers.len(), 0, "answers that nobody asked for");
        }
    }
}

struct Responder {
    vendor: Vendor,
    exchange: Arc<Mutex<Exchange>>,
}

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut exchange = self.exchange.lock().unwrap();
        let mut faults = self.header_faults(request);
        let body = if request.url.path() == self.vendor.models_path() {
            if request.method != "GET" || !request.body.is_empty() {
                faults.push("models are listed by GET".to_owned());
            }
            Value::Null
        } else {
            let body = serde_json::from_slice(&request.body).unwrap_or_default();
            faults.extend(self.request_faults(request, &body));
            body
        };
        let answer = exchange.answers.pop_front();
        let answer = answer.unwrap_or_else(|| {
            faults.push("a request that no answer was prepared for".to_owned());
            Canned::raw(500, "")
        });
        if body != Value::Null {
            faults.extend(self.answer_faults(&body, &answer));
        }
        exchange.requests.push(body);
        exchange.faults.extend(faults);
        let template = ResponseTemplate::new(answer.status);
        let template = match answer.body {
            Body::Answer(body) | Body::Error(body) => template.set_body_json(body),
            Body::Raw(body) => template.set_body_raw(body, "text/html"),
        };
        let with = |template: ResponseTemplate, (name, value): (&'static str, String)| {
            template.insert_header(name, value)
        };
        answer.headers.into_iter().fold(template, with)
    }
}

impl Responder {
    fn header_faults(&self, request: &Request) -> Vec<String> {
        let bearer = format!("Bearer {KEY}");
        let expected = match self.vendor {
            Vendor::OpenAi | Vendor::Ollama => [
                ("authorization", Some(bearer.as_str())),
                ("x-api-key", None),
                ("anthropic-version", None),
            ],
            Vendor::Anthropic => [
                ("authorization", None),
                ("x-api-key", Some(KEY)),
                ("anthropic-version", Some("2023-06-01")),
            ],
        };
        let found = |name: &str| Some(request.headers.get(name)?.to_str().unwrap());
        expected
            .into_iter()
            .filter(|(name, value)| found(name) != *value)
            .map(|(name, _)| format!("header {name}"))
            .collect()
    }

    fn request_faults(&self, request: &Request, body: &Value) -> Vec<String> {
        let (kind, ..) = self.vendor.types();
        let mut faults = self.vendor.spec().faults(kind, body);
        if request.method != "POST" || request.url.path() != self.vendor.chat_path() {
            faults.push(format!("{} {}", request.method, request.url.path()));
        }
        if request
            .headers
            .get("content-type")
            .is_none_or(|it| it != "application/json")
        {
            faults.push("content-type".to_owned());
        }
        if let Some(schema) = self.vendor.schema(body)
            && !jsonschema::draft202012::meta::is_valid(schema)
        {
            faults.push("the schema is none".to_owned());
        }
        let streams = body.get("stream");
        if self.vendor == Vendor::Ollama && streams != Some(&Value::Bool(false)) {
            faults.push("stream".to_owned());
        }
        faults
    }

    fn answer_faults(&self, request: &Value, answer: &Canned) -> Vec<String> {
        let (_, good, bad) = self.vendor.types();
        let spec = self.vendor.spec();
        let mut faults = match (&answer.body, bad) {
            (Body::Answer(body), _) => spec.faults(good, body),
            (Body::Error(body), Some(bad)) => spec.faults(bad, body),
            (Body::Error(body), None) if body["error"].is_string() => Vec::new(),
            (Body::Error(_), None) => vec!["an error is a text".to_owned()],
            (Body::Raw(_), _) => Vec::new(),
        };
        if let Some(said) = &answer.strict
            && let Some(schema) = self.vendor.schema(request)
        {
            let schema = jsonschema::draft202012::new(schema).unwrap();
            faults.extend(schema.iter_errors(said).map(|error| error.to_string()));
        }
        faults
    }
}
