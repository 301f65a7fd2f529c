use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;

/// No case may take longer: one that hangs is named like one that fails.
const CASE_LIMIT: Duration = Duration::from_mins(2);

/// What became of a suite's cases.
pub(super) struct Report {
    suite: &'static str,
    failures: Vec<String>,
}

impl Report {
    pub(super) fn new(suite: &'static str) -> Self {
        Self {
            suite,
            failures: Vec::new(),
        }
    }

    /// Runs one case, on the heap because some are large.
    pub(super) async fn case(&mut self, name: &str, case: impl Future<Output = ()>) {
        let case = Box::pin(AssertUnwindSafe(case).catch_unwind());
        match tokio::time::timeout(CASE_LIMIT, case).await {
            Ok(Ok(())) => {}
            Ok(Err(panic)) => self
                .failures
                .push(format!("{name}: {}", message(panic.as_ref()))),
            Err(_) => self
                .failures
                .push(format!("{name}: not done after {CASE_LIMIT:?}")),
        }
    }

    /// Fails when any case did.
    pub(super) fn finish(self) {
        assert!(
            self.failures.is_empty(),
            "{} conformance: {} failed\n{}",
            self.suite,
            self.failures.len(),
            self.failures.join("\n")
        );
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("panicked")
}

/// Runs the named cases one after the other, each on a subject of its own as `$subject` gives it.
macro_rules! run_cases {
    ($suite:literal, $subject:expr, [$($case:path),+ $(,)?]) => {{
        let mut report = $crate::conformance::report::Report::new($suite);
        $(report.case(stringify!($case), async { $case($subject).await }).await;)+
        report.finish();
    }};
}

pub(super) use run_cases;
