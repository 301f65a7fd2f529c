//! A document's topics come with its row, as one JSON text: a second query would cost another turn
//! on the connection and, when the pool takes it back, another check of it.

use docuvault_domain::documents::{DocumentTopic, Source, TopicState};
use docuvault_domain::ids::TopicId;
use sea_orm::{DbBackend, DbErr};
use serde::Deserialize;

use crate::dialect::Json;
use crate::sql::Fields;

/// The column of a `SELECT` from `documents` that [`topics`] reads.
pub(super) fn column(engine: DbBackend) -> String {
    let Json { rows, array, id } = Json::of(engine);
    format!(
        "CAST((SELECT {rows}({array}({id}(t.id), t.name, t.hue, dt.state, dt.confidence, dt.source, dt.reason)) \
         FROM document_topics dt JOIN topics t ON t.id = dt.topic_id \
         WHERE dt.document_id = documents.id AND dt.state <> 'rejected') AS text)"
    )
}

#[derive(Deserialize)]
struct Filed(
    TopicId,
    String,
    u8,
    TopicState,
    Option<f32>,
    Source,
    Option<String>,
);

/// The next field, made by [`column()`]; surest first.
pub(super) fn topics(fields: &mut Fields<'_>) -> Result<Vec<DocumentTopic>, DbErr> {
    let filed: Vec<Filed> = fields.json()?;
    let mut topics: Vec<DocumentTopic> = filed
        .into_iter()
        .map(
            |Filed(id, name, hue, state, confidence, source, reason)| DocumentTopic {
                id,
                name,
                hue,
                state,
                confidence,
                source,
                reason,
            },
        )
        .collect();
    // A person's word has no confidence: nothing is surer.
    let sureness = |topic: &DocumentTopic| topic.confidence.unwrap_or(f32::INFINITY);
    topics.sort_by(|a, b| {
        sureness(b)
            .total_cmp(&sureness(a))
            .then_with(|| a.name.cmp(&b.name))
    });
    Ok(topics)
}
