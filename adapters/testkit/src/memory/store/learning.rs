use async_trait::async_trait;
use docuvault_domain::ids::{DocumentId, TopicId, UserId};
use docuvault_domain::learning::{Learned, TopicVector};
use docuvault_domain::ports::{Label, LearningRepo, TrainingExample};
use docuvault_domain::{Caller, PortError};

use super::Tables;

const CONTEXT: &str = "learning from filings";

#[async_trait]
impl LearningRepo for Tables {
    async fn load(&self, caller: &Caller) -> Result<Learned, PortError> {
        Ok(self.read(|state| {
            let mine = state.vectors.iter().filter(|(topic, _)| {
                let topic = state.topics.get(topic);
                topic.is_some_and(|topic| topic.owner == caller.owner())
            });
            Learned::new(mine.map(|(topic, vector)| (*topic, vector.clone())))
        }))
    }

    async fn lock(&self, _: UserId, topic: TopicId) -> Result<TopicVector, PortError> {
        self.write(CONTEXT, |state| {
            Ok(state.vectors.entry(topic).or_default().clone())
        })
    }

    async fn put(&self, topic: TopicId, vector: &TopicVector) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            if let Some(known) = state.vectors.get_mut(&topic) {
                *known = vector.clone();
            }
            Ok(())
        })
    }

    async fn examples(&self, document: DocumentId) -> Result<Vec<TrainingExample>, PortError> {
        Ok(self.read(|state| {
            let filings = state.filings.iter();
            filings
                .filter(|((of, _), _)| *of == document)
                .map(|((_, topic), filing)| TrainingExample {
                    topic: *topic,
                    state: filing.row.state,
                    source: filing.row.source,
                    trained: filing.trained,
                })
                .collect()
        }))
    }

    async fn set_trained(
        &self,
        document: DocumentId,
        topic: TopicId,
        trained: Option<Label>,
    ) -> Result<(), PortError> {
        self.write(CONTEXT, |state| {
            if let Some(filing) = state.filings.get_mut(&(document, topic)) {
                filing.trained = trained;
            }
            Ok(())
        })
    }

    async fn sample(&self, document: DocumentId) -> Result<Vec<String>, PortError> {
        Ok(self.read(|state| {
            let pages = state.texts.get(&document);
            pages.map(|pages| pages.to_vec()).unwrap_or_default()
        }))
    }
}
