use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, delete, put};
use docuvault_domain::documents::ChangeError;
use docuvault_domain::ids::{DocumentId, TopicId};
use uuid::Uuid;

use super::list::with_version;
use super::views::DocumentView;
use crate::http::caller::Authenticated;
use crate::http::problem::{Problem, ProblemBody};
use crate::services::Services;

/// File under a topic
///
/// Adds the topic, or confirms that a suggested one is right.
#[utoipa::path(
    tag = "documents", operation_id = "documents_topics_confirm",
    params(("id" = Uuid, Path), ("topic_id" = Uuid, Path)),
    responses((status = 200, body = DocumentView), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[put("/documents/{id}/topics/{topic_id}")]
pub(crate) async fn confirm(
    Authenticated(caller, user): Authenticated,
    services: Data<Services>,
    ids: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (id, topic) = (DocumentId(ids.0), TopicId(ids.1));
    let document = services
        .documents
        .change
        .confirm_topic(&caller, id, topic)
        .await;
    Ok(with_version(
        HttpResponse::Ok(),
        document.map_err(in_path)?,
        &user,
    ))
}

/// Take a topic away
///
/// Removes the topic, or rejects a suggested one; it is not suggested again for this document.
#[utoipa::path(
    tag = "documents", operation_id = "documents_topics_reject",
    params(("id" = Uuid, Path), ("topic_id" = Uuid, Path)),
    responses((status = 200, body = DocumentView), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[delete("/documents/{id}/topics/{topic_id}")]
pub(crate) async fn reject(
    Authenticated(caller, user): Authenticated,
    services: Data<Services>,
    ids: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (id, topic) = (DocumentId(ids.0), TopicId(ids.1));
    let document = services
        .documents
        .change
        .reject_topic(&caller, id, topic)
        .await;
    Ok(with_version(
        HttpResponse::Ok(),
        document.map_err(in_path)?,
        &user,
    ))
}

/// A topic that is part of the address is a resource like any other: absent or foreign is 404.
fn in_path(error: ChangeError) -> Problem {
    match error {
        ChangeError::UnknownTopic(_) => Problem::not_found(),
        other => other.into(),
    }
}
