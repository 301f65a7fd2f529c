//! The providers behind HTTP, each against a server of its vendor's kind. Requests and answers are
//! held to the vendors' schemas on both sides.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod adapting;
mod answers;
mod injections;
mod limits;
mod outages;
mod refusals;
mod secrecy;
mod specs;
mod support;
