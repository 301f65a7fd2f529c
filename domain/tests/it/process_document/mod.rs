//! Reading and filing: once in effect, however often it runs.

mod failures;
mod filed_later;
mod overtaken;
mod verdicts;

use docuvault_domain::documents::Document;
use docuvault_domain::jobs::Outcome;
use docuvault_domain::ports::{JobState, Lease};

use crate::support::World;

fn is_done(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Done), "{outcome:?}");
}

fn is_lost(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::LeaseLost), "{outcome:?}");
}

fn is_retry(outcome: &Outcome, why: &str) {
    assert!(
        matches!(outcome, Outcome::Retry { reason, .. } if reason.contains(why)),
        "{outcome:?}"
    );
}

/// The sentence it was given up with.
fn gave_up(outcome: Outcome) -> String {
    match outcome {
        Outcome::GaveUp(sentence) => sentence,
        other => panic!("{other:?}"),
    }
}

impl World {
    /// Hands in a document and takes its job.
    async fn leased(&self, content: &str) -> (Document, Lease) {
        let document = self.upload(content).await;
        (document, self.claim().await)
    }

    fn job_state(&self, lease: &Lease) -> JobState {
        self.store.job(lease.job.id).unwrap().0
    }
}
