//! Dispatch and events over Redis Streams. Redis holds no truth here: it may be flushed, restarted
//! or gone, and all that is lost is time. Nothing connects before it is needed, so a vault starts
//! and works without it.

mod connection;
mod events;
mod outage;
mod queue;
mod shared_connection;

pub use connection::{Redis, connect};
pub use events::RedisEvents;
pub use queue::RedisQueue;
