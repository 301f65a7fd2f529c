use std::future::Future;
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

/// A service as the person who runs the tests knows it.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    /// The environment variables that name a running one.
    pub(crate) variables: &'static str,
    /// The binaries that would do, and where to get them.
    pub(crate) binaries: &'static str,
}

impl Service {
    /// The second and third way; the first needs no starting.
    pub(crate) async fn start<T, F>(
        &self,
        container: impl Future<Output = Result<T>> + Send,
        local: impl Fn() -> F + Send,
    ) -> T
    where
        F: Future<Output = Result<T>> + Send,
    {
        let no_container = match container.await {
            Ok(started) => return started,
            Err(error) => error,
        };
        // Somebody may have taken a port that was free a moment ago.
        if let Ok(started) = local().await {
            return started;
        }
        match local().await {
            Ok(started) => started,
            Err(no_local) => panic!(
                "{name} is needed by this test and could not be had in any of three ways:\n\
                 1. set {variables}: not set\n\
                 2. run a Docker engine: {no_container:#}\n\
                 3. install {binaries}: {no_local:#}",
                name = self.name,
                variables = self.variables,
                binaries = self.binaries,
            ),
        }
    }
}

/// A `DOCUVAULT_TEST_*` variable, `None` when it is not set or empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the test services are not part of the configuration"
)]
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Unique also on a server that other runs of the tests use.
pub(crate) fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    format!(
        "docuvault_test_{}_{}_{}",
        since_1970.as_millis(),
        process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    const SERVICE: Service = Service {
        name: "Something",
        variables: "DOCUVAULT_TEST_SOMETHING",
        binaries: "somethingd",
    };

    #[tokio::test]
    async fn a_local_binary_does_where_no_container_can() {
        let container = async { bail!("no engine") };
        assert_eq!(SERVICE.start(container, || async { Ok(7) }).await, 7);
    }

    #[tokio::test]
    async fn a_lost_port_is_no_reason_to_fail() {
        let attempts = AtomicU32::new(0);
        let local = || async {
            match attempts.fetch_add(1, Ordering::Relaxed) {
                0 => bail!("address in use"),
                attempt => Ok(attempt),
            }
        };
        let container = async { bail!("no engine") };
        assert_eq!(SERVICE.start(container, local).await, 1);
    }

    #[tokio::test]
    #[should_panic(expected = "1. set DOCUVAULT_TEST_SOMETHING: not set\n\
                               2. run a Docker engine: no engine\n\
                               3. install somethingd: not found")]
    async fn one_message_names_the_three_ways() {
        let container = async { bail!("no engine") };
        let local = || async { bail!("not found") };
        SERVICE.start::<(), _>(container, local).await;
    }
}
