use async_trait::async_trait;
use docuvault_domain::PortError;
use docuvault_domain::caller::Caller;
use docuvault_domain::documents::{Source, TopicState};
use docuvault_domain::ids::{DocumentId, TopicId, UserId};
use docuvault_domain::learning::{Learned, TopicVector};
use docuvault_domain::ports::{Label, LearningRepo, TrainingExample};
use sea_orm::{ConnectionTrait, DbErr};

use super::documents::text::pages;
use crate::dialect;
use crate::sql::{Fields, SqlRepos, number, owner, unreadable};

const CONTEXT: &str = "learning from filings";

/// Characters of a text that say what it is about; more than are ever looked at.
const SAMPLE_CHARS: usize = 10_000;

#[async_trait]
impl<C: ConnectionTrait + Send> LearningRepo for SqlRepos<C> {
    async fn load(&self, caller: &Caller) -> Result<Learned, PortError> {
        let sql = "SELECT topic_id, examples, vector FROM topic_vectors WHERE user_id = $1";
        let values = vec![owner(caller.owner())];
        let topics = self.all(CONTEXT, sql, values, |fields| {
            Ok((TopicId(fields.get()?), vector(fields)?))
        });
        Ok(Learned::new(topics.await?))
    }

    async fn lock(&self, of: UserId, topic: TopicId) -> Result<TopicVector, PortError> {
        let engine = self.0.get_database_backend();
        let empty = "INSERT INTO topic_vectors (topic_id, user_id, examples, vector) \
                     VALUES ($1, $2, 0, $3) ON CONFLICT (topic_id) DO NOTHING";
        let values = vec![topic.0.into(), owner(of), Vec::<u8>::new().into()];
        self.execute(CONTEXT, empty, values).await?;
        let sql = format!(
            "SELECT examples, vector FROM topic_vectors WHERE topic_id = $1{}",
            dialect::for_update(engine)
        );
        let found = self.one(CONTEXT, sql, vec![topic.0.into()], vector).await?;
        Ok(found.unwrap_or_default())
    }

    async fn put(&self, topic: TopicId, vector: &TopicVector) -> Result<(), PortError> {
        let sql = "UPDATE topic_vectors SET examples = $2, vector = $3 WHERE topic_id = $1";
        let values = vec![
            topic.0.into(),
            number(vector.examples),
            vector.to_bytes().into(),
        ];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn examples(&self, document: DocumentId) -> Result<Vec<TrainingExample>, PortError> {
        let sql = "SELECT topic_id, state, source, taught FROM document_topics \
                   WHERE document_id = $1";
        self.all(CONTEXT, sql, vec![document.0.into()], |fields| {
            Ok(TrainingExample {
                topic: TopicId(fields.get()?),
                state: fields.parsed(TopicState::parse)?,
                source: fields.parsed(Source::parse)?,
                trained: trained(fields.get()?)?,
            })
        })
        .await
    }

    async fn set_trained(
        &self,
        document: DocumentId,
        topic: TopicId,
        trained: Option<Label>,
    ) -> Result<(), PortError> {
        let sql = "UPDATE document_topics SET taught = $3 WHERE document_id = $1 AND topic_id = $2";
        let label: i16 = match trained {
            None => 0,
            Some(Label::Positive) => 1,
            Some(Label::Negative) => -1,
        };
        let values = vec![document.0.into(), topic.0.into(), label.into()];
        self.execute(CONTEXT, sql, values).await?;
        Ok(())
    }

    async fn sample(&self, document: DocumentId) -> Result<Vec<String>, PortError> {
        let sql = format!(
            "SELECT substr(body, 1, {SAMPLE_CHARS}) FROM document_texts \
             WHERE document_id = $1 AND part = 0"
        );
        let body = self.one(CONTEXT, sql, vec![document.0.into()], |fields| {
            fields.get::<String>()
        });
        Ok(pages(body.await?.into_iter()))
    }
}

fn vector(fields: &mut Fields<'_>) -> Result<TopicVector, DbErr> {
    let examples = fields.number()?;
    let bytes: Vec<u8> = fields.get()?;
    TopicVector::from_bytes(examples, &bytes).ok_or_else(|| unreadable("topic vector"))
}

fn trained(stored: i16) -> Result<Option<Label>, DbErr> {
    match stored {
        0 => Ok(None),
        1 => Ok(Some(Label::Positive)),
        -1 => Ok(Some(Label::Negative)),
        other => Err(unreadable(&other.to_string())),
    }
}
