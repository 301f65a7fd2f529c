//! Time and randomness are ports, so that tests have literal dates and ids.

use uuid::Uuid;

use crate::timestamp::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}

/// Makes ids.
pub trait Ids: Send + Sync {
    /// A UUIDv7 (RFC 9562): for rows, sorts by time.
    fn v7(&self) -> Uuid;
    /// A UUIDv4: unguessable, for object keys.
    fn v4(&self) -> Uuid;
}
