//! What surrounds every request.

mod authenticate;
mod every_request;
mod own_origin;

pub(crate) use authenticate::authenticate;
pub(crate) use every_request::{RequestId, every_request};
pub(crate) use own_origin::{OwnHosts, own_origin};
