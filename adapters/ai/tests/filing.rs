//! How well the built-in classifier files what it has not seen, after some examples and without.
//! `just eval-classifier` prints the figures.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a test that cannot go on has failed, and counts less than a float can"
)]

#[path = "support/filing.rs"]
mod filing;

#[tokio::test]
async fn unseen_documents_are_filed_right_and_sure_guesses_hold() {
    let documents = filing::load();
    assert_eq!(documents.len(), 300);
    for (shots, accuracy) in [(0, 0.45), (3, 0.50), (10, 0.60)] {
        let score = filing::measure(&documents, shots, |document| !document.train).await;
        assert!(score.accuracy >= accuracy, "{score}");
        assert!(score.coverage >= 0.2, "{score}");
        assert!(score.sure >= 0.75, "{score}");
    }
}
