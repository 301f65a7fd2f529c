//! What is never told: keys, documents, and where they go.

use std::io;
use std::sync::{Arc, Mutex};

use docuvault_domain::fault::with_causes;
use tracing_subscriber::fmt::MakeWriter;

use super::support::{
    ALL, Canned, Emulator, KEY, Stop, TestDocument, Vendor, classifier, config, unreachable_url,
};

/// Stands in the document and in whatever the server says.
const WORD: &str = "Zwiebelkuchen";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

fn tells_nothing(text: &str) {
    let text = text.to_lowercase();
    for secret in [KEY, WORD, "127.0.0.1"] {
        assert!(!text.contains(&secret.to_lowercase()), "{secret} in {text}");
    }
}

#[tokio::test]
async fn errors_and_logs_tell_nothing() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("docuvault_ai=trace")
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    // What the other tests log meanwhile is held to the same.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let said = format!("{KEY} {WORD}");
    let paper = TestDocument::of(WORD);
    for vendor in ALL {
        let code = |known: &'static str| match vendor {
            Vendor::Anthropic => known,
            Vendor::OpenAi | Vendor::Ollama => "unheard_of",
        };
        for answers in [
            vec![vendor.refuses(401, code("authentication_error"), &said)],
            vec![vendor.refuses(400, code("invalid_request_error"), &said)],
            vec![vendor.refuses(500, code("api_error"), &said)],
            vec![Canned::raw(429, &said)],
            vec![Canned::raw(200, &said)],
            vec![Canned::raw(
                200,
                &format!("{{\"error\":{{\"code\":\"{WORD}\"}}}}"),
            )],
            vec![
                vendor.says(&said, Stop::Done),
                vendor.says(&said, Stop::Done),
            ],
        ] {
            let server = Emulator::with(vendor, answers).await;
            let (classifier, _) = classifier(server.config());
            if let Err(error) = paper.filed_by(&*classifier).await {
                tells_nothing(&with_causes(&error));
                tells_nothing(&format!("{error:?}"));
            }
        }
        let (classifier, _) = classifier(config(vendor, &unreachable_url().await));
        let error = paper.filed_by(&*classifier).await.unwrap_err();
        let told = format!("{error:?} {}", with_causes(&error));
        assert!(!told.contains(vendor.chat_path()), "a URL in {told}");
        assert!(!format!("{:?}", config(vendor, "http://host")).contains(KEY));
    }
    let log = log.text();
    tells_nothing(&log);
    assert!(log.contains("a model was asked"), "{log}");
    assert!(log.contains("tokens=100"), "{log}");
}
