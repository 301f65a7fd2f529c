//! Lines of the audit trail, as administrators and owners of documents see them.

use docuvault_domain::Timestamp;
use docuvault_domain::audit::{AuditCursor, AuditEntry, AuditOutcome};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::page;
use super::problem::Problem;

/// How an act went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuditOutcome)]
pub(crate) enum OutcomeView {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

impl From<AuditOutcome> for OutcomeView {
    fn from(outcome: AuditOutcome) -> Self {
        match outcome {
            AuditOutcome::Done => Self::Done,
            AuditOutcome::Refused => Self::Refused,
        }
    }
}

/// Who did it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditActor)]
pub(crate) struct ActorView {
    pub(crate) id: Uuid,
    /// Null once the account is gone.
    pub(crate) handle: Option<String>,
}

impl ActorView {
    /// None where no account did it.
    pub(crate) fn of(entry: &AuditEntry) -> Option<Self> {
        entry.actor.map(|id| Self {
            id: id.0,
            handle: entry.actor_handle.clone(),
        })
    }
}

/// Where a page ends, as clients see it.
pub(crate) fn cursor((at, id): AuditCursor) -> String {
    page::encode_cursor(&(at.as_micros(), id))
}

/// The place of a cursor.
pub(crate) fn parse_cursor(cursor: &str) -> Result<AuditCursor, Problem> {
    let place = page::decode_cursor(cursor).map(|(at, id)| (Timestamp::from_micros(at), id));
    place.ok_or_else(|| Problem::field("cursor", "This is no cursor of this list."))
}
