use std::collections::VecDeque;
use std::sync::Mutex;

use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::documents::MimeType;
use docuvault_domain::ports::{ExtractError, Reading, TextExtractor, TextSource};

use super::lock;
use crate::builders::collect;

/// Answers as told, in the order told; without an answer left it reads the bytes as one page.
#[derive(Debug, Default)]
pub struct FakeExtractor {
    answers: Mutex<VecDeque<Result<Reading, ExtractError>>>,
    seen: Mutex<Vec<(MimeType, Vec<u8>)>>,
}

impl FakeExtractor {
    /// Has no answers yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a later call answers.
    pub fn answer(&self, answer: Result<Reading, ExtractError>) {
        lock(&self.answers).push_back(answer);
    }

    /// The documents that were handed in, with their bytes.
    pub fn seen(&self) -> Vec<(MimeType, Vec<u8>)> {
        lock(&self.seen).clone()
    }
}

#[async_trait]
impl TextExtractor for FakeExtractor {
    async fn extract(&self, source: TextSource) -> Result<Reading, ExtractError> {
        let bytes = collect(source.bytes)
            .await
            .map_err(|error| PortError::transient("reading the document's bytes", error))?;
        let answer = lock(&self.answers).pop_front();
        let page = String::from_utf8_lossy(&bytes).into_owned();
        lock(&self.seen).push((source.mime, bytes));
        answer.unwrap_or_else(|| {
            Ok(Reading {
                pages: vec![page],
                ..Reading::default()
            })
        })
    }
}
