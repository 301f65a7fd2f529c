use std::sync::Arc;
use std::time::Duration;

use docuvault_database::DatabaseQueue;
use docuvault_domain::ports::Clock as _;
use docuvault_domain::processing::JobTable;
use docuvault_local::{LocalEvents, SystemClock};
use docuvault_redis::{RedisEvents, RedisQueue};

use crate::config::Config;
use crate::lifecycle::Lifecycle;
use crate::services::Dispatch;

/// How often the jobs table is looked at when nobody says that there is work.
const POLL: Duration = Duration::from_secs(1);

/// Redis where it is configured, else the jobs table and this process.
pub(super) async fn open_dispatch(
    config: &Config,
    table: JobTable,
    lifecycle: &Lifecycle,
) -> anyhow::Result<Dispatch> {
    let Some(url) = &config.redis.url else {
        let mark = format!("{:x}", SystemClock.now().as_micros());
        return Ok(Dispatch {
            queue: Arc::new(DatabaseQueue::new(table, POLL)),
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
        queue: Arc::new(RedisQueue::new(redis, table)),
        events,
    })
}
