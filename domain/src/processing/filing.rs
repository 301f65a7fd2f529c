//! Filing a document that has been read: at once, or later when nobody answers now.

use std::sync::Arc;
use std::time::Duration;

use crate::caller::Caller;
use crate::core::Core;
use crate::documents::{Document, Filing, Source, Title, TopicState};
use crate::fault::{PortError, with_causes};
use crate::ids::JobId;
use crate::jobs::retry_delay;
use crate::learning::Learned;
use crate::ports::{
    Classification, Classifier, ClassifierError, ClassifyRequest, Event, EventBus, Job, KnownTopic,
    Properties, UnitOfWork,
};
use crate::topics::Topic;

/// From this confidence on a topic is applied; below it is suggested.
const APPLY_FROM: f32 = 0.6;
/// The first try after a failure waits as long as a sixth one: half a minute at most.
const FIRST_WAIT: u32 = 6;
/// However long a provider asks to be left alone.
pub(super) const LONGEST_WAIT: Duration = Duration::from_hours(1);
/// More new topics than this for one document are no help.
const MAX_PROPOSALS: usize = 2;
const MAX_PROPOSAL_CHARS: usize = 60;
const MAX_REASON_CHARS: usize = 200;
const MAX_DATE_WORDS_CHARS: usize = 120;

const LATER: &str =
    "The text was read. The document will be filed as soon as the AI provider answers.";
const MISCONFIGURED: &str = "The text was read. The AI provider refuses to answer until an administrator mends its key, \
     model or account; the document will be filed then.";
const NOT: &str = "The text was read, but the AI provider gave no usable answer for this document. \
                   Choose its topics, or have it read again.";

/// What the classifier made of a document.
pub(super) enum Filed {
    /// Nobody was asked: there is nothing to go by.
    Unasked,
    /// This is how it is filed.
    As(Classification),
    /// Nobody answers for now.
    Later {
        /// At least for so long.
        wait: Duration,
        /// What to tell people.
        detail: &'static str,
    },
    /// The classifier will not answer for this document.
    Not,
}

impl Filed {
    /// What to tell people about it.
    pub(super) fn detail(&self) -> Option<&'static str> {
        match self {
            Self::Unasked | Self::As(_) => None,
            Self::Later { detail, .. } => Some(detail),
            Self::Not => Some(NOT),
        }
    }
}

/// Files documents by what the classifier says, and tells of it.
#[expect(missing_docs, reason = "the types say it")]
pub struct Filer {
    pub core: Core,
    pub classifier: Arc<dyn Classifier>,
    pub events: Arc<dyn EventBus>,
}

impl Filer {
    /// Asks the classifier.
    pub(super) async fn file(
        &self,
        document: &Document,
        pages: &[String],
        language: Option<&str>,
        properties: &Properties,
    ) -> Result<Filed, PortError> {
        let owner = Caller::system(document.owner);
        let known = |topic: Topic| KnownTopic {
            id: topic.id,
            name: topic.name.as_str().to_owned(),
            description: topic.description,
            starter: topic.starter,
        };
        let topics = self.core.store.topics().list(&owner).await?;
        let topics: Vec<_> = topics.into_iter().map(known).collect();
        let learned = if self.classifier.learns() {
            self.core.store.learning().load(&owner).await?
        } else {
            Learned::default()
        };
        let request = ClassifyRequest {
            pages,
            filename: &document.filename,
            language,
            properties,
            topics: &topics,
            learned: &learned,
            today: self.core.now().to_datetime().date(),
        };
        Ok(match self.classifier.classify(request).await {
            Ok(filed) => Filed::As(filed),
            Err(error) => {
                tracing::warn!(document = %document.id, reason = with_causes(&error), "not filed");
                match error {
                    ClassifierError::NoAnswer(_) => Filed::Not,
                    ClassifierError::Unavailable { retry_after, .. } => Filed::Later {
                        wait: retry_after.unwrap_or_default(),
                        detail: LATER,
                    },
                    ClassifierError::Misconfigured(_) => Filed::Later {
                        wait: Duration::ZERO,
                        detail: MISCONFIGURED,
                    },
                }
            }
        })
    }

    /// Schedules the filing of the document for when the classifier may answer.
    pub(super) async fn schedule(
        &self,
        unit: &dyn UnitOfWork,
        document: &Document,
        wait: Duration,
    ) -> Result<(), PortError> {
        let now = self.core.now();
        let job = Job::file(JobId(self.core.ids.v7()), document);
        let wait = wait.max(retry_delay(FIRST_WAIT, self.core.ids.v4()));
        let due = now.plus(wait.min(LONGEST_WAIT));
        unit.jobs().schedule(&[job], now, due).await
    }

    /// Files what the classifier says, except what a person has decided.
    pub(super) async fn assign(
        &self,
        unit: &dyn UnitOfWork,
        document: &Document,
        filed: &Classification,
    ) -> Result<(), PortError> {
        unit.topics().clear_predictions(document.id).await?;
        let rejected = unit.topics().rejected(document.id).await?;
        let decided = document
            .topics
            .iter()
            .filter(|topic| topic.source == Source::User);
        let decided: Vec<_> = decided.map(|topic| topic.id).chain(rejected).collect();
        let now = self.core.now();
        for prediction in filed
            .topics
            .iter()
            .filter(|prediction| !decided.contains(&prediction.value))
        {
            let state = if prediction.confidence >= APPLY_FROM {
                TopicState::Applied
            } else {
                TopicState::Suggested
            };
            let filing = Filing {
                state,
                source: self.classifier.source(),
                confidence: Some(prediction.confidence.clamp(0.0, 1.0)),
                reason: text(prediction.rationale.as_ref(), MAX_REASON_CHARS),
            };
            unit.topics()
                .assign(document.id, prediction.value, &filing, now)
                .await?;
        }
        Ok(())
    }

    /// Best effort: clients fetch again when events are missing.
    pub(super) async fn publish_event(&self, event: Event) {
        if let Err(error) = self.events.publish(&event).await {
            tracing::warn!(%error, "an event was not delivered");
        }
    }
}

/// Writes what the classifier says into the document's fields, except where a person has spoken.
pub(super) fn apply(filed: &Classification, source: Source, document: &mut Document) {
    document.language.suggest(filed.language.clone(), source);
    document
        .summary
        .suggest(text(filed.summary.as_ref(), 300), source);
    document
        .correspondent
        .suggest(text(filed.correspondent.as_ref(), 120), source);
    if let Some(date) = &filed.date
        && document.document_date.source != Some(Source::User)
    {
        document.document_date.suggest(Some(date.value), source);
        document.document_date_words = text(date.rationale.as_ref(), MAX_DATE_WORDS_CHARS);
    }
    if document.title_source != Source::User
        && let Some(title) = line(filed.title.as_ref(), 120)
    {
        document.title = title;
        document.title_source = source;
    }
    let proposals = filed.proposals.iter();
    let proposals = proposals.filter_map(|name| text(Some(name), MAX_PROPOSAL_CHARS));
    document.topic_proposals = proposals.take(MAX_PROPOSALS).collect();
}

/// What a classifier says, as one line of at most `max` characters.
fn line(said: Option<&String>, max: usize) -> Option<Title> {
    Title::from_untrusted(said?, max)
}

fn text(said: Option<&String>, max: usize) -> Option<String> {
    line(said, max).map(|line| line.as_str().to_owned())
}
