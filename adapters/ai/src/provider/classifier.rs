//! A provider as a classifier: who may ask when, and what follows an answer that is none.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use docuvault_domain::documents::Source;
use docuvault_domain::ports::{
    Classification, Classifier, ClassifierError, ClassifyRequest, Clock,
};
use serde_json::Value;
use tokio::sync::Semaphore;

use super::answer::{self, Invalid};
use super::anthropic::{self, Anthropic};
use super::breaker::Breaker;
use super::budget::DailyBudget;
use super::config::{ProviderConfig, ProviderError, ProviderKind};
use super::dialect::{Dialect, Question, Repair};
use super::failure::Failure;
use super::http::{Answer, Http};
use super::ollama::{self, Ollama};
use super::openai::{self, OpenAi};
use super::prompt::Prompt;
use super::rejection::Rejection;
use super::schema::schema;
use super::topics::ClosedList;
use crate::builtin::words_of;

/// Tokens for an answer; all of its fields filled take about half.
const MAX_TOKENS: u32 = 800;
/// For a model that needed more. Some think first, and that counts.
const MORE_TOKENS: u32 = 4_000;
/// How often a text is halved.
const HALVINGS: u32 = 2;
/// How many parameters of a request a server may turn out not to support.
const MAX_DROPPED_PARAMETERS: u32 = 5;

/// A language model behind HTTP.
pub(super) struct Provider {
    config: ProviderConfig,
    dialect: Box<dyn Dialect>,
    http: Http,
    clock: Arc<dyn Clock>,
    slots: Semaphore,
    breaker: Breaker,
    budget: DailyBudget,
}

/// Which retries one document has had.
#[derive(Default)]
struct RetryState {
    dropped_parameters: u32,
    halvings: u32,
    more_tokens_tried: bool,
    repaired: bool,
}

