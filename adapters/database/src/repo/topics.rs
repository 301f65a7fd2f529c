use async_trait::async_trait;
use docuvault_domain::caller::Caller;
use docuvault_domain::documents::Filing;
use docuvault_domain::ids::{DocumentId, TopicId, UserId};
use docuvault_domain::ports::{TopicRepo, TopicWithCount};
use docuvault_domain::topics::{Hue, Topic, TopicName};
use docuvault_domain::{FaultKind, PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, Value};

use crate::sql::{
    Fields, SqlRepos, count, maybe_text, owner, rows_of_placeholders, text, time, unreadable,
};

const SELECT: &str = "SELECT id, user_id, name, description, hue, starter, created_at, updated_at \
                      FROM topics WHERE user_id = $1";

const SELECT_WITH_COUNT: &str = "SELECT id, user_id, name, description, hue, starter, created_at, \
     updated_at, (SELECT COUNT(*) FROM document_topics dt JOIN documents d \
     ON d.id = dt.document_id WHERE dt.topic_id = topics.id AND dt.state = 'applied' \
     AND d.trashed_at IS NULL) FROM topics WHERE user_id = $1";

#[async_trait]
impl<C: ConnectionTrait + Send> TopicRepo for SqlRepos<C> {
    async fn add(&self, topics: &[Topic]) -> Result<(), PortError> {
        if topics.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO topics (id, user_id, name, name_key, description, hue, starter, \
             created_at, updated_at) VALUES {}",
            rows_of_placeholders(topics.len(), 9)
        );
        let row = |topic: &Topic| -> [Value; 9] {
            [
                topic.id.0.into(),
                topic.owner.0.into(),
                text(topic.name.as_str()),
                text(&topic.name.key()),
                text(&topic.description),
                i16::from(topic.hue.get()).into(),
                maybe_text(topic.starter.as_deref()),
                time(topic.created_at),
                time(topic.updated_at),
            ]
        };
        let values = topics.iter().flat_map(row).collect();
        self.execute("adding topics", sql, values).await?;
        Ok(())
    }

    async fn list(&self, caller: &Caller) -> Result<Vec<Topic>, PortError> {
        let sql = format!("{SELECT} ORDER BY name_key");
        let values = vec![owner(caller.owner())];
        self.all("listing topics", sql, values, topic).await
    }

    async fn list_with_counts(&self, caller: &Caller) -> Result<Vec<TopicWithCount>, PortError> {
        let sql = format!("{SELECT_WITH_COUNT} ORDER BY name_key");
        let values = vec![owner(caller.owner())];
        self.all("listing topics", sql, values, topic_with_count)
            .await
    }

    async fn find(
        &self,
        caller: &Caller,
        id: TopicId,
    ) -> Result<Option<TopicWithCount>, PortError> {
        let sql = format!("{SELECT_WITH_COUNT} AND id = $2");
        let values = vec![owner(caller.owner()), id.0.into()];
        self.one("finding a topic", sql, values, topic_with_count)
            .await
    }

    async fn find_by_name(
        &self,
        caller: &Caller,
        name: &TopicName,
    ) -> Result<Option<Topic>, PortError> {
        let sql = format!("{SELECT} AND name_key = $2");
        let values = vec![owner(caller.owner()), text(&name.key())];
        self.one("finding a topic", sql, values, topic).await
    }

    async fn update(&self, topic: &Topic) -> Result<(), PortError> {
        let sql = "UPDATE topics SET name = $3, name_key = $4, description = $5, hue = $6, \
                   updated_at = $7 WHERE user_id = $1 AND id = $2";
        let values = vec![
            owner(topic.owner),
            topic.id.0.into(),
            text(topic.name.as_str()),
            text(&topic.name.key()),
            text(&topic.description),
            i16::from(topic.hue.get()).into(),
            time(topic.updated_at),
        ];
        self.execute("changing a topic", sql, values).await?;
        Ok(())
    }

    async fn remove(&self, caller: &Caller, id: TopicId) -> Result<(), PortError> {
        let sql = "DELETE FROM topics WHERE user_id = $1 AND id = $2";
        let values = vec![owner(caller.owner()), id.0.into()];
        self.execute("removing a topic", sql, values).await?;
        Ok(())
    }

    async fn merge(&self, caller: &Caller, from: TopicId, into: TopicId) -> Result<(), PortError> {
        let context = "merging topics";
        let both = "SELECT COUNT(*) FROM topics WHERE user_id = $1 AND id IN ($2, $3)";
        let values = vec![owner(caller.owner()), from.0.into(), into.0.into()];
        let found = self.one(context, both, values, count).await?;
        if found != Some(2) {
            return Ok(());
        }
        let refile = "INSERT INTO document_topics AS kept \
             (document_id, topic_id, state, confidence, source, created_at, taught) \
             SELECT document_id, $2, state, confidence, source, created_at, taught \
             FROM document_topics WHERE topic_id = $1 \
             ON CONFLICT (document_id, topic_id) DO UPDATE SET state = excluded.state, \
             confidence = excluded.confidence, source = excluded.source, \
             taught = excluded.taught WHERE \
             CASE excluded.state WHEN 'applied' THEN 3 WHEN 'rejected' THEN 2 ELSE 1 END > \
             CASE kept.state WHEN 'applied' THEN 3 WHEN 'rejected' THEN 2 ELSE 1 END";
        self.execute(context, refile, vec![from.0.into(), into.0.into()])
            .await?;
        TopicRepo::remove(self, caller, from).await
    }

    async fn assign(
        &self,
        document: DocumentId,
        topic: TopicId,
        filing: &Filing,
        now: Timestamp,
    ) -> Result<(), PortError> {
        let context = "filing a document";
        let sql = "INSERT INTO document_topics \
                   (document_id, topic_id, state, confidence, source, reason, created_at) \
                   SELECT d.id, t.id, $3, $4, $5, $6, $7 FROM documents d \
                   JOIN topics t ON t.user_id = d.user_id WHERE d.id = $1 AND t.id = $2 \
                   ON CONFLICT (document_id, topic_id) DO UPDATE SET state = excluded.state, \
                   confidence = excluded.confidence, source = excluded.source, \
                   reason = excluded.reason";
        let values = vec![
            document.0.into(),
            topic.0.into(),
            text(filing.state.as_str()),
            filing.confidence.into(),
            text(filing.source.as_str()),
            maybe_text(filing.reason.as_deref()),
            time(now),
        ];
        if self.execute(context, sql, values).await? == 0 {
            let reason = "document and topic are not of one owner";
            return Err(PortError::new(FaultKind::Conflict, context, reason));
        }
        Ok(())
    }

    async fn clear_predictions(&self, document: DocumentId) -> Result<(), PortError> {
        let sql = "DELETE FROM document_topics WHERE document_id = $1 \
                   AND source IN ('rule', 'ai') AND state <> 'rejected'";
        self.execute("taking predictions back", sql, vec![document.0.into()])
            .await?;
        Ok(())
    }

    async fn rejected(&self, document: DocumentId) -> Result<Vec<TopicId>, PortError> {
        let sql = "SELECT topic_id FROM document_topics \
                   WHERE document_id = $1 AND state = 'rejected'";
        let values = vec![document.0.into()];
        self.all("listing rejected topics", sql, values, |fields| {
            fields.get().map(TopicId)
        })
        .await
    }
}

fn topic(fields: &mut Fields<'_>) -> Result<Topic, DbErr> {
    Ok(Topic {
        id: TopicId(fields.get()?),
        owner: UserId(fields.get()?),
        name: fields.parsed(|name| TopicName::parse(name).ok())?,
        description: fields.get()?,
        hue: hue(fields)?,
        starter: fields.get()?,
        created_at: fields.time()?,
        updated_at: fields.time()?,
    })
}

fn topic_with_count(fields: &mut Fields<'_>) -> Result<TopicWithCount, DbErr> {
    Ok(TopicWithCount {
        topic: topic(fields)?,
        documents: fields.number()?,
    })
}

fn hue(fields: &mut Fields<'_>) -> Result<Hue, DbErr> {
    let stored: i16 = fields.get()?;
    u8::try_from(stored)
        .ok()
        .and_then(Hue::parse)
        .ok_or_else(|| unreadable(&stored.to_string()))
}
