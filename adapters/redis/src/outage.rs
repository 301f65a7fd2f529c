use std::sync::atomic::{AtomicBool, Ordering};

use deadpool_redis::redis::RedisResult;

/// Says once that Redis went away and once that it is back, however many callers notice.
#[derive(Default)]
pub(crate) struct Outage(AtomicBool);

impl Outage {
    pub(crate) fn watch<T>(&self, result: RedisResult<T>) -> RedisResult<T> {
        let over = result.is_ok();
        // Read first: in good times nobody writes here.
        if self.0.load(Ordering::Relaxed) == over && self.0.swap(!over, Ordering::Relaxed) == over {
            match &result {
                Ok(_) => tracing::info!("Redis answers again"),
                Err(error) => tracing::warn!(%error, "Redis fails: jobs and events get slower"),
            }
        }
        result
    }
}
