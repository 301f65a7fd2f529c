//! What the stream still has.

use deadpool_redis::redis::Cmd;
use deadpool_redis::redis::streams::{StreamId, StreamRangeReply};
use docuvault_domain::PortError;
use docuvault_domain::ports::Event;

use super::{EVENT, Position, STREAM};
use crate::connection::Redis;

/// Whoever missed more than this fetches again sooner than it is told everything.
const REPLAY_AT_MOST: usize = 1_000;

/// Where the stream ends.
pub(super) async fn end(redis: &Redis) -> Result<Position, PortError> {
    let newest = redis.ask("asking for the last event", &newest()).await?;
    Ok(end_from(&newest))
}

/// The question that [`end`] asks, for connections at hand.
pub(super) fn newest() -> Cmd {
    Cmd::xrevrange_count(STREAM, "+", "-", 1)
}

/// What the answer to [`newest`] says.
pub(super) fn end_from(newest: &StreamRangeReply) -> Position {
    let newest = newest.ids.first().and_then(position);
    newest.unwrap_or(Position::START)
}

/// All entries after `last`. `None` when `last` is no longer in the stream, for then nobody knows
/// what was between it and the oldest entry, and when there are too many.
pub(super) async fn after(
    redis: &Redis,
    last: Position,
) -> Result<Option<Vec<StreamId>>, PortError> {
    let range = Cmd::xrange_count(STREAM, last.to_string(), "+", REPLAY_AT_MOST + 2);
    let entries: StreamRangeReply = redis.ask("asking for missed events", &range).await?;
    let mut entries = entries.ids;
    if entries.len() > REPLAY_AT_MOST + 1 || entries.first().and_then(position) != Some(last) {
        return Ok(None);
    }
    Ok(Some(entries.split_off(1)))
}

pub(super) fn position(entry: &StreamId) -> Option<Position> {
    entry.id.parse().ok()
}

/// What an entry tells; `None` for one of another version of the vault that this one cannot read.
pub(super) fn event(entry: &StreamId) -> Option<Event> {
    let text = entry.get::<String>(EVENT)?;
    match serde_json::from_str(&text) {
        Ok(event) => Some(event),
        Err(error) => {
            tracing::warn!(entry = entry.id, %error, "an event could not be read");
            None
        }
    }
}
