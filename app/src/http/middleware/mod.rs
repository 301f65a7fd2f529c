//! What surrounds every request.

mod authenticate;
mod frame;
mod own_origin;

pub(crate) use authenticate::authenticate;
pub(crate) use frame::{RequestId, frame};
pub(crate) use own_origin::{OwnHosts, own_origin};
