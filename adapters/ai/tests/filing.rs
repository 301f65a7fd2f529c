//! How well the built-in classifier files what it has not seen, after some examples and without.
//! `just eval-classifier` prints the figures.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on has failed, and counts less than a float can"
)]

#[path = "support/filing.rs"]
mod filing;

use filing::{Names, Set};

async fn is_filed(set: &Set, names: Names, expected: &[(usize, f64)]) {
    assert_eq!(set.documents.len(), 300);
    for &(shots, accuracy) in expected {
        let score = filing::measure(set, names, shots, |document| !document.train).await;
        assert!(score.accuracy >= accuracy, "{} {score}", set.name);
        assert!(score.sure >= 0.8, "{} {score}", set.name);
    }
}

#[tokio::test]
async fn documents_of_a_household_are_filed_right() {
    let set = filing::household();
    is_filed(&set, Names::Descriptive, &[(0, 0.85), (3, 0.85)]).await;
    is_filed(&set, Names::Meaningless, &[(3, 0.6), (10, 0.7)]).await;
}

#[tokio::test]
async fn documents_of_distinct_senders_are_mostly_filed_right() {
    let set = filing::distinct_senders();
    is_filed(&set, Names::Descriptive, &[(0, 0.6), (3, 0.65)]).await;
}
