use std::sync::Arc;
use std::time::Duration;

use docuvault_domain::ports::Clock as _;
use docuvault_local::{LocalEvents, LocalQueue, SystemClock};
use docuvault_redis::{RedisEvents, RedisQueue};

use crate::config::Config;
use crate::lifecycle::Lifecycle;
use crate::services::Dispatch;

/// How often a waiting worker looks into the jobs table of itself: its own process tells it of most jobs,
/// and Redis of all.
const LOCAL_POLL: Duration = Duration::from_secs(1);
const REDIS_POLL: Duration = Duration::from_secs(2);

/// Redis where it is configured, else the jobs table and this process.
pub(super) async fn open_dispatch(
    config: &Config,
    lifecycle: &Lifecycle,
) -> anyhow::Result<Dispatch> {
    let Some(url) = &config.redis.url else {
        let mark = format!("{:x}", SystemClock.now().as_micros());
        return Ok(Dispatch {
            queue: Arc::new(LocalQueue::new(LOCAL_POLL)),
            events: Arc::new(LocalEvents::new(mark)),
        });
    };
    let redis = docuvault_redis::connect(url.expose())?;
    let events = Arc::new(RedisEvents::connect(redis.clone()).await);
    let reading = events.clone();
    let stopping = lifecycle.stopping.clone();
    lifecycle
        .tasks
        .spawn(async move { reading.run(stopping).await });
    Ok(Dispatch {
        queue: Arc::new(RedisQueue::new(redis, REDIS_POLL)),
        events,
    })
}
