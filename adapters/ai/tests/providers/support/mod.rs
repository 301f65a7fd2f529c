//! The vault's side of an exchange: a provider, a person's topics, a document.

mod emulator;
mod raw_server;
mod spec;
mod vendor;

use std::sync::Arc;
use std::time::Duration;

use docuvault_ai::provider::{ApiKey, ProviderConfig, provider};
use docuvault_domain::ids::TopicId;
use docuvault_domain::learning::Learned;
use docuvault_domain::ports::{
    Classification, Classifier, ClassifierError, ClassifyRequest, KnownTopic, Properties,
};
use docuvault_testkit::memory::FixedClock;
use time::macros::date;
use uuid::Uuid;

pub(crate) use emulator::{Canned, Emulator};
pub(crate) use raw_server::{Behaviour, RawServer, unreachable_url};
pub(crate) use vendor::{ALL, Stop, Vendor};

pub(crate) const KEY: &str = "sk-Test-0123456789";

pub(crate) const BANK: u128 = 1;
pub(crate) const RENT: u128 = 2;

/// A provider of this kind at this place.
pub(crate) fn config(vendor: Vendor, base_url: &str) -> ProviderConfig {
    let mut config = ProviderConfig::new(vendor.kind(), "model-1");
    config.base_url = match vendor {
        Vendor::OpenAi => format!("{base_url}/v1"),
        Vendor::Anthropic | Vendor::Ollama => base_url.to_owned(),
    };
    config.api_key = Some(ApiKey::new(KEY));
    config.timeout = Duration::from_secs(30);
    config
}

/// A classifier and the clock it reads: noon of 1 March 2026.
pub(crate) fn classifier(config: ProviderConfig) -> (Arc<dyn Classifier>, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::default());
    let clock_port: Arc<FixedClock> = Arc::clone(&clock);
    (provider(config, clock_port).unwrap(), clock)
}

pub(crate) fn topics() -> Vec<KnownTopic> {
    let topic = |id, name: &str, description: &str| KnownTopic {
        id: TopicId(Uuid::from_u128(id)),
        name: name.to_owned(),
        description: description.to_owned(),
        starter: None,
    };
    vec![
        topic(BANK, "Bank", "Statements, cards"),
        topic(RENT, "Rent \"and\" heating", ""),
    ]
}

/// A document as the tests know it.
pub(crate) struct TestDocument {
    pub(crate) pages: Vec<String>,
    pub(crate) filename: String,
    pub(crate) properties: Properties,
}

impl TestDocument {
    pub(crate) fn of(text: &str) -> Self {
        Self {
            pages: vec![text.to_owned()],
            filename: "scan.pdf".to_owned(),
            properties: Properties::default(),
        }
    }

    pub(crate) async fn filed_by(
        &self,
        classifier: &dyn Classifier,
    ) -> Result<Classification, ClassifierError> {
        let topics = topics();
        let request = ClassifyRequest {
            pages: &self.pages,
            filename: &self.filename,
            language: None,
            properties: &self.properties,
            topics: &topics,
            learned: &Learned::default(),
            today: date!(2026 - 03 - 01),
        };
        classifier.classify(request).await
    }
}

/// Files a bank statement.
pub(crate) async fn file(classifier: &dyn Classifier) -> Result<Classification, ClassifierError> {
    TestDocument::of("Sparkasse\nKontoauszug 3/2026")
        .filed_by(classifier)
        .await
}

pub(crate) fn chosen(filed: &Classification) -> Vec<u128> {
    let id = |prediction: &docuvault_domain::ports::TopicPrediction| prediction.value.0.as_u128();
    filed.topics.iter().map(id).collect()
}

/// What an error is called, and the wait it asks for.
pub(crate) fn kind(error: &ClassifierError) -> (&'static str, Option<Duration>) {
    match error {
        ClassifierError::Unavailable { retry_after, .. } => ("unavailable", *retry_after),
        ClassifierError::NoAnswer(_) => ("no answer", None),
        ClassifierError::Misconfigured(_) => ("misconfigured", None),
    }
}
