//! `/api/topics`.

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpResponse, delete, get, patch, post};
use docuvault_domain::ids::TopicId;
use docuvault_domain::ports::TopicWithCount;
use docuvault_domain::topics::{Hue, TopicDraft, TopicEdits, TopicError, TopicName};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::caller::Authenticated;
use super::fields::parsed;
use super::problem::{ErrorCode, Problem, ProblemBody};
use crate::services::Services;

/// The routes of this feature.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list)
        .service(create)
        .service(edit)
        .service(remove)
        .service(merge);
}

/// What documents are filed under.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Topic)]
pub(crate) struct TopicView {
    id: Uuid,
    name: String,
    description: String,
    /// Its colour, one of eight.
    #[schema(minimum = 1, maximum = 8)]
    hue: u8,
    /// Documents filed under it, outside the trash.
    document_count: u64,
}

impl From<TopicWithCount> for TopicView {
    fn from(found: TopicWithCount) -> Self {
        Self {
            id: found.topic.id.0,
            name: found.topic.name.as_str().to_owned(),
            description: found.topic.description,
            hue: found.topic.hue.get(),
            document_count: found.documents,
        }
    }
}

/// All topics.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TopicList {
    items: Vec<TopicView>,
    /// Always null: topics come all at once.
    next_cursor: Option<String>,
}

/// A topic to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTopic {
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    #[schema(max_length = 500)]
    description: Option<String>,
    #[schema(minimum = 1, maximum = 8)]
    hue: Option<u8>,
}

/// What to change; what is not mentioned stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicPatch {
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    #[schema(max_length = 500)]
    description: Option<String>,
    #[schema(minimum = 1, maximum = 8)]
    hue: Option<u8>,
}

/// Where to file everything.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeRequest {
    /// The topic that stays.
    into: Uuid,
}

fn parse_name(name: &str) -> Result<TopicName, Problem> {
    parsed("name", name, TopicName::parse)
}

fn parse_description(text: String) -> Result<String, Problem> {
    let readable = |c: char| !c.is_control() || c == '\n';
    if text.chars().count() <= 500 && text.chars().all(readable) {
        Ok(text)
    } else {
        Err(Problem::field(
            "description",
            "A description has at most 500 characters.",
        ))
    }
}

fn parse_hue(hue: u8) -> Result<Hue, Problem> {
    Hue::parse(hue).ok_or_else(|| Problem::field("hue", "A hue is a number from 1 to 8."))
}

/// Topics
///
/// All of them by name.
#[utoipa::path(
    tag = "topics", operation_id = "topics_list",
    responses((status = 200, body = TopicList), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[get("/topics")]
async fn list(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
) -> Result<Json<TopicList>, Problem> {
    let topics = services
        .core
        .store
        .topics()
        .list_with_counts(&caller)
        .await?;
    let items = topics.into_iter().map(TopicView::from).collect();
    Ok(Json(TopicList {
        items,
        next_cursor: None,
    }))
}

/// Make a topic
#[utoipa::path(
    tag = "topics", operation_id = "topics_create", request_body = NewTopic,
    responses((status = 201, body = TopicView), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[post("/topics")]
async fn create(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    body: Json<NewTopic>,
) -> Result<HttpResponse, Problem> {
    let new = body.into_inner();
    let draft = TopicDraft {
        name: parse_name(&new.name)?,
        description: parse_description(new.description.unwrap_or_default())?,
        hue: new.hue.map(parse_hue).transpose()?,
    };
    let topic = services.topics.create(&caller, draft).await?;
    Ok(HttpResponse::Created().json(TopicView::from(topic)))
}

/// Change a topic
#[utoipa::path(
    tag = "topics", operation_id = "topics_update", params(("id" = Uuid, Path)),
    request_body = TopicPatch,
    responses((status = 200, body = TopicView), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[patch("/topics/{id}")]
async fn edit(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
    body: Json<TopicPatch>,
) -> Result<Json<TopicView>, Problem> {
    let patch = body.into_inner();
    let edits = TopicEdits {
        name: patch.name.as_deref().map(parse_name).transpose()?,
        description: patch.description.map(parse_description).transpose()?,
        hue: patch.hue.map(parse_hue).transpose()?,
    };
    Ok(Json(
        services
            .topics
            .edit(&caller, TopicId(*id), edits)
            .await?
            .into(),
    ))
}

/// Delete a topic
///
/// Its documents stay.
#[utoipa::path(
    tag = "topics", operation_id = "topics_delete", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[delete("/topics/{id}")]
async fn remove(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    services.topics.delete(&caller, TopicId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Merge a topic into another
///
/// Everything filed under it is filed under the other one, then it is deleted.
#[utoipa::path(
    tag = "topics", operation_id = "topics_merge", params(("id" = Uuid, Path)),
    request_body = MergeRequest,
    responses((status = 200, body = TopicView), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[post("/topics/{id}/merge")]
async fn merge(
    Authenticated(caller, _): Authenticated,
    services: Data<Services>,
    id: Path<Uuid>,
    body: Json<MergeRequest>,
) -> Result<Json<TopicView>, Problem> {
    let merged = services
        .topics
        .merge(&caller, TopicId(*id), TopicId(body.into))
        .await?;
    Ok(Json(merged.into()))
}

impl From<TopicError> for Problem {
    fn from(error: TopicError) -> Self {
        match error {
            TopicError::NotFound => Self::not_found(),
            TopicError::NameTaken => Self::new(
                ErrorCode::NameTaken,
                "You have a topic of that name already.",
            ),
            TopicError::SameTopic => Self::field("into", "A topic cannot be merged into itself."),
            TopicError::Port(error) => error.into(),
        }
    }
}
