//! Filing a document by what it says.

use std::time::Duration;

use async_trait::async_trait;
use thiserror::Error;
use time::Date;

use super::Properties;
use crate::documents::Source;
use crate::fault::PortError;
use crate::ids::TopicId;
use crate::learning::Learned;

/// A topic that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTopic {
    /// Its id.
    pub id: TopicId,
    /// What its owner calls it.
    pub name: String,
    /// What its owner says belongs there.
    pub description: String,
    /// The starter topic it came from (`invoice`, `contract` …), whatever it is called now.
    pub starter: Option<String>,
}

/// A document to be filed.
#[derive(Clone, Debug)]
pub struct ClassifyRequest<'a> {
    /// Its text, page by page.
    pub pages: &'a [String],
    /// The name it was handed in with.
    pub filename: &'a str,
    /// ISO 639-1 code, where known.
    pub language: Option<&'a str>,
    /// What it says of itself.
    pub properties: &'a Properties,
    /// The owner's topics: the closed list to choose from.
    pub topics: &'a [KnownTopic],
    /// What the owner's filing has taught; nothing for a classifier that does not
    /// [learn](Classifier::learns).
    pub learned: &'a Learned,
    /// The day it is now: dates far from it are not believed.
    pub today: Date,
}

/// A value, how sure the classifier is, 0 to 1 (of answers given with 0.8, four in five are right),
/// and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction<T> {
    /// The value.
    pub value: T,
    /// How sure.
    pub confidence: f32,
    /// What it goes by, for people to see, best in words of the document: at most 200 characters.
    pub rationale: Option<String>,
}

/// A topic from the closed list.
pub type TopicPrediction = Prediction<TopicId>;

/// How a document is filed. Everything may be left open, and is rather than guessed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Classification {
    /// At most three, surest first.
    pub topics: Vec<TopicPrediction>,
    /// Names of topics that the owner does not have and might want, at most two. Only ever shown as
    /// proposals.
    pub proposals: Vec<String>,
    /// What a person would call it, at most 120 characters.
    pub title: Option<String>,
    /// What it says in short, at most 300 characters.
    pub summary: Option<String>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// The day it bears.
    pub date: Option<Prediction<Date>>,
    /// Who sent it, at most 120 characters.
    pub correspondent: Option<String>,
}

/// Why a document was not filed.
#[derive(Debug, Error)]
pub enum ClassifierError {
    /// Worth another try later.
    #[error("the classifier does not answer")]
    Unavailable {
        /// How long it asks to be left alone, where it says so.
        retry_after: Option<Duration>,
        /// What failed.
        source: PortError,
    },
    /// It refuses every document until an administrator mends its key, model or account.
    #[error("the classifier is not set up right")]
    Misconfigured(#[source] PortError),
    /// The classifier will not answer for this document.
    #[error("the classifier gave no usable answer")]
    NoAnswer(#[source] PortError),
}

/// Files documents.
#[async_trait]
pub trait Classifier: Send + Sync {
    /// Chooses from the request's topics and reads off title, date and sender. An answer never names
    /// a topic outside the list.
    async fn classify(
        &self,
        request: ClassifyRequest<'_>,
    ) -> Result<Classification, ClassifierError>;
    /// Whether it goes by what the owner's filing has taught.
    fn learns(&self) -> bool {
        false
    }
    /// What stands as the source of the values it sets.
    fn source(&self) -> Source;
    /// The models that can be chosen, by name.
    async fn models(&self) -> Result<Vec<String>, ClassifierError>;
    /// Ok when it can answer.
    async fn check(&self) -> Result<(), ClassifierError>;
}
