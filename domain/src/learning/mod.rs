//! What a vault learns from how people file: one vector a topic, a sum over the documents that a
//! person filed there (Rocchio's classifier over hashed words: Manning, Raghavan and Schütze,
//! "Introduction to Information Retrieval", 14.2; Weinberger et al., "Feature Hashing for Large Scale
//! Multitask Learning", 2009). What is counted are the n-grams of its words and the
//! concepts that it speaks of. A decision changes one vector, in the transaction that writes it.

mod concepts;
mod feature_index;
mod features;
mod learned;
mod train;
mod vector;

pub use concepts::Concepts;
pub use features::{Features, rationale_words};
pub use learned::{Learned, Similarity};
pub use train::{train, untrain};
pub use vector::TopicVector;