impl Provider {
    pub(super) fn new(
        mut config: ProviderConfig,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ProviderError> {
        let model = config.model.trim().to_owned();
        config.model = model;
        if config.model.is_empty() {
            return Err(ProviderError::Model);
        }
        let (headers, dialect): (_, Box<dyn Dialect>) = match config.kind {
            ProviderKind::OpenAi => (openai::headers(&config)?, Box::new(OpenAi::new(&config))),
            ProviderKind::Anthropic => (
                anthropic::headers(&config)?,
                Box::new(Anthropic::new(&config)),
            ),
            ProviderKind::Ollama => (ollama::headers(&config)?, Box::new(Ollama::new(&config))),
        };
        let slots = config.max_in_flight.clamp(1, Semaphore::MAX_PERMITS);
        Ok(Self {
            dialect,
            http: Http::new(&config, headers, Arc::clone(&clock))?,
            clock,
            slots: Semaphore::new(slots),
            breaker: Breaker::new(),
            budget: DailyBudget::of(config.daily_tokens),
            config,
        })
    }

    /// Asks until there is an answer or nothing is left to try.
    async fn ask(&self, request: &ClassifyRequest<'_>) -> Result<Classification, Failure> {
        let topics = ClosedList::of(request.topics);
        let mut prompt = Prompt::new(request, &topics).map_err(Failure::unavailable)?;
        let mut question = Question {
            system: prompt.system(),
            user: prompt.user(),
            schema: schema(&topics),
            max_tokens: MAX_TOKENS,
            repair: None,
        };
        let mut retry_state = RetryState::default();
        loop {
            let (reply, invalid) = match self.exchange(&question).await {
                Ok(reply) => match answer::read(&reply, &topics, request.today) {
                    Ok(mut answer) => {
                        if let Some(date) = &mut answer.date {
                            date.rationale = words_of(date.value, request);
                        }
                        return Ok(answer);
                    }
                    Err(invalid) => (reply, invalid),
                },
                Err(Failure::InvalidOutput) => (String::new(), Invalid::NotAnObject),
                Err(Failure::UnsupportedParameter(_))
                    if retry_state.dropped_parameters < MAX_DROPPED_PARAMETERS =>
                {
                    retry_state.dropped_parameters += 1;
                    continue;
                }
                Err(Failure::TooLong(_)) if retry_state.halvings < HALVINGS => {
                    retry_state.halvings += 1;
                    prompt.halve();
                    question.user = prompt.user();
                    continue;
                }
                Err(Failure::CutShort) if !retry_state.more_tokens_tried => {
                    retry_state.more_tokens_tried = true;
                    question.max_tokens = MORE_TOKENS;
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            let problem = invalid.problem();
            if retry_state.repaired {
                return Err(Failure::no_answer(problem));
            }
            retry_state.repaired = true;
            question.repair = Some(Repair {
                answer: reply,
                problem,
            });
        }
    }

    /// One request, if it may be made now.
    async fn exchange(&self, question: &Question) -> Result<String, Failure> {
        let room = self.budget.has_room(self.clock.now().to_datetime());
        room.map_err(|wait| unavailable_for(wait, "the tokens of today are used up"))?;
        let permit = self.breaker.acquire(self.clock.as_ref());
        let permit =
            permit.map_err(|wait| unavailable_for(wait, "it failed too often just now"))?;
        let sent = self.dialect.body(question);
        let reply = self.post(&sent).await;
        if matches!(reply, Err(Failure::Unavailable { .. })) {
            permit.failed();
        } else {
            permit.succeeded();
        }
        reply
    }

    async fn post(&self, sent: &Value) -> Result<String, Failure> {
        let answer = self.http.post(self.dialect.path(), sent).await;
        let (tokens, reply) = match answer {
            Ok(Answer::Json(answer)) => match Rejection::in_answer(&answer) {
                Some(rejection) => (0, Err(self.dialect.refused(sent, rejection))),
                None => (
                    self.tokens(sent, &answer),
                    self.dialect.reply(sent, &answer),
                ),
            },
            Ok(bad) => (0, Err(self.refused(sent, bad))),
            Err(failure) => (0, Err(failure)),
        };
        self.budget.spend(tokens, self.clock.now().to_datetime());
        let outcome = reply.as_ref().err().map_or("answered", Failure::name);
        let (provider, model) = (self.config.kind.name(), &self.config.model);
        tracing::debug!(provider, model, tokens, outcome, "a model was asked");
        reply
    }

    /// What an exchange cost, estimated where the server does not count.
    fn tokens(&self, sent: &Value, answer: &Value) -> u64 {
        let counted = self.dialect.tokens(answer).filter(|tokens| *tokens > 0);
        counted.unwrap_or_else(|| estimate(sent) + estimate(answer))
    }

    fn refused(&self, sent: &Value, answer: Answer) -> Failure {
        match answer {
            Answer::Error {
                status,
                retry_after,
                body,
            } => {
                let rejection = Rejection::read(status, retry_after, &body);
                self.dialect.refused(sent, rejection)
            }
            Answer::Json(_) => Failure::unavailable("there is no list in the answer"),
        }
    }

    /// The models, asked for whether or not questions may be asked now.
    async fn list(&self) -> Result<Vec<String>, Failure> {
        match self.http.get(self.dialect.models_path()).await? {
            Answer::Json(list) if Rejection::in_answer(&list).is_none() => {
                Ok(self.dialect.models(&list))
            }
            answer => Err(self.refused(&Value::Null, answer)),
        }
    }

    fn is_listed(&self, models: &[String]) -> bool {
        let is_ours = |name: &String| {
            let latest = name.strip_suffix(":latest");
            *name == self.config.model || latest == Some(self.config.model.as_str())
        };
        models.iter().any(is_ours)
    }
}

fn unavailable_for(wait: Duration, why: &'static str) -> Failure {
    Failure::Unavailable {
        retry_after: Some(wait),
        cause: why.into(),
    }
}

/// A token is about three bytes of European text.
fn estimate(body: &Value) -> u64 {
    u64::try_from(body.to_string().len() / 3).unwrap_or(u64::MAX)
}

#[async_trait]
impl Classifier for Provider {
    async fn classify(
        &self,
        request: ClassifyRequest<'_>,
    ) -> Result<Classification, ClassifierError> {
        // Never closed.
        let _slot = self.slots.acquire().await.map_err(Failure::unavailable)?;
        Ok(self.ask(&request).await?)
    }

    fn source(&self) -> Source {
        Source::Ai
    }

    async fn models(&self) -> Result<Vec<String>, ClassifierError> {
        Ok(self.list().await?)
    }

    async fn check(&self) -> Result<(), ClassifierError> {
        let models = self.list().await?;
        if self.dialect.lists_every_name() && !self.is_listed(&models) {
            let cause = Failure::Misconfigured("the model is not on the server".into());
            return Err(cause.into());
        }
        Ok(())
    }
}
