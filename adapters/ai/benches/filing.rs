//! `just eval-classifier`: how well the built-in classifier files after 0, 1, 3 and 10 examples.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "an evaluation prints, may fail, and counts less than a float can"
)]

#[path = "../tests/support/filing.rs"]
mod filing;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let documents = filing::load();
    println!(
        "| examples a topic | right | coverage at 90 % | right of those with 0.8 or more | time a document |"
    );
    println!("|---|---|---|---|---|");
    for shots in [0, 1, 3, 10] {
        let score = filing::measure(&documents, shots, |document| !document.train);
        println!("{}", runtime.block_on(score));
    }
}
