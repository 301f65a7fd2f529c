//! In-memory ports, builders and one conformance suite per port, for tests only: no crate may have
//! this one as a normal dependency.
//!
//! Every implementation of a port is held to the port's suite in [`conformance`], the ones in
//! [`memory`] included.

pub mod builders;
pub mod conformance;
pub mod memory;
