//! Words as they are compared and looked up.

mod fold;
mod lexicon;

pub use fold::{fold, is_invisible};
pub use lexicon::{Hit, Lexicon, pattern};
