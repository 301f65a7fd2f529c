//! What one process can do by itself: the time, ids, and events for its own subscribers.

mod events;
mod system;

pub use events::LocalEvents;
pub use system::{SystemClock, SystemIds};
