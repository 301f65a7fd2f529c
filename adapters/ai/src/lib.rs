//! Classifiers: one module per provider, each an implementation of
//! [`Classifier`](docuvault_domain::ports::Classifier).

pub mod builtin;
pub mod provider;
