//! What one process can do by itself: the time, ids, events for its own subscribers, and waking its own
//! workers.

mod events;
mod queue;
mod system;

pub use events::LocalEvents;
pub use queue::LocalQueue;
pub use system::{SystemClock, SystemIds};
