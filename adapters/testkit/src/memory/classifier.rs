use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use docuvault_domain::documents::Source;
use docuvault_domain::ports::{
    Classification, Classifier, ClassifierError, ClassifyRequest, KnownTopic,
};

use super::lock;

/// Answers as told, in the order told; without an answer left it knows nothing.
#[derive(Debug)]
pub struct FakeClassifier {
    source: Source,
    answers: Mutex<VecDeque<Result<Classification, ClassifierError>>>,
    seen: Mutex<Vec<SeenRequest>>,
}

/// What a classifier was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRequest {
    /// The text.
    pub pages: Vec<String>,
    /// The file's name.
    pub filename: String,
    /// The language.
    pub language: Option<String>,
    /// The topics to choose from.
    pub topics: Vec<KnownTopic>,
    /// How many examples of these topics people had given.
    pub examples: u32,
}

impl FakeClassifier {
    /// Has no answers yet; what it says counts as said by `source`.
    pub fn new(source: Source) -> Self {
        Self {
            source,
            answers: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    /// What a later call answers.
    pub fn answer(&self, answer: Result<Classification, ClassifierError>) {
        lock(&self.answers).push_back(answer);
    }

    /// What was asked.
    pub fn seen(&self) -> Vec<SeenRequest> {
        lock(&self.seen).clone()
    }
}

#[async_trait]
impl Classifier for FakeClassifier {
    async fn classify(
        &self,
        request: ClassifyRequest<'_>,
    ) -> Result<Classification, ClassifierError> {
        lock(&self.seen).push(SeenRequest {
            pages: request.pages.to_vec(),
            filename: request.filename.to_owned(),
            language: request.language.map(ToOwned::to_owned),
            topics: request.topics.to_vec(),
            examples: request
                .topics
                .iter()
                .map(|topic| request.learned.examples(topic.id))
                .sum(),
        });
        let answer = lock(&self.answers).pop_front();
        answer.unwrap_or_else(|| Ok(Classification::default()))
    }

    fn learns(&self) -> bool {
        true
    }

    fn source(&self) -> Source {
        self.source
    }

    async fn models(&self) -> Result<Vec<String>, ClassifierError> {
        Ok(vec!["fake".to_owned()])
    }

    async fn check(&self) -> Result<(), ClassifierError> {
        Ok(())
    }
}
