//! `GET /api/events`: what happens, as it happens.

use std::time::Duration;

use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, get};
use docuvault_domain::Caller;
use docuvault_domain::accounts::User;
use docuvault_domain::ports::{Delivery, EventBody, EventId};
use futures::{Stream, StreamExt as _};
use serde::Serialize;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;
use uuid::Uuid;

use super::caller::Authenticated;
use super::documents::DocumentView;
use super::problem::{Problem, ProblemBody};
use crate::services::Services;

const HEARTBEAT: Duration = Duration::from_secs(15);

/// Ends all streams when the process stops.
pub(crate) struct Stopping(pub(crate) CancellationToken);

/// `data` of `document.deleted`.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeletedDocument {
    id: Uuid,
}

/// `data` of `job.failed`.
#[derive(Serialize, ToSchema)]
pub(crate) struct FailedJob {
    document_id: Uuid,
    /// What people are told.
    detail: String,
}

/// Events
///
/// Server-sent events: `document.created`, `document.updated` (data: the document),
/// `document.deleted` (data: its id), `job.failed`, and `resync` when events may be missing and the
/// client should fetch again. `Last-Event-ID` resumes. A comment comes every 15 seconds. The stream ends
/// soon after the session or the token that opened it.
#[utoipa::path(
    tag = "events", operation_id = "events",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last event seen")),
    responses((status = 200, description = "A stream that does not end", content_type = "text/event-stream", body = String), (status = "default", body = ProblemBody, content_type = "application/problem+json"))
)]
#[get("/events")]
pub(crate) async fn events(
    Authenticated(caller, user): Authenticated,
    services: Data<Services>,
    stopping: Data<Stopping>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let last = request
        .headers()
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let last = last.map(|id| EventId(id.to_owned()));
    let deliveries = services
        .dispatch
        .events
        .subscribe(caller.owner(), last)
        .await?;
    let frames = deliveries.map(move |delivery| frame(&delivery, &user));
    let frames = with_heartbeat(frames, services.clone(), caller);
    let frames = frames.take_until(stopping.0.clone().cancelled_owned());
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(frames.map(Ok::<_, std::convert::Infallible>)))
}

/// The frames, a first comment so that clients see the stream is open, and comments every so often, so that
/// neither end takes the other for dead. With each of them it is asked whether the person is signed in still.
fn with_heartbeat(
    frames: impl Stream<Item = Bytes>,
    services: Data<Services>,
    caller: Caller,
) -> impl Stream<Item = Bytes> {
    let hello = futures::stream::once(async { Bytes::from_static(b": connected\n\n") });
    let first = (Box::pin(frames), Instant::now() + HEARTBEAT);
    let beats = futures::stream::unfold(first, move |(mut frames, beat)| {
        let services = services.clone();
        async move {
            match tokio::time::timeout_at(beat, frames.next()).await {
                Ok(frame) => Some((frame?, (frames, beat))),
                Err(_) if session_has_ended(&services, &caller).await => None,
                Err(_) => {
                    let alive = Bytes::from_static(b": alive\n\n");
                    Some((alive, (frames, Instant::now() + HEARTBEAT)))
                }
            }
        }
    });
    hello.chain(beats)
}

/// While the database does not answer nobody knows, and nothing can be told either.
async fn session_has_ended(services: &Services, caller: &Caller) -> bool {
    let holds = services.accounts.authenticate.holds(caller).await;
    holds.is_ok_and(|holds| !holds)
}

fn frame(delivery: &Delivery, owner: &User) -> Bytes {
    let Delivery::Event(id, event) = delivery else {
        return Bytes::from_static(b"event: resync\ndata: {}\n\n");
    };
    let (name, data) = match &event.body {
        EventBody::DocumentCreated { document } => (
            "document.created",
            json(&DocumentView::of((**document).clone(), owner)),
        ),
        EventBody::DocumentUpdated { document } => (
            "document.updated",
            json(&DocumentView::of((**document).clone(), owner)),
        ),
        EventBody::DocumentDeleted { id } => {
            ("document.deleted", json(&DeletedDocument { id: id.0 }))
        }
        EventBody::JobFailed { document, sentence } => {
            let failed = FailedJob {
                document_id: document.0,
                detail: sentence.clone(),
            };
            ("job.failed", json(&failed))
        }
    };
    Bytes::from(format!("id: {id}\nevent: {name}\ndata: {data}\n\n"))
}

fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data).unwrap_or_default()
}
