use std::fmt;
use std::str::FromStr;

use serde::Serialize;
use uuid::Uuid;

use crate::fault::PortError;
use crate::ids::AuditId;
use crate::ports::{Mac, MacKey};
use crate::timestamp::Timestamp;

/// A line with all that is stored of it, names as text: what a link covers. The order of the fields is
/// part of what is sealed and can never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "these are the columns of the table")]
pub struct StoredLine {
    pub id: Uuid,
    /// Microseconds since 1970.
    pub at: i64,
    pub actor_id: Option<Uuid>,
    pub actor_kind: String,
    pub owner_id: Option<Uuid>,
    pub action: String,
    pub resource_kind: String,
    pub resource_id: Uuid,
    pub outcome: String,
    pub address: Option<String>,
    pub request_id: Option<Uuid>,
}

/// What ties a line to all lines that were sealed before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where; its MAC is that of the line, this link and the MAC before.
    pub place: ChainPosition,
    /// The line's id.
    pub line: AuditId,
    /// When it was sealed.
    pub sealed_at: Timestamp,
}

/// The newest link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainEnd {
    /// Where, and its MAC.
    pub place: ChainPosition,
    /// When its line was written; `None` when that line is gone.
    pub line_at: Option<Timestamp>,
}

/// A place in the chain, to be kept elsewhere: whoever knows it can tell later whether all up to there is
/// as it was. Written as `POSITION:MAC`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainPosition {
    /// The link's position: 1 for the first, then one more each time.
    pub position: u64,
    /// Its MAC.
    pub mac: Mac,
}

impl ChainPosition {
    /// Before the first link.
    pub(super) const START: Self = Self {
        position: 0,
        mac: Mac(String::new()),
    };

    /// The place of the link that seals `line` after this one.
    pub(super) fn next(
        &self,
        line: &StoredLine,
        sealed_at: Timestamp,
        key: &dyn MacKey,
    ) -> Result<Self, PortError> {
        let position = self.position + 1;
        let mac = key.mac(&self.covered(position, line, sealed_at)?);
        Ok(Self { position, mac })
    }

    /// Whether `link` is the one that seals `stored` after this one.
    pub(super) fn is_before(
        &self,
        link: &Link,
        stored: &StoredLine,
        key: &dyn MacKey,
    ) -> Result<bool, PortError> {
        let message = self.covered(link.place.position, stored, link.sealed_at)?;
        Ok(link.line.0 == stored.id && key.verify(&message, &link.place.mac))
    }

    /// A JSON array: texts are quoted and lists have an end, so that no two links cover the same bytes.
    fn covered(
        &self,
        position: u64,
        line: &StoredLine,
        sealed_at: Timestamp,
    ) -> Result<Vec<u8>, PortError> {
        let all = (
            "docuvault audit link 1",
            position,
            &self.mac.0,
            sealed_at.as_micros(),
            line,
        );
        serde_json::to_vec(&all)
            .map_err(|error| PortError::permanent("writing an audit line down", error))
    }
}

impl fmt::Display for ChainPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.mac.0)
    }
}

impl FromStr for ChainPosition {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let place = text.trim().split_once(':').and_then(|(position, mac)| {
            let (position, mac) = (position.parse().ok()?, Mac(mac.to_owned()));
            (position > 0 && !mac.0.is_empty()).then_some(Self { position, mac })
        });
        place.ok_or("must be a place as `docuvault audit verify` prints it: POSITION:MAC")
    }
}
