//! `just eval-classifier`: how well the built-in classifier files after 0, 1, 3 and 10 examples.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "an evaluation prints, may fail, and counts less than a float can"
)]

#[path = "../tests/support/filing.rs"]
mod filing;

use filing::Names;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    println!(
        "| set | examples a topic | right | coverage at 90 % | right of those with 0.8 or more | time a document |"
    );
    println!("|---|---|---|---|---|---|");
    for set in [filing::household(), filing::distinct_senders()] {
        for (names, called) in [
            (Names::Descriptive, ""),
            (Names::Meaningless, ", names that say nothing"),
        ] {
            for shots in [0, 1, 3, 10] {
                let score = filing::measure(&set, names, shots, |document| !document.train);
                println!("| {}{called} {}", set.name, runtime.block_on(score));
            }
        }
    }
}
